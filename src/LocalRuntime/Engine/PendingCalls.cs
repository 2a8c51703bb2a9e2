using Orleans.Runtime;

namespace Gongji.LocalRuntime.Engine;

/// <summary>
/// The calls of one origin that wait for an answer, oldest first, so that finding those out of time looks only at those.
/// Striped by thread, because every call passes twice.
/// </summary>
internal sealed class PendingCalls
{
    private readonly CallOrigin _origin;
    private readonly TimeSpan _timeout;
    private readonly long _timeoutTicks;
    private readonly TimeProvider _time;
    private readonly Stripe[] _stripes;
    private TaskCompletionSource? _drained;

    internal PendingCalls(CallOrigin origin, TimeSpan timeout)
    {
        _origin = origin;
        _timeout = timeout;
        _time = origin.Cluster.TimeProvider;
        _timeoutTicks = (long)(timeout.TotalSeconds * _time.TimestampFrequency);
        _stripes = new Stripe[origin.Executor.IsSequential ? 1 : 16];
        for (var i = 0; i < _stripes.Length; i++)
        {
            _stripes[i] = new Stripe(this);
        }
    }

    internal void Add(Request request)
    {
        var index = Environment.CurrentManagedThreadId & (_stripes.Length - 1);
        request.Stripe = index;
        request.SentAt = _time.GetTimestamp();
        _stripes[index].Add(request);
    }

    internal void Remove(Request request)
    {
        if (request.Stripe >= 0)
        {
            _stripes[request.Stripe].Remove(request);
            if (_drained is not null)
            {
                SignalIfDrained();
            }
        }
    }

    /// <summary>Answers every call to a silo that is declared dead.</summary>
    internal void FailCallsTo(LocalSilo silo)
    {
        foreach (var stripe in _stripes)
        {
            foreach (var request in stripe.Claim(request => ReferenceEquals(request.TargetSilo, silo), all: true))
            {
                request.FailClaimed(new SiloUnavailableException(
                    $"{silo} became unavailable; whether {request.Method} on {request.Target.GrainId} ran is unknown."));
            }
        }
    }

    /// <summary>Completes when no call waits any more.</summary>
    internal Task WhenEmptyAsync()
    {
        _drained = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var task = _drained.Task;
        SignalIfDrained();
        return task;
    }

    internal void Stop()
    {
        foreach (var stripe in _stripes)
        {
            stripe.Stop();
        }
    }

    private void SignalIfDrained()
    {
        if (_stripes.All(stripe => stripe.IsEmpty))
        {
            _drained?.TrySetResult();
        }
    }

    private sealed class Stripe(PendingCalls owner) : IThreadPoolWorkItem
    {
        private readonly Lock _lock = new();
        private Request? _first;
        private Request? _last;
        private ITimer? _timer;
        private bool _armed;
        private bool _stopped;

        internal bool IsEmpty
        {
            get
            {
                lock (_lock)
                {
                    return _first is null;
                }
            }
        }

        internal void Add(Request request)
        {
            lock (_lock)
            {
                request.PendingPrevious = _last;
                if (_last is null)
                {
                    _first = request;
                }
                else
                {
                    _last.PendingNext = request;
                }

                _last = request;
                if (!_armed)
                {
                    Arm(owner._timeout);
                }
            }
        }

        internal void Remove(Request request)
        {
            lock (_lock)
            {
                if (request.PendingPrevious is { } previous)
                {
                    previous.PendingNext = request.PendingNext;
                }
                else
                {
                    _first = request.PendingNext;
                }

                if (request.PendingNext is { } next)
                {
                    next.PendingPrevious = request.PendingPrevious;
                }
                else
                {
                    _last = request.PendingPrevious;
                }

                request.PendingPrevious = request.PendingNext = null;
                request.Stripe = -1;
            }
        }

        /// <summary>
        /// Claims requests from the oldest on. Under the lock, because one that is answered leaves the list, which takes the
        /// lock too, before it can be used for another call: so none is claimed for a call that is not its own.
        /// </summary>
        internal List<Request> Claim(Func<Request, bool> applies, bool all = false)
        {
            var claimed = new List<Request>();
            lock (_lock)
            {
                for (var request = _first; request is not null && (all || applies(request)); request = request.PendingNext)
                {
                    if (applies(request) && request.TryClaim())
                    {
                        claimed.Add(request);
                    }
                }
            }

            return claimed;
        }

        internal void Stop()
        {
            lock (_lock)
            {
                _stopped = true;
                _timer?.Dispose();
                _timer = null;
            }
        }

        void IThreadPoolWorkItem.Execute()
        {
            if (owner._origin.Silo is { } silo && !silo.MayRun(this))
            {
                return;
            }

            var now = owner._time.GetTimestamp();
            foreach (var request in Claim(request => now - request.SentAt >= owner._timeoutTicks))
            {
                request.FailClaimed(new TimeoutException(
                    $"No answer in {owner._timeout} from {request.Method} on {request.Target.GrainId}. Whether it ran, or still will, is unknown."));
            }

            lock (_lock)
            {
                if (_first is { } oldest)
                {
                    // The oldest may be answered but not yet taken out; then this looks again soon.
                    var left = owner._timeout - owner._time.GetElapsedTime(oldest.SentAt, now);
                    Arm(left > TimeSpan.FromMilliseconds(1) ? left : TimeSpan.FromMilliseconds(1));
                }
                else
                {
                    _armed = false;
                }
            }
        }

        private void Arm(TimeSpan dueTime)
        {
            if (_stopped || owner._timeout == Timeout.InfiniteTimeSpan)
            {
                return;
            }

            _armed = true;
            if (_timer is null)
            {
                _timer = owner._time.CreateDetachedTimer(static stripe => ((Stripe)stripe!).Post(), this, dueTime);
            }
            else
            {
                _timer.Change(dueTime, Timeout.InfiniteTimeSpan);
            }
        }

        private void Post() => owner._origin.Executor.Post(this);
    }
}
