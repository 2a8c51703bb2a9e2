namespace Gongji.Grains;

/// <summary>
/// The time at which rules are decided. It is the machine's, except in development, where it starts at a chosen moment and can be moved
/// forward. It is a type of its own, separate from the process's TimeProvider, because cluster membership must never see a moved clock.
/// </summary>
public sealed class LedgerClock
{
    private readonly TimeProvider _time;
    private long _offsetTicks;

    /// <summary>The machine's time.</summary>
    public LedgerClock(TimeProvider time) => _time = time;

    /// <summary>A clock that starts at a given moment, runs on from there, and can be moved.</summary>
    public LedgerClock(TimeProvider time, DateTimeOffset start)
    {
        _time = time;
        _offsetTicks = checked(start.UtcTicks - time.GetUtcNow().UtcTicks);
        IsAdjustable = true;
    }

    /// <summary>Whether <see cref="MoveTo"/> may be called.</summary>
    public bool IsAdjustable { get; }

    public DateTimeOffset Now => _time.GetUtcNow().AddTicks(Interlocked.Read(ref _offsetTicks));

    /// <summary>Moves forward to a moment; returns false, changing nothing, when the clock is already past it.</summary>
    /// <exception cref="InvalidOperationException">The clock is the machine's.</exception>
    public bool MoveTo(DateTimeOffset moment)
    {
        if (!IsAdjustable)
        {
            throw new InvalidOperationException("The clock is the machine's; it can be moved only when a start was given.");
        }

        long before = Interlocked.Read(ref _offsetTicks);
        long wanted = checked(moment.UtcTicks - _time.GetUtcNow().UtcTicks);
        return wanted >= before && Interlocked.CompareExchange(ref _offsetTicks, wanted, before) == before;
    }
}
