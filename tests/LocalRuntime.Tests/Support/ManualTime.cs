namespace Gongji.LocalRuntime.Tests.Support;

/// <summary>A clock that stands still until a test moves it. Timers fire in the order in which they are due.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private long _created;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => _now.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state), Interlocked.Increment(ref _created));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock and fires the timers that become due on the way; <paramref name="settle"/> runs after each.</summary>
    public void Advance(TimeSpan by, Action settle)
    {
        var end = _now + by;
        while (TakeDue(end) is { } timer)
        {
            timer();
            settle();
        }

        _now = end;
    }

    private Action? TakeDue(DateTimeOffset end)
    {
        lock (_lock)
        {
            var due = _timers.Where(each => each.Due <= end).OrderBy(each => each.Due).ThenBy(each => each.Number).FirstOrDefault();
            if (due is null)
            {
                return null;
            }

            _now = due.Due > _now ? due.Due : _now;
            due.Rearm();
            return due.Callback;
        }
    }

    private sealed class ManualTimer(ManualTime time, Action callback, long number) : ITimer
    {
        private TimeSpan _period;

        public Action Callback => callback;

        public long Number => number;

        public DateTimeOffset Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._lock)
            {
                time._timers.Remove(this);
                _period = period;
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    Due = time._now + dueTime;
                    time._timers.Add(this);
                }
            }

            return true;
        }

        public void Rearm() => Change(_period, _period);

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
