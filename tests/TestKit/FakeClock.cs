namespace Gongji.TestKit;

/// <summary>
/// A clock that moves only when it is told to. Timers fire in the order of their due times, on the thread that moves the clock.
/// </summary>
public sealed class FakeClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<FakeTimer> _timers = [];
    private DateTimeOffset _now;
    private long _created;

    /// <param name="start">The initial time.</param>
    public FakeClock(DateTimeOffset start) => _now = start;

    /// <summary>A clock at noon in Shanghai, when everything is open.</summary>
    public FakeClock()
        : this(new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.FromHours(8)))
    {
    }

    /// <summary>
    /// When set, the time jumps to the due time of each timer as soon as the timer is created, so that waiting takes no real time. The jump is made on a
    /// thread-pool thread.
    /// </summary>
    public bool AutoAdvance { get; set; }

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>The number of pending timers.</summary>
    public int PendingTimers
    {
        get
        {
            lock (_gate)
            {
                return _timers.Count;
            }
        }
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now.ToUniversalTime();
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => GetUtcNow().Ticks;

    /// <summary>Moves the clock and fires what becomes due, in order, each at its own due time.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        DateTimeOffset until = GetUtcNow() + by;
        while (NextDue(until) is { } timer)
        {
            timer.Fire();
        }
    }

    /// <summary>Moves the clock to a moment that is not before the present one.</summary>
    public void AdvanceTo(DateTimeOffset moment) => Advance(moment - GetUtcNow());

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        FakeTimer timer = new(this, callback, state, Interlocked.Increment(ref _created));
        timer.Change(dueTime, period);
        return timer;
    }

    private FakeTimer? NextDue(DateTimeOffset until)
    {
        lock (_gate)
        {
            FakeTimer? first = _timers.Where(timer => timer.Due <= until).OrderBy(timer => timer.Due).ThenBy(timer => timer.Number).FirstOrDefault();
            if (first is null)
            {
                _now = until > _now ? until : _now;
                return null;
            }

            _now = first.Due > _now ? first.Due : _now;
            if (first.Period > TimeSpan.Zero)
            {
                first.Due += first.Period;
            }
            else
            {
                _timers.Remove(first);
            }

            return first;
        }
    }

    private sealed class FakeTimer(FakeClock clock, TimerCallback callback, object? state, long number) : ITimer
    {
        public long Number { get; } = number;

        public DateTimeOffset Due { get; set; }

        public TimeSpan Period { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan)
                {
                    return true;
                }

                (Due, Period) = (clock._now + dueTime, period);
                clock._timers.Add(this);
            }

            if (clock.AutoAdvance)
            {
                ThreadPool.UnsafeQueueUserWorkItem(static jump => jump.clock.Advance(jump.dueTime), (clock, dueTime), preferLocal: false);
            }

            return true;
        }

        public void Dispose()
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
