namespace Gongji.LoadTest.Tests;

/// <summary>Its timers fire at once, and the time leaps by how long they were to wait.</summary>
internal sealed class LeapingTime : TimeProvider
{
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public void Leap(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Leap(dueTime);
        return base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
