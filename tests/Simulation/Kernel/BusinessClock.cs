namespace Gongji.Simulation.Kernel;

/// <summary>
/// The true time of day, which the clocks of silos are wrong about. It runs with the run's time and leaps now and then to where
/// something of interest comes next, such as just before 22:00 or 06:00: with calls in flight, so that they cross it.
/// </summary>
public sealed class BusinessClock(VirtualTime time)
{
    /// <summary>The most that any silo's clock is wrong, either way. Stated bound of the clock faults.</summary>
    public static readonly TimeSpan ErrorMax = TimeSpan.FromMinutes(5);

    private long _offsetTicks;

    public DateTimeOffset Now => time.GetUtcNow().AddTicks(_offsetTicks);

    /// <summary>Leaps to a moment that has not come yet; stays where it is when it has.</summary>
    public void LeapTo(DateTimeOffset moment) => _offsetTicks += Math.Max(0, (moment - Now).Ticks);

    /// <summary>Leaps to the next time of day, in Shanghai.</summary>
    public void LeapToNext(TimeSpan timeOfDay)
    {
        DateTimeOffset local = Now.ToOffset(TimeSpan.FromHours(8));
        DateTimeOffset target = new(local.Date + timeOfDay, TimeSpan.FromHours(8));
        LeapTo(target > local ? target : target.AddDays(1));
    }
}
