namespace Gongji.LocalRuntime.Engine;

/// <summary>What only some activations need.</summary>
internal sealed class ActivationExtras
{
    private AsyncServiceScope? _scope;
    private TaskCompletionSource? _deactivated;

    internal List<GrainTimer>? Timers { get; set; }

    internal Dictionary<Guid, int>? ReentrantSections { get; set; }

    /// <summary>The grain's persistent states, read before it is activated.</summary>
    internal List<IStorage>? States { get; set; }

    /// <summary>The stream observers of this activation, by subscription.</summary>
    internal Dictionary<Guid, object>? Observers { get; set; }

    internal DeactivationReason? Reason { get; set; }

    internal bool IsFinishing { get; set; }

    internal int KeepUntilTick { get; set; }

    internal IServiceProvider Services(Activation activation) => (_scope ??= activation.Silo.Services.CreateAsyncScope()).ServiceProvider;

    internal Task DeactivatedTask(Activation activation)
    {
        var fresh = new TaskCompletionSource();
        var completion = Interlocked.CompareExchange(ref _deactivated, fresh, null) ?? fresh;

        // The activation may have ended before it could know that someone waits.
        if (activation.IsDeactivated) completion.TrySetResult();
        return completion.Task;
    }

    internal async Task EndAsync(Activation activation)
    {
        if (_scope is { } scope && await Attempt.RunAsync(() => scope.DisposeAsync().AsTask()) is { } error)
            Log.DeactivationFailed(activation.Silo.Logger, activation.Class.GrainType, error);

        _deactivated?.TrySetResult();
    }
}
