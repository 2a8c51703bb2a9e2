using Gongji.LocalRuntime.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Hosting;

namespace Gongji.LocalRuntime.Tests;

/// <summary>How activations begin and end.</summary>
public class LifecycleTests
{
    private readonly LifeLog _log = new();
    private readonly World _world;

    public LifecycleTests() => _world = new World(configure: silo =>
    {
        silo.Services.AddSingleton(_log);
        silo.Configure<GrainCollectionOptions>(options =>
        {
            options.CollectionAge = TimeSpan.FromMinutes(10);
            options.CollectionQuantum = TimeSpan.FromMinutes(1);
        });
    });

    private ILifeGrain Grain => _world.Get<ILifeGrain>("a");

    [Fact]
    public void First_call_activates_and_later_calls_find_the_same_activation()
    {
        var first = _world.Run(Grain.Instance);
        Assert.Equal(first, _world.Run(Grain.Instance));
        Assert.Equal(["activate"], _log.Probe.Log);
        Assert.Equal(1, _world.Silo.ActivationCount);
    }

    [Fact]
    public void Requests_wait_for_the_activation()
    {
        _log.HoldActivation = "go";
        var call = _world.Start(Grain.Instance);
        Assert.False(call.IsCompleted);
        _log.Probe.Open("go");
        _world.Executor.Run();
        World.Done(call);
    }

    [Fact]
    public void Failed_activation_gives_its_callers_the_exception_and_the_next_call_tries_again()
    {
        _log.ActivationFailures = 1;
        _log.HoldActivation = "go";
        var calls = Enumerable.Range(0, 3).Select(_ => _world.Start(Grain.Instance)).ToList();
        _log.Probe.Open("go");
        _world.Executor.Run();
        Assert.All(calls, call => Assert.Throws<TestFailureException>(() => World.Done(call)));
        _world.Run(Grain.Instance);
        Assert.Equal(["activate", "activate"], _log.Probe.Log);
    }

    [Fact]
    public void DeactivateOnIdle_ends_the_activation_and_the_next_call_gets_another()
    {
        var first = _world.Run(Grain.Instance);
        _world.Run(Grain.DeactivateSoon);
        Assert.Equal(0, _world.Silo.ActivationCount);
        Assert.NotEqual(first, _world.Run(Grain.Instance));
        Assert.Equal(["activate", "deactivate ApplicationRequested", "activate"], _log.Probe.Log);
    }

    [Fact]
    public void DeactivateOnIdle_lets_running_requests_finish_and_loses_no_waiting_one()
    {
        var probe = new Probe();
        var grain = _world.Get<IReentrantGrain>("a");
        var running = _world.Start(() => grain.Enter(probe, "1"));
        var last = _world.Start(() => grain.EnterAndDeactivate(probe, "2"));
        var late = _world.Start(() => grain.Enter(probe, "3"));
        Assert.Equal(["+1", "+2"], probe.Log);
        probe.Open("1");
        _world.Executor.Run();
        probe.Open("2");
        _world.Executor.Run();
        World.Done(last);
        Assert.Equal(["+1", "+2", "-1", "-2", "+3"], probe.Log);
        probe.Open("3");
        _world.Executor.Run();
        Assert.NotEqual(World.Done(running), World.Done(late));
    }

    [Fact]
    public void Calls_during_OnDeactivateAsync_go_to_the_next_activation()
    {
        var first = _world.Run(Grain.Instance);
        _log.HoldDeactivation = "go";
        _world.Run(Grain.DeactivateSoon);
        var call = _world.Start(Grain.Instance);
        Assert.False(call.IsCompleted);
        _log.HoldDeactivation = null;
        _log.Probe.Open("go");
        _world.Executor.Run();
        Assert.NotEqual(first, World.Done(call));
    }

    [Fact]
    public void Failing_OnDeactivateAsync_does_not_stop_the_deactivation()
    {
        _world.Run(Grain.Instance);
        _log.FailDeactivation = true;
        _world.Run(Grain.DeactivateSoon);
        Assert.Equal(0, _world.Silo.ActivationCount);
    }

    [Fact]
    public void Idle_activation_is_collected_after_its_age()
    {
        _world.Run(Grain.Instance);
        _world.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal(1, _world.Silo.ActivationCount);
        _world.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal(0, _world.Silo.ActivationCount);
        Assert.Equal("deactivate ActivationIdle", _log.Probe.Log[^1]);
    }

    [Fact]
    public void Used_activation_is_not_collected()
    {
        for (var i = 0; i < 5; i++)
        {
            _world.Run(Grain.Instance);
            _world.Advance(TimeSpan.FromMinutes(8));
        }

        Assert.Equal(["activate"], _log.Probe.Log);
    }

    [Fact]
    public void Activation_with_a_running_request_is_not_collected()
    {
        _world.Start(() => Grain.Hold(_log.Probe, "h"));
        _world.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal(1, _world.Silo.ActivationCount);
        _log.Probe.Open("h");
        _world.Executor.Run();
        _world.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal(0, _world.Silo.ActivationCount);
    }

    [Fact]
    public void DelayDeactivation_keeps_an_idle_activation()
    {
        _world.Run(() => Grain.Delay(TimeSpan.FromMinutes(40)));
        _world.Advance(TimeSpan.FromMinutes(35));
        Assert.Equal(1, _world.Silo.ActivationCount);
        _world.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(0, _world.Silo.ActivationCount);
    }

    [Fact]
    public void ClassSpecificCollectionAge_replaces_the_general_one()
    {
        var world = new World(configure: silo => silo.Configure<GrainCollectionOptions>(options =>
            options.ClassSpecificCollectionAge[typeof(PlainGrain).FullName!] = TimeSpan.FromMinutes(2)));
        world.Run(() => world.Get<IPlainGrain>("a").Instance().AsTask());
        world.Run(() => world.Get<IReentrantGrain>("a").Instance().AsTask());
        world.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(1, world.Silo.ActivationCount);
    }

    [Fact]
    public void Idle_collection_of_many_works_in_bounded_steps()
    {
        for (var i = 0; i < 2500; i++)
        {
            var key = $"{i}";
            _world.Run(() => _world.Get<IPlainGrain>(key).Instance().AsTask());
        }

        _world.Advance(TimeSpan.FromMinutes(12));
        Assert.Equal(0, _world.Silo.ActivationCount);
        Assert.True(_world.Executor.Trace.Count(each => each.Contains("IdleCollector", StringComparison.Ordinal)) > 12);
    }
}
