namespace Gongji.LocalRuntime.Engine;

/// <summary>
/// The calls of one origin that wait for an answer, oldest first, so that a search for timed-out calls looks only at those. Striped by thread, because
/// every call comes here twice: to be added and to be removed.
/// </summary>
internal sealed class PendingCalls
{
    private readonly LocalSilo? _silo;
    private readonly LocalCluster _cluster;
    private readonly TimeSpan _timeout;
    private readonly Stripe[] _stripes;
    private TaskCompletionSource? _drained;

    internal PendingCalls(LocalCluster cluster, LocalSilo? silo, TimeSpan timeout)
    {
        (_silo, _cluster, _timeout) = (silo, cluster, timeout);
        _stripes = new Stripe[cluster.Executor.IsSequential ? 1 : 16];
        for (var i = 0; i < _stripes.Length; i++) _stripes[i] = new Stripe(this);
    }

    internal void Add(Request request) => _stripes[Environment.CurrentManagedThreadId & (_stripes.Length - 1)].Add(request);

    /// <summary>Fails every call that waits for an answer of a silo that is declared dead.</summary>
    internal void FailCallsTo(LocalSilo silo)
    {
        foreach (var request in _stripes.SelectMany(stripe => stripe.From(_ => true)).Where(each => each.TargetSilo == silo).ToList())
            request.Fail(new SiloUnavailableException($"{silo} became unavailable; whether {request.Method} on a {request.Target.GrainId.Type} ran is unknown."));
    }

    /// <summary>Completes when no call waits any more.</summary>
    internal Task WhenEmptyAsync()
    {
        _drained = new TaskCompletionSource();
        SignalIfDrained();
        return _drained.Task;
    }

    internal void Stop() => Array.ForEach(_stripes, stripe => stripe.Stop());

    private void SignalIfDrained()
    {
        if (_stripes.All(stripe => stripe.IsEmpty)) _drained?.TrySetResult();
    }

    internal sealed class Stripe(PendingCalls owner) : IThreadPoolWorkItem
    {
        private readonly Lock _lock = new();
        private Request? _first, _last;
        private ITimer? _timer;
        private bool _armed, _stopped;

        internal bool IsEmpty => Volatile.Read(ref _first) is null;

        internal void Add(Request request)
        {
            request.PendingIn = this;
            request.SentAt = owner._cluster.TimeProvider.GetTimestamp();
            lock (_lock)
            {
                request.PendingPrevious = _last;
                if (_last is null) _first = request;
                else _last.PendingNext = request;

                _last = request;
                if (!_armed) Arm(owner._timeout);
            }
        }

        internal void Remove(Request request)
        {
            lock (_lock)
            {
                if (request.PendingPrevious is { } previous) previous.PendingNext = request.PendingNext;
                else _first = request.PendingNext;

                if (request.PendingNext is { } next) next.PendingPrevious = request.PendingPrevious;
                else _last = request.PendingPrevious;

                (request.PendingPrevious, request.PendingNext, request.PendingIn) = (null, null, null);
            }

            if (owner._drained is not null) owner.SignalIfDrained();
        }

        /// <summary>The oldest requests, up to the first that does not fulfil a condition.</summary>
        internal List<Request> From(Func<Request, bool> condition)
        {
            var found = new List<Request>();
            lock (_lock)
                for (var request = _first; request is not null && condition(request); request = request.PendingNext) found.Add(request);

            return found;
        }

        internal void Stop()
        {
            lock (_lock)
            {
                _stopped = true;
                _timer?.Dispose();
            }
        }

        void IThreadPoolWorkItem.Execute()
        {
            if (owner._silo is { } silo && !silo.MayRun(this)) return;
            var now = owner._cluster.TimeProvider.GetTimestamp();
            foreach (var request in From(request => owner._cluster.TimeProvider.GetElapsedTime(request.SentAt, now) >= owner._timeout))
                request.Fail(new TimeoutException($"No answer in {owner._timeout} from {request.Method} on a {request.Target.GrainId.Type}. Whether it ran, or still will, is unknown."));

            lock (_lock)
            {
                _armed = false;
                if (_first is not { } oldest) return;
                // The oldest may be answered but not removed yet; then this looks again soon.
                var left = owner._timeout - owner._cluster.TimeProvider.GetElapsedTime(oldest.SentAt, now);
                Arm(left > TimeSpan.FromMilliseconds(1) ? left : TimeSpan.FromMilliseconds(1));
            }
        }

        private void Arm(TimeSpan dueTime)
        {
            if (_stopped || owner._timeout == Timeout.InfiniteTimeSpan) return;
            _armed = true;
            _timer ??= owner._cluster.CreateTimer(static stripe => ((Stripe)stripe!).Post(), this, Timeout.InfiniteTimeSpan);
            _timer.Change(dueTime, Timeout.InfiniteTimeSpan);
        }

        private void Post() => owner._cluster.Executor.Post(this);
    }
}
