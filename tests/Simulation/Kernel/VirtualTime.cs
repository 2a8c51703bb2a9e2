namespace Gongji.Simulation.Kernel;

/// <summary>
/// The time of a run. It stands still while anything is ready to run, then leaps to the next moment at which something is due. So a simulated
/// second costs only what happens in it. Ticks are those of <see cref="TimeSpan"/>.
/// </summary>
public sealed class VirtualTime(long quantumTicks) : TimeProvider
{
    /// <summary>When every run begins: a Monday, 10:00 in Shanghai.</summary>
    public static readonly DateTimeOffset Start = new(2026, 3, 2, 2, 0, 0, TimeSpan.Zero);

    private Due[] _heap = new Due[256];
    private int _count;
    private long _sequence;

    /// <summary>Ticks since the start.</summary>
    public long Now { get; private set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => Start.AddTicks(Now);

    public override long GetTimestamp() => Now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Timer timer = new(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Schedules an event after a delay.</summary>
    public void Schedule(long delayTicks, ScheduledEvent what, int version = 0)
    {
        long at = Now + Math.Max(0, delayTicks);
        Push((at + quantumTicks - 1) / quantumTicks * quantumTicks, what, version);
    }

    /// <summary>Whether something else is due at this very moment.</summary>
    public bool HasDueNow => _count > 0 && _heap[0].At <= Now;

    /// <summary>Leaps to the next due moment and runs its event; false when nothing is due, or nothing until <paramref name="until"/>.</summary>
    public bool TryAdvance(long until)
    {
        if (_count == 0 || _heap[0].At > until)
        {
            return false;
        }

        Due due = Pop();
        Now = Math.Max(Now, due.At);
        due.What.Happen(due.Version);
        return true;
    }

    private void Push(long at, ScheduledEvent what, int version)
    {
        if (_count == _heap.Length)
        {
            Array.Resize(ref _heap, _count * 2);
        }

        Due due = new(at, ++_sequence, what, version);
        int place = _count++;
        while (place > 0)
        {
            int parent = (place - 1) >> 2;
            if (!due.IsBefore(_heap[parent]))
            {
                break;
            }

            _heap[place] = _heap[parent];
            place = parent;
        }

        _heap[place] = due;
    }

    private Due Pop()
    {
        Due first = _heap[0];
        Due last = _heap[--_count];
        _heap[_count] = default;
        if (_count > 0)
        {
            int place = 0;
            while (true)
            {
                int child = (place << 2) + 1;
                if (child >= _count)
                {
                    break;
                }

                int best = child;
                int end = Math.Min(child + 4, _count);
                for (int other = child + 1; other < end; other++)
                {
                    if (_heap[other].IsBefore(_heap[best]))
                    {
                        best = other;
                    }
                }

                if (!_heap[best].IsBefore(last))
                {
                    break;
                }

                _heap[place] = _heap[best];
                place = best;
            }

            _heap[place] = last;
        }

        return first;
    }

    private readonly record struct Due(long At, long Sequence, ScheduledEvent What, int Version)
    {
        public bool IsBefore(in Due other) => At < other.At || (At == other.At && Sequence < other.Sequence);
    }

    private sealed class Timer(VirtualTime time, TimerCallback callback, object? state) : ScheduledEvent, ITimer
    {
        private TimeSpan _period;
        private int _version;
        private bool _disposed;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (_disposed)
            {
                return false;
            }

            _version++;
            _period = period;
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                time.Push(time.Now + Math.Max(0, dueTime.Ticks), this, _version);
            }

            return true;
        }

        public override void Happen(int version)
        {
            if (version != _version || _disposed)
            {
                return;
            }

            if (_period > TimeSpan.Zero)
            {
                time.Push(time.Now + _period.Ticks, this, _version);
            }

            callback(state);
        }

        public void Dispose() => _disposed = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
