using Gongji.LocalRuntime.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Placement;
using Orleans.Runtime;

namespace Gongji.LocalRuntime.Tests;

/// <summary>Several silos, and what a simulation does to them.</summary>
public class ClusterTests
{
    private readonly Probe _probe = new();
    private readonly LossyTransport _transport = new();

    [Fact]
    public void Same_seed_gives_the_same_trace_and_other_seeds_give_others()
    {
        Assert.Equal(Trace(1), Trace(1));
        Assert.True(Enumerable.Range(1, 5).Select(seed => string.Join('|', Trace(seed))).Distinct().Count() > 1);
    }

    [Fact]
    public void Activations_are_spread_over_silos_and_one_grain_is_on_one()
    {
        var world = new World(silos: 3);
        for (var i = 0; i < 30; i++)
        {
            var key = $"{i}";
            var first = world.Run(() => world.Get<IPlainGrain>(key).Instance().AsTask());
            Assert.All(world.Cluster.Silos, silo => Assert.Equal(first, world.Run(() => silo.Client.GetGrain<IPlainGrain>(key).Instance().AsTask())));
        }

        Assert.All(world.Cluster.Silos, silo => Assert.InRange(silo.ActivationCount, 1, 29));
    }

    [Fact]
    public void PreferLocalPlacement_activates_on_the_callers_silo()
    {
        var world = new World(silos: 3);
        for (var i = 0; i < 10; i++)
        {
            var key = $"{i}";
            world.Run(() => world.Cluster.Silos[1].Client.GetGrain<ILocalGrain>(key).Silo());
        }

        Assert.Equal(10, world.Cluster.Silos[1].ActivationCount);
    }

    [Fact]
    public void Killed_silo_runs_nothing_more_and_its_callers_hear_of_it_after_the_detection()
    {
        var world = new World(silos: 2);
        var call = world.Start(() => world.Get<IPlainGrain>("a").Enter(_probe, "1"));
        HomeOf(world).Kill();
        _probe.Open("1");
        world.Advance(TimeSpan.FromSeconds(9));
        Assert.False(call.IsCompleted);
        world.Advance(TimeSpan.FromSeconds(2));
        Assert.Throws<SiloUnavailableException>(() => World.Done(call));
        Assert.Equal(["+1"], _probe.Log);
    }

    [Fact]
    public void Grains_of_a_killed_silo_are_activated_elsewhere_once_its_death_is_known()
    {
        var world = new World(silos: 2, options: options => options.ClientResponseTimeout = TimeSpan.FromSeconds(3));
        var first = world.Run(() => world.Get<IPlainGrain>("a").Instance().AsTask());
        HomeOf(world).Kill();
        var early = world.Start(() => world.Get<IPlainGrain>("a").Instance().AsTask());
        world.Advance(TimeSpan.FromSeconds(11));
        Assert.Throws<TimeoutException>(() => World.Done(early));
        Assert.NotEqual(first, world.Run(() => world.Get<IPlainGrain>("a").Instance().AsTask()));
    }

    [Fact]
    public void New_silo_takes_grains()
    {
        var world = new World(silos: 1);
        world.Silo.Kill();
        world.Advance(TimeSpan.FromSeconds(10));
        Assert.Empty(world.Cluster.Silos);
        Assert.Throws<SiloUnavailableException>(() => world.Run(() => world.Get<IPlainGrain>("a").Echo("x")));
        world.Cluster.AddSilo("again");
        Assert.Equal("x", world.Run(() => world.Get<IPlainGrain>("a").Echo("x")));
    }

    [Fact]
    public void Paused_silo_goes_on_where_it_was()
    {
        var world = new World();
        var call = world.Start(() => world.Get<IPlainGrain>("a").Enter(_probe, "1"));
        world.Silo.Pause();
        _probe.Open("1");
        world.Executor.Run();
        Assert.Equal(["+1"], _probe.Log);
        world.Silo.Resume();
        world.Executor.Run();
        World.Done(call);
        Assert.Equal(["+1", "-1"], _probe.Log);
    }

    [Fact]
    public void Evicted_silo_that_resumes_runs_a_second_activation_until_it_leaves()
    {
        var world = new World(silos: 2);
        var call = world.Start(() => world.Get<IPlainGrain>("a").Enter(_probe, "old"));
        var zombie = HomeOf(world);
        zombie.Pause();
        world.Cluster.Evict(zombie);
        world.Executor.Run();
        Assert.Throws<SiloUnavailableException>(() => World.Done(call));
        var fresh = world.Start(() => world.Get<IPlainGrain>("a").Enter(_probe, "new"));
        zombie.Resume();
        _probe.Open("old");
        world.Executor.Run();
        Assert.Equal(["+old", "+new", "-old"], _probe.Log);

        var inside = world.Run(() => zombie.Client.GetGrain<IPlainGrain>("a").Instance().AsTask());
        _probe.Open("new");
        world.Executor.Run();
        Assert.NotEqual(inside, World.Done(fresh));
        zombie.Leave();
        Assert.False(world.Start(() => zombie.Client.GetGrain<IPlainGrain>("a").Instance().AsTask()).IsCompleted);
    }

    [Fact]
    public void Dropped_request_never_runs_and_times_out()
    {
        var world = Lossy();
        _transport.OnRequest = (_, _) => { };
        var call = world.Start(() => world.Get<IPlainGrain>("a").Enter(_probe, "1"));
        Assert.Throws<TimeoutException>(() => world.Await(call));
        Assert.Empty(_probe.Log);
    }

    [Fact]
    public void Dropped_response_times_out_though_the_call_ran()
    {
        var world = Lossy();
        _transport.OnResponse = (_, _) => { };
        _probe.Open("1");
        var call = world.Start(() => world.Get<IPlainGrain>("a").Enter(_probe, "1"));
        Assert.Throws<TimeoutException>(() => world.Await(call));
        Assert.Equal(["+1", "-1"], _probe.Log);
    }

    [Fact]
    public void Doubled_request_runs_twice_and_answers_once()
    {
        var world = Lossy();
        _transport.OnRequest = (_, deliver) =>
        {
            deliver();
            deliver();
        };
        _probe.Open("1");
        world.Run(() => world.Get<IPlainGrain>("a").Enter(_probe, "1"));
        Assert.Equal(["+1", "-1", "+1", "-1"], _probe.Log);
    }

    [Fact]
    public async Task Request_that_is_turned_away_fails_without_having_run()
    {
        var world = Lossy();
        _transport.TurnsAway = true;
        var call = world.Start(() => world.Get<IPlainGrain>("a").Enter(_probe, "1"));
        world.Executor.Run();
        var rejection = await Assert.ThrowsAsync<OrleansMessageRejectionException>(() => call);
        Assert.Contains("did not run", rejection.Message, StringComparison.Ordinal);
        Assert.Empty(_probe.Log);
    }

    [Fact]
    public void Delayed_request_arrives_later_with_its_arguments()
    {
        var world = Lossy();
        var late = new List<Action>();
        _transport.OnRequest = (_, deliver) => late.Add(deliver);
        var call = world.Start(() => world.Get<IPlainGrain>("a").Echo("hello"));
        Assert.False(call.IsCompleted);
        late.Single()();
        world.Executor.Run();
        Assert.Equal("hello", World.Done(call));
    }

    [Fact]
    public void Transport_carries_calls_between_silos_but_not_inside_one()
    {
        var world = Lossy(silos: 2);
        world.Run(() => world.Get<IPlainGrain>("a").Echo("x"));
        world.Run(() => HomeOf(world).Client.GetGrain<IPlainGrain>("a").Echo("y"));
        var call = Assert.Single(_transport.Calls);
        Assert.Equal(("client", GrainId.Create("plain", "a"), 1L), (call.From, call.Target, call.Number));
        Assert.EndsWith("IProbeGrain.Echo", call.Method, StringComparison.Ordinal);
    }

    [Fact]
    public void Exceptions_and_one_way_calls_pass_the_transport() => Lossy().Run(async () =>
    {
        var grain = _transport.World!.Cluster.Client.GetGrain<ICallGrain>(1);
        await Assert.ThrowsAsync<TestFailureException>(() => grain.Fail("no"));
        await grain.Tell(_probe, "told");
        await grain.Nothing();
        Assert.Equal(["told"], _probe.Log);
    });

    [Fact]
    public void Request_that_finds_its_activation_gone_is_sent_on()
    {
        var world = Lossy(silos: 2);
        var first = world.Run(() => world.Get<IPlainGrain>("a").Instance().AsTask());
        var late = new List<Action>();
        _transport.OnRequest = (_, deliver) => late.Add(deliver);
        var call = world.Start(() => world.Get<IPlainGrain>("a").Instance().AsTask());
        _transport.OnRequest = (_, deliver) => deliver();
        _probe.Open("bye");
        world.Run(() => world.Get<IPlainGrain>("a").EnterAndDeactivate(_probe, "bye"));
        late.Single()();
        world.Executor.Run();
        Assert.NotEqual(first, World.Done(call));
    }

    [Fact]
    public void Background_tasks_of_a_silo_pause_and_die_with_it()
    {
        var world = new World();
        var turns = 0;
        _ = Task.Factory.StartNew(
            async () =>
            {
                while (true)
                {
                    turns++;
                    await Task.Delay(TimeSpan.FromSeconds(1), world.Time);
                }
            },
            CancellationToken.None,
            TaskCreationOptions.None,
            world.Silo.Scheduler);
        world.Executor.Run();
        world.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(3, turns);
        world.Silo.Pause();
        world.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(3, turns);
        world.Silo.Resume();
        world.Executor.Run();
        Assert.Equal(4, turns);
        world.Silo.Kill();
        world.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(4, turns);
    }

    [Fact]
    public void Silos_have_services_of_their_own()
    {
        var cluster = new World(silos: 0).Cluster;
        var one = cluster.AddSilo("one", silo => silo.Services.AddSingleton(new LifeLog()));
        var two = cluster.AddSilo("two", silo => silo.Services.AddSingleton(new LifeLog()));
        Assert.NotSame(one.Services.GetRequiredService<LifeLog>(), two.Services.GetRequiredService<LifeLog>());
        Assert.Same(one, one.Services.GetRequiredService<LocalSilo>());
    }

    private static List<string> Trace(int seed)
    {
        var world = new World(seed, silos: 2);
        var probe = new Probe();
        foreach (var door in new[] { "1", "2", "3", "4" })
        {
            probe.Open(door);
        }

        var calls = Enumerable.Range(0, 20).Select(i => Task.Factory.StartNew(
            () => world.Get<IReentrantGrain>($"{i % 3}").Enter(probe, $"{(i % 4) + 1}"),
            CancellationToken.None,
            TaskCreationOptions.None,
            world.Executor.Scheduler).Unwrap()).ToList();
        world.Executor.Run();
        Assert.All(calls, call => Assert.True(call.IsCompleted));
        return [.. world.Executor.Trace, .. probe.Log];
    }

    private static LocalSilo HomeOf(World world) => world.Cluster.Silos.Single(silo => silo.ActivationCount == 1);

    private World Lossy(int silos = 1) => _transport.World = new World(silos: silos, options: options => options.Transport = _transport);

    private sealed class LossyTransport : ICallTransport
    {
        public World? World { get; set; }

        public List<TransportedCall> Calls { get; } = [];

        public bool TurnsAway { get; set; }

        public Action<TransportedCall, Action> OnRequest { get; set; } = static (_, deliver) => deliver();

        public Action<TransportedCall, Action> OnResponse { get; set; } = static (_, deliver) => deliver();

        public void SendRequest(TransportedCall call, Action deliver, Action turnAway)
        {
            Calls.Add(call);
            if (TurnsAway)
            {
                turnAway();
            }
            else
            {
                OnRequest(call, deliver);
            }
        }

        public void SendResponse(TransportedCall call, Action deliver) => OnResponse(call, deliver);
    }
}

internal interface ILocalGrain : IGrainWithStringKey
{
    Task<string> Silo();
}

[PreferLocalPlacement]
internal sealed class LocalGrain : Grain, ILocalGrain
{
    public Task<string> Silo() => Task.FromResult(GrainContext.ToString()!);
}
