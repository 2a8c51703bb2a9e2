namespace Gongji.LocalRuntime.Engine;

/// <summary>The result of a method without a result.</summary>
internal readonly struct Nothing;

/// <summary>A call of a method with a result. Each grain method has its own emitted subclass, which holds the arguments.</summary>
internal abstract class Request<T> : Request
{
    private ValueTaskAwaiter<T> _grain;
    private Activation? _activation;
    private T _result = default!;

    // Cheaper than a TaskCompletionSource. Its continuations are synchronous: asynchronous ones that have no context would go to the thread pool,
    // whatever the executor is. It is completed where that does no harm: in a turn of the caller, or in a work item of its own.
    private AsyncTaskMethodBuilder<T> _completion;

    /// <summary>The task that the caller waits for. It must be read before the request is sent, since from then on the request may be completed.</summary>
    internal Task<T> Completion => _completion.Task;

    /// <summary>Calls the grain's method with the arguments held.</summary>
    public abstract ValueTask<T> Call(object grain);

    internal override void Invoke(Activation activation)
    {
        try
        {
#pragma warning disable CA2012 // Its result is read once, after it has completed.
            _grain = StartCall(activation).GetAwaiter();
#pragma warning restore CA2012
            if (!_grain.IsCompleted)
            {
                // This captures the activation as the scheduler, so that the end of the call is a turn of the activation too.
                _activation = activation;
                _grain.UnsafeOnCompleted(OnGrainFinished);
                return;
            }

            _result = _grain.GetResult();
        }
        catch (Exception error)
        {
            Answer(activation, error);
            return;
        }

        Answer(activation, null);
    }

    private protected override void TakeResult(Request from) => _result = ((Request<T>)from)._result;

    private protected override void ForgetCaller() => _completion = default;

    private protected override void Complete()
    {
        if (Error is null) _completion.SetResult(_result);
        else _completion.SetException(Error);
    }

    private ValueTask<T> StartCall(Activation activation) =>
        activation.HasFilters ? new ValueTask<T>(CallFilteredAsync(activation)) : Call(activation.GrainInstance!);

    private void OnGrainFinished()
    {
        Debug.Assert(ReferenceEquals(Activation.Current, _activation), "A request ended outside of its activation's turn.");
        Exception? failure = null;
        try
        {
            _result = _grain.GetResult();
        }
        catch (Exception error)
        {
            failure = error;
        }

        Answer(_activation!, failure);
    }

    private async Task<T> CallFilteredAsync(Activation activation)
    {
        var context = new IncomingCall(this, activation, async () => await Call(activation.GrainInstance!));
        await context.Invoke();
        return context.Result is null ? default! : (T)context.Result;
    }
}

/// <summary>A call of a method without a result.</summary>
internal abstract class VoidRequest : Request<Nothing>
{
    /// <summary>Calls the grain's method with the arguments held.</summary>
    public abstract ValueTask CallVoid(object grain);

    public sealed override ValueTask<Nothing> Call(object grain)
    {
        var call = CallVoid(grain);
        return call.IsCompletedSuccessfully ? default : WaitAsync(call);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<Nothing> WaitAsync(ValueTask call)
    {
        await call;
        return default;
    }
}
