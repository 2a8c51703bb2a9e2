namespace Gongji.Simulation.Kernel;

/// <summary>
/// The true time of day, from which silos' clocks deviate. It advances with the run's time. Now and then it leaps to just before an interesting
/// moment, such as 22:00 or 06:00, while calls are in flight, so that they cross it.
/// </summary>
public sealed class BusinessClock(VirtualTime time)
{
    /// <summary>The largest error of any silo's clock, in either direction: the stated bound of the clock faults.</summary>
    public static readonly TimeSpan ErrorMax = TimeSpan.FromMinutes(5);

    private long _offsetTicks;

    public DateTimeOffset Now => time.GetUtcNow().AddTicks(_offsetTicks);

    /// <summary>Leaps to a later moment; does nothing when the moment has passed.</summary>
    public void LeapTo(DateTimeOffset moment) => _offsetTicks += Math.Max(0, (moment - Now).Ticks);

    /// <summary>Leaps to the next occurrence of a time of day in Shanghai.</summary>
    public void LeapToNext(TimeSpan timeOfDay)
    {
        DateTimeOffset local = Now.ToOffset(TimeSpan.FromHours(8));
        DateTimeOffset target = new(local.Date + timeOfDay, TimeSpan.FromHours(8));
        LeapTo(target > local ? target : target.AddDays(1));
    }
}
