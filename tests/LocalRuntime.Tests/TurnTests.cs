using Gongji.LocalRuntime.Tests.Support;

namespace Gongji.LocalRuntime.Tests;

/// <summary>Which requests to one grain may interleave, and in what order they run.</summary>
public class TurnTests
{
    private readonly World _world = new();
    private readonly Probe _probe = new();

    [Fact]
    public void Requests_of_a_plain_grain_run_one_after_another_in_order()
    {
        var grain = _world.Get<IPlainGrain>("a");
        foreach (var name in new[] { "1", "2", "3" })
        {
            _world.Start(() => grain.Enter(_probe, name));
        }

        Assert.Equal(["+1"], _probe.Log);
        Open("1", "2", "3");
        Assert.Equal(["+1", "-1", "+2", "-2", "+3", "-3"], _probe.Log);
    }

    [Fact]
    public void Requests_of_different_grains_run_side_by_side()
    {
        _world.Start(() => _world.Get<IPlainGrain>("a").Enter(_probe, "1"));
        _world.Start(() => _world.Get<IPlainGrain>("b").Enter(_probe, "2"));
        Assert.Equal(["+1", "+2"], _probe.Log);
    }

    [Fact]
    public void Reentrant_grain_interleaves_at_awaits()
    {
        var grain = _world.Get<IReentrantGrain>("a");
        _world.Start(() => grain.Enter(_probe, "1"));
        _world.Start(() => grain.Enter(_probe, "2"));
        Open("2", "1");
        Assert.Equal(["+1", "+2", "-2", "-1"], _probe.Log);
    }

    [Fact]
    public void AlwaysInterleave_method_overtakes_running_and_waiting_requests()
    {
        var grain = _world.Get<IPlainGrain>("a");
        _world.Start(() => grain.Enter(_probe, "1"));
        _world.Start(() => grain.Enter(_probe, "2"));
        _world.Start(() => grain.Interleave(_probe, "i"));
        Assert.Equal(["+1", "+i"], _probe.Log);
    }

    [Fact]
    public void ReadOnly_methods_interleave_with_each_other_only()
    {
        var grain = _world.Get<IPlainGrain>("a");
        _world.Start(() => grain.Read(_probe, "r1"));
        _world.Start(() => grain.Enter(_probe, "w"));
        _world.Start(() => grain.Read(_probe, "r2"));
        Assert.Equal(["+r1", "+r2"], _probe.Log);
        Open("r2");
        Assert.DoesNotContain("+w", _probe.Log);
        Open("r1");
        Assert.Contains("+w", _probe.Log);
    }

    [Fact]
    public void ReadOnly_method_waits_for_a_writer()
    {
        var grain = _world.Get<IPlainGrain>("a");
        _world.Start(() => grain.Enter(_probe, "w"));
        _world.Start(() => grain.Read(_probe, "r"));
        Assert.Equal(["+w"], _probe.Log);
    }

    [Fact]
    public void StatelessWorker_runs_as_many_side_by_side_as_it_has_workers()
    {
        var grain = _world.Silo.Client.GetGrain<IWorkerGrain>("a");
        foreach (var name in new[] { "1", "2", "3" })
        {
            _world.Start(() => grain.Enter(_probe, name));
        }

        Assert.Equal(["+1", "+2"], _probe.Log);
        Open("1");
        Assert.Equal(["+1", "+2", "-1", "+3"], _probe.Log);
    }

    [Fact]
    public void StatelessWorker_gives_every_silo_its_own()
    {
        var world = new World(silos: 2);
        var instances = world.Cluster.Silos.Select(silo => world.Run(() => silo.Client.GetGrain<IWorkerGrain>("a").Instance().AsTask())).ToList();
        Assert.NotEqual(instances[0], instances[1]);
    }

    [Fact]
    public void Call_back_into_the_caller_waits_until_it_times_out()
    {
        var call = _world.Start(() => _world.Get<IPlainGrain>("a").CallBack(_probe, "b", allowReentrancy: false));
        Assert.False(call.IsCompleted);
        Assert.Throws<TimeoutException>(() => _world.Await(call));
    }

    [Fact]
    public void Call_back_into_the_caller_runs_inside_AllowCallChainReentrancy() =>
        Assert.Equal("back", _world.Run(() => _world.Get<IPlainGrain>("a").CallBack(_probe, "b", allowReentrancy: true)));

    [Fact]
    public void AllowCallChainReentrancy_admits_only_its_own_chain()
    {
        var a = _world.Get<IPlainGrain>("a");
        _world.Start(() => _world.Get<IPlainGrain>("b").Enter(_probe, "b"));
        var chain = _world.Start(() => a.CallBack(_probe, "b", allowReentrancy: true));
        var stranger = _world.Start(() => a.Echo("stranger"));
        Assert.False(stranger.IsCompleted);
        Open("b");
        Assert.Equal("back", World.Done(chain));
        Assert.Equal("stranger", World.Done(stranger));
    }

    [Fact]
    public void Await_in_a_grain_comes_back_to_its_scheduler()
    {
        var call = _world.Start(() => _world.Get<IPlainGrain>("a").StaysOnActivation(_probe));
        Open("stay");
        Assert.True(World.Done(call));
    }

    [Fact]
    public async Task Turns_of_a_grain_never_run_in_parallel_on_the_thread_pool()
    {
        var silo = new LocalCluster().AddSilo("s");
        var grain = silo.Client.GetGrain<ICounterGrain>("a");
        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 2000; i++)
            {
                await grain.AddWithYield();
            }
        })));
        Assert.Equal(16 * 2000, await grain.Total());
        Assert.False(await grain.SawParallelTurns());
    }

    private void Open(params string[] doors)
    {
        foreach (var door in doors)
        {
            _probe.Open(door);
            _world.Executor.Run();
        }
    }
}
