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
    /// <summary>Starts deactivation; from any thread.</summary>
    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default)
    {
        if (ReferenceEquals(t_current, this)) BeginDeactivation(deactivationReason);
        else
        {
            Enqueue(new ActionItem<DeactivationReason>(static (activation, reason) =>
            {
                activation.BeginDeactivation(reason);
                activation.Pump();
            }, deactivationReason));
        }
    }

    /// <summary>Asks an activation that looks idle to end, if it is.</summary>
    internal void Collect() => Enqueue(new ActionItem<int>(static (activation, _) =>
    {
        if (activation._running == 0 && activation._waitingFirst is null && activation.IdleTicksLeft <= 0)
        {
            activation.BeginDeactivation(new DeactivationReason(DeactivationReasonCode.ActivationIdle, "Nobody called it for the collection age."));
            activation.Pump();
        }
        else activation.Silo.Collector.Add(activation);
    }, 0));

    /// <summary>Ticks of the collector until the activation has been idle for long enough; read from other threads as a hint.</summary>
    internal int IdleTicksLeft
    {
        get
        {
            var idleSince = Math.Max(Volatile.Read(ref _lastUseTick), _extras?.KeepUntilTick ?? 0);
            return idleSince + Silo.Collector.AgeInTicks(Class) - Silo.Collector.Tick;
        }
    }

    internal void DelayDeactivation(TimeSpan time)
    {
        if (time < TimeSpan.Zero)
        {
            Extras.KeepUntilTick = 0;
            return;
        }

        // Idle collection counts from this tick on, so the delay comes instead of the age, not on top of it.
        var ticks = time == TimeSpan.MaxValue ? int.MaxValue / 2 : Silo.Collector.ToTicks(time);
        Extras.KeepUntilTick = Silo.Collector.Tick + ticks - Math.Min(Silo.Collector.AgeInTicks(Class), int.MaxValue / 4);
    }

    internal void AddTimer(GrainTimer timer)
    {
        var timers = Extras.Timers ??= [];
        lock (timers) timers.Add(timer);
    }

    internal void RemoveTimer(GrainTimer timer)
    {
        if (Extras.Timers is { } timers)
        {
            lock (timers) timers.Remove(timer);
        }
    }

    private async Task ActivateAsync()
    {
        try
        {
            GrainInstance = Class.Create(this);
            if (_extras?.States is { } states)
            {
                foreach (var state in states) await state.ReadAsync(Silo.Stopped);
            }

            if (GrainInstance is IGrainBase grain) await grain.OnActivateAsync(Silo.Stopped);
        }
        catch (Exception error)
        {
            Log.ActivationFailed(Silo.Logger, Class.GrainType, error);
            await EndAsync(error);
            return;
        }

        _state = ActivationState.Valid;
        if (_extras?.Reason is { } reason)
        {
            // Deactivation was asked for meanwhile.
            BeginDeactivation(reason);
        }

        Pump();
    }

    private void BeginDeactivation(DeactivationReason reason)
    {
        switch (_state)
        {
            case ActivationState.Created:
                _ = EndAsync(null);
                break;
            case ActivationState.Activating:
                Extras.Reason ??= reason;
                break;
            case ActivationState.Valid:
                // Whoever runs finishes; nobody else starts. Pump, which every end of a request calls, does the rest.
                Extras.Reason = reason;
                _state = ActivationState.Deactivating;
                if (_running == 0) Pump();

                break;
        }
    }

    private async Task FinishDeactivationAsync()
    {
        StopTimers();
        if (GrainInstance is IGrainBase grain)
        {
            try
            {
                await grain.OnDeactivateAsync(Extras.Reason!.Value, Silo.Stopped);
            }
            catch (Exception error)
            {
                Log.DeactivationFailed(Silo.Logger, Class.GrainType, error);
            }
        }

        await EndAsync(null);
    }

    private async Task EndAsync(Exception? error)
    {
        StopTimers();
        Silo.Cluster.Forget(this);
        _state = ActivationState.Deactivated;
        for (var request = TakeAllWaiting(); request is not null;)
        {
            var next = (Request?)request.Next;
            request.Next = null;
            if (error is null || request.IsLocalOnly) SendOn(request);
            else request.Reject(this, error);

            request = next;
        }

        if (_extras is { } extras) await extras.EndAsync(this);
    }

    private void StopTimers()
    {
        if (_extras?.Timers is { } timers)
        {
            foreach (var timer in timers.ToArray()) timer.Dispose();
        }
    }
}
