namespace Gongji.LocalRuntime.Engine;

/// <summary>Decides which request may start, and when. All of this runs in turns of the activation.</summary>
internal sealed partial class Activation
{
    /// <summary>A request has arrived.</summary>
    internal void Receive(Request request)
    {
        if (_state == ActivationState.Deactivated)
        {
            SendOn(request);
            return;
        }

        if (request.KeepsAlive) _lastUseTick = Silo.Collector.Tick;

        if (_state == ActivationState.Valid && _waiting is not { Count: > 0 } && MayStart(request))
        {
            Start(request);
            return;
        }

        (_waiting ??= []).Add(request);
        if (MayInterleaveAtAll(request)) _waitingInterleavable++;
        if (_state == ActivationState.Created)
        {
            _state = ActivationState.Activating;
            _ = ActivateAsync(request.Context);
        }
        else Pump();
    }

    /// <summary>Starts the waiting requests that may start now.</summary>
    internal void Pump()
    {
        // A request that ends at once gets here from inside its own start.
        if (_pumping) return;
        _pumping = true;
        for (var i = 0; _state == ActivationState.Valid && i < (_waiting?.Count ?? 0);)
        {
            var request = _waiting![i];
            if (MayStart(request))
            {
                _waiting.RemoveAt(i);
                if (MayInterleaveAtAll(request)) _waitingInterleavable--;
                Start(request);
                i = 0;
            }
            else if (_waitingInterleavable == 0) break;
            else i++;
        }

        if (_waiting is { Count: 0 }) _waiting = null;
        _pumping = false;
        if (_state == ActivationState.Deactivating && _running == 0 && !Extras.IsFinishing)
        {
            Extras.IsFinishing = true;
            _ = FinishDeactivationAsync();
        }
    }

    /// <summary>A request has ended: the rules no longer count it.</summary>
    internal void OnFinished(Request request, Exception? error)
    {
        _running--;
        RemoveLoad();

        // As in Orleans: once the first of several interleaved requests ends, the rest block nobody.
        if (_blocking is null || ReferenceEquals(_blocking, request)) _blocking = null;

        if (request.KeepsAlive) _lastUseTick = Silo.Collector.Tick;

        if (error is InconsistentStateException { IsSourceActivation: true } stale)
        {
            // The state in this activation's memory is not the stored one, so the activation is dropped. Others that the exception passes through are not.
            stale.IsSourceActivation = false;
            BeginDeactivation(new DeactivationReason(DeactivationReasonCode.ApplicationError, stale, stale.Message));
        }
    }

    internal void EnterReentrantSection(Guid id)
    {
        var sections = Extras.ReentrantSections ??= [];
        sections[id] = sections.GetValueOrDefault(id) + 1;
    }

    internal void LeaveReentrantSection(Guid id)
    {
        if (Extras.ReentrantSections is { } sections && sections.TryGetValue(id, out var depth))
        {
            if (depth > 1) sections[id] = depth - 1;
            else sections.Remove(id);
        }
    }

    /// <summary>Counts a request when a stateless worker is chosen for it, before it arrives.</summary>
    internal void AddLoad() => Interlocked.Increment(ref _load);

    private void RemoveLoad()
    {
        if (Class.IsStatelessWorker) Interlocked.Decrement(ref _load);
    }

    private static bool MayInterleaveAtAll(Request request) =>
        request.IsAlwaysInterleave || request.Method.ReadOnly || request.Context?.ContainsKey(RequestContext.ReentrancyHeader) == true;

    private bool MayStart(Request request)
    {
        if (_running == 0 || request.IsAlwaysInterleave || _blocking is null || Class.IsReentrant) return true;
        return (_blocking.Method.ReadOnly && request.Method.ReadOnly)
            || (_extras?.ReentrantSections is { Count: > 0 } sections
                && request.Context is { } context
                && context.TryGetValue(RequestContext.ReentrancyHeader, out var id)
                && sections.ContainsKey((Guid)id));
    }

    private void Start(Request request)
    {
        Debug.Assert(_state == ActivationState.Valid, "Only a valid activation runs requests.");
        _running++;
        if (_blocking is null && !request.IsAlwaysInterleave && !Class.IsReentrant) _blocking = request;

        var flow = ExecutionContext.Capture();
        RequestContext.Values = request.Context;
        request.Invoke(this);
        if (flow is not null && !ReferenceEquals(ExecutionContext.Capture(), flow)) ExecutionContext.Restore(flow);
    }

    /// <summary>Sends a request that came too late to the grain's next activation.</summary>
    private void SendOn(Request request)
    {
        if (request.IsLocalOnly) return;
        RemoveLoad();
        Silo.Origin.Route(request, this);
    }
}
