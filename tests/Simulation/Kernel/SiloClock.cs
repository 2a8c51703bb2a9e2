namespace Gongji.Simulation.Kernel;

/// <summary>A silo's clock. It is wrong by seconds or minutes and jumps, within <see cref="BusinessClock.ErrorMax"/>. Its timers run correctly.</summary>
public sealed class SiloClock(VirtualTime time, BusinessClock business) : TimeProvider
{
    /// <summary>The clock's current error.</summary>
    public TimeSpan Error { get; set; }

    public override long TimestampFrequency => time.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => business.Now + Error;

    public override long GetTimestamp() => time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        time.CreateTimer(callback, state, dueTime, period);
}
