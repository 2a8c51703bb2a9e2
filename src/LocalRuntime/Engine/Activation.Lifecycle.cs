namespace Gongji.LocalRuntime.Engine;

/// <summary>Where an activation is in its life.</summary>
internal enum ActivationState : byte
{
    Created,
    Activating,
    Valid,
    Deactivating,
    Deactivated,
}

/// <summary>An activation's beginning and end.</summary>
internal sealed partial class Activation
{
    /// <summary>Starts deactivation. May be called from any thread.</summary>
    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default)
    {
        if (ReferenceEquals(_current, this)) BeginDeactivation(deactivationReason);
        else Enqueue(new ActionItem<DeactivationReason>(static (activation, reason) => activation.BeginDeactivation(reason), deactivationReason));
    }

    /// <summary>Asks an activation that looks idle to end if it really is idle.</summary>
    internal void Collect() => Enqueue(new ActionItem<int>(static (activation, _) =>
    {
        if (activation._running == 0 && activation._waiting is not { Count: > 0 } && activation.IdleTicksLeft <= 0)
            activation.BeginDeactivation(new DeactivationReason(DeactivationReasonCode.ActivationIdle, "Nobody called it for the collection age."));
        else
            activation.Silo.Collector.Add(activation);
    }, 0));

    /// <summary>Ticks of the collector until the activation has been idle for long enough. Other threads read this as a hint.</summary>
    internal int IdleTicksLeft =>
        Math.Max(Volatile.Read(ref _lastUseTick), _extras?.KeepUntilTick ?? 0) + Silo.Collector.AgeInTicks(Class) - Silo.Collector.Tick;

    internal void DelayDeactivation(TimeSpan time)
    {
        if (time < TimeSpan.Zero)
        {
            Extras.KeepUntilTick = 0;
            return;
        }

        // Idle collection adds the age to this tick, so the age is subtracted here: the delay replaces the age and does not come on top of it.
        var ticks = time == TimeSpan.MaxValue ? int.MaxValue / 2 : Silo.Collector.ToTicks(time);
        Extras.KeepUntilTick = Silo.Collector.Tick + ticks - Math.Min(Silo.Collector.AgeInTicks(Class), int.MaxValue / 4);
    }

    private async Task ActivateAsync(Dictionary<string, object>? context)
    {
        RequestContext.Values = context;
        try
        {
            GrainInstance = Class.Create(this);
            foreach (var state in _extras?.States ?? []) await state.ReadStateAsync(Silo.Stopped);
            if (GrainInstance is IGrainBase grain) await grain.OnActivateAsync(Silo.Stopped);
        }
        catch (Exception error)
        {
            Log.ActivationFailed(Silo.Logger, Class.GrainType, error);
            await EndAsync(error);
            return;
        }

        _state = ActivationState.Valid;
        if (_extras?.Reason is { } askedForMeanwhile) BeginDeactivation(askedForMeanwhile);
        Pump();
    }

    private void BeginDeactivation(DeactivationReason reason)
    {
        if (_state == ActivationState.Created) _ = EndAsync(null);
        if (_state == ActivationState.Activating) Extras.Reason ??= reason;
        if (_state != ActivationState.Valid) return;

        // Running requests finish, and no others start. Pump, which is called at the end of every request, does the rest.
        Extras.Reason = reason;
        _state = ActivationState.Deactivating;
        Pump();
    }

    private async Task FinishDeactivationAsync()
    {
        StopTimers();
        if (GrainInstance is IGrainBase grain && await Attempt.RunAsync(() => grain.OnDeactivateAsync(Extras.Reason!.Value, Silo.Stopped)) is { } error)
            Log.DeactivationFailed(Silo.Logger, Class.GrainType, error);

        await EndAsync(null);
    }

    private async Task EndAsync(Exception? error)
    {
        StopTimers();
        Silo.Cluster.Forget(this);
        _state = ActivationState.Deactivated;
        var late = _waiting ?? [];
        _waiting = null;
        foreach (var request in late)
        {
            if (error is null || request.IsLocalOnly) SendOn(request);
            else request.Reject(this, error);
        }

        if (_extras is { } extras) await extras.EndAsync(this);
    }

    private void StopTimers()
    {
        foreach (var timer in _extras?.Timers?.ToArray() ?? []) timer.Dispose();
    }
}
