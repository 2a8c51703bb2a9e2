namespace Gongji.Simulation.Kernel;

/// <summary>A silo's clock: wrong by some seconds or minutes, and jumping, both within <see cref="BusinessClock.ErrorMax"/>. Timers run true.</summary>
public sealed class SiloClock(VirtualTime time, BusinessClock business) : TimeProvider
{
    /// <summary>How wrong it is at present.</summary>
    public TimeSpan Error { get; set; }

    public override long TimestampFrequency => time.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => business.Now + Error;

    public override long GetTimestamp() => time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        time.CreateTimer(callback, state, dueTime, period);
}
