using Gongji.LocalRuntime.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Hosting;

namespace Gongji.LocalRuntime.Tests;

/// <summary>Grain timers and reminders.</summary>
public class TimerTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly LifeLog _log = new();
    private readonly World _world;

    public TimerTests() => _world = new World(configure: silo =>
    {
        silo.Services.AddSingleton(_log);
        silo.UseInMemoryReminderService();
        silo.Configure<GrainCollectionOptions>(options => options.CollectionAge = TimeSpan.FromMinutes(10));
    });

    private ILifeGrain Grain => _world.Get<ILifeGrain>("a");

    private int Ticks => _log.Probe.Log.Count(line => line == "tick");

    [Fact]
    public void Timer_ticks_after_its_due_time_and_then_every_period()
    {
        _world.Run(() => Grain.Ticking(2 * Second, 3 * Second, keepAlive: false, interleave: false));
        _world.Advance(Second);
        Assert.Equal(0, Ticks);
        _world.Advance(Second);
        Assert.Equal(1, Ticks);
        _world.Advance(6 * Second);
        Assert.Equal(3, Ticks);
    }

    [Fact]
    public void Timer_with_infinite_period_ticks_once()
    {
        _world.Run(() => Grain.Ticking(Second, Timeout.InfiniteTimeSpan, keepAlive: false, interleave: false));
        _world.Advance(60 * Second);
        Assert.Equal(1, Ticks);
    }

    [Fact]
    public void Timer_never_overlaps_itself_and_counts_its_period_from_the_end()
    {
        _log.HoldTicks = true;
        _world.Run(() => Grain.Ticking(Second, Second, keepAlive: false, interleave: false));
        _world.Advance(10 * Second);
        Assert.Equal(1, Ticks);
        _log.Probe.Open("tick");
        _world.Executor.Run();
        _world.Advance(Second);
        Assert.Equal(2, Ticks);
    }

    [Fact]
    public void Timer_waits_for_a_running_request()
    {
        _world.Run(() => Grain.Ticking(Second, Second, keepAlive: false, interleave: false));
        _world.Start(() => Grain.Hold(_log.Probe, "h"));
        _world.Advance(5 * Second);
        Assert.Equal(0, Ticks);
        _log.Probe.Open("h");
        _world.Executor.Run();
        Assert.Equal(1, Ticks);
    }

    [Fact]
    public void Timer_with_Interleave_does_not_wait()
    {
        _world.Run(() => Grain.Ticking(Second, Second, keepAlive: false, interleave: true));
        _world.Start(() => Grain.Hold(_log.Probe, "h"));
        _world.Advance(2 * Second);
        Assert.Equal(2, Ticks);
    }

    [Fact]
    public void Timer_goes_on_after_a_tick_that_failed()
    {
        _log.FailTicks = true;
        _world.Run(() => Grain.Ticking(Second, Second, keepAlive: false, interleave: false));
        _world.Advance(3 * Second);
        Assert.Equal(3, Ticks);
    }

    [Fact]
    public void Timer_stops_when_it_is_disposed_of_or_changed_to_never()
    {
        _world.Run(() => Grain.Ticking(Second, Second, keepAlive: false, interleave: false));
        _world.Run(() => Grain.ChangeTicking(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
        _world.Advance(5 * Second);
        Assert.Equal(0, Ticks);
        _world.Run(() => Grain.ChangeTicking(Second, Second));
        _world.Advance(2 * Second);
        Assert.Equal(2, Ticks);
        _world.Run(Grain.StopTicking);
        _world.Advance(5 * Second);
        Assert.Equal(2, Ticks);
    }

    [Fact]
    public void Timer_stops_with_its_activation()
    {
        _world.Run(() => Grain.Ticking(Second, Second, keepAlive: false, interleave: false));
        _world.Run(Grain.DeactivateSoon);
        _world.Advance(5 * Second);
        Assert.Equal(0, Ticks);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public void Timer_keeps_its_activation_only_with_KeepAlive(bool keepAlive, int activations)
    {
        _world.Run(() => Grain.Ticking(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1), keepAlive, interleave: false));
        _world.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal(activations, _world.Silo.ActivationCount);
    }

    [Fact]
    public void Reminder_comes_at_its_times_and_activates_the_grain()
    {
        var grain = _world.Get<IRemindedGrain>("r");
        _world.Run(() => grain.Register("wake", TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2)));
        _world.Run(grain.Leave);
        Assert.Equal(0, _world.Silo.ActivationCount);
        _world.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal(["wake 00:01:00 00:01:00 00:02:00", "wake 00:01:00 00:03:00 00:02:00"], _log.Probe.Log);
        Assert.Equal(1, _world.Silo.ActivationCount);
    }

    [Fact]
    public void Reminder_comes_again_after_a_failure_until_it_is_unregistered()
    {
        _log.FailTicks = true;
        var grain = _world.Get<IRemindedGrain>("r");
        _world.Run(() => grain.Register("wake", TimeSpan.Zero, TimeSpan.FromMinutes(1)));
        Assert.True(_world.Run(() => grain.Has("wake")));
        _world.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(3, _log.Probe.Log.Count);
        _world.Run(() => grain.Unregister("wake"));
        Assert.False(_world.Run(() => grain.Has("wake")));
        _world.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(3, _log.Probe.Log.Count);
    }

    [Fact]
    public void Reminder_survives_the_loss_of_its_silo()
    {
        var world = new World(silos: 2, configure: silo => silo.Services.AddSingleton(_log));
        var grain = world.Get<IRemindedGrain>("r");
        world.Run(() => grain.Register("wake", TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(1)));
        world.Cluster.Silos.Single(silo => silo.ActivationCount == 1).Kill();
        world.Advance(TimeSpan.FromMinutes(2));
        Assert.Single(_log.Probe.Log);
    }

    [Fact]
    public void Reminder_more_often_than_allowed_is_refused() =>
        Assert.Throws<ArgumentException>(() => _world.Run(() => _world.Get<IRemindedGrain>("r").Register("wake", Second, Second)));
}
