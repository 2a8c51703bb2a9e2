using Gongji.LocalRuntime.Tests.Support;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Runtime.Hosting;
using Orleans.Storage;

namespace Gongji.LocalRuntime.Tests;

/// <summary>Persistent grain state.</summary>
public class StateTests
{
    private readonly TrickyStorage _tricky = new();
    private readonly World _world = new(configure: silo => silo.AddMemoryGrainStorage("store"));

    [Fact]
    public void State_written_is_read_by_the_next_activation()
    {
        var grain = _world.Get<ISavingGrain>("a");
        _world.Run(() => grain.Set(5, write: true));
        _world.Run(grain.Leave);
        Assert.Equal(5, _world.Run(grain.Value));
    }

    [Fact]
    public void State_changed_but_not_written_is_not_stored()
    {
        var grain = _world.Get<ISavingGrain>("a");
        _world.Run(() => grain.Set(5, write: true));
        _world.Run(() => grain.Set(6, write: false));
        _world.Run(grain.Leave);
        Assert.Equal(5, _world.Run(grain.Value));
    }

    [Fact]
    public void Etag_changes_with_every_write_and_goes_with_a_clear()
    {
        var grain = _world.Get<ISavingGrain>("a");
        Assert.Equal((null, false), _world.Run(grain.Version));
        _world.Run(() => grain.Set(1, write: true));
        var (first, exists) = _world.Run(grain.Version);
        Assert.True(exists);
        _world.Run(() => grain.Set(2, write: true));
        Assert.NotEqual(first, _world.Run(grain.Version).Etag);
        _world.Run(grain.Clear);
        Assert.Equal((null, false), _world.Run(grain.Version));
        Assert.Equal(0, _world.Run(grain.Value));
    }

    [Fact]
    public void State_is_shared_by_the_silos_of_a_cluster()
    {
        var world = new World(silos: 2, configure: silo => silo.AddMemoryGrainStorage("store"));
        var grain = world.Get<ISavingGrain>("a");
        world.Run(() => grain.Set(5, write: true));
        world.Cluster.Evict(world.Cluster.Silos.Single(silo => silo.ActivationCount == 1));
        Assert.Equal(5, world.Run(grain.Value));
    }

    [Fact]
    public void Stale_etag_throws_InconsistentStateException_and_drops_the_activation()
    {
        var world = Tricky();
        var grain = world.Get<ISavingGrain>("a");
        world.Run(() => grain.Set(1, write: true));
        var first = world.Run(grain.Instance);
        _tricky.WriteBehind(grain.GetGrainId());
        var error = Assert.Throws<InconsistentStateException>(() => world.Run(() => grain.Set(2, write: true)));
        Assert.Equal(("100", "1"), (error.StoredEtag, error.CurrentEtag));
        Assert.NotEqual(first, world.Run(grain.Instance));
        world.Run(() => grain.Set(3, write: true));
    }

    [Fact]
    public void InconsistentStateException_of_a_callee_does_not_drop_the_caller()
    {
        var world = Tricky();
        var callee = world.Get<ISavingGrain>("callee");
        var caller = world.Get<ISavingGrain>("caller");
        world.Run(() => callee.Set(1, write: true));
        var instance = world.Run(caller.Instance);
        _tricky.WriteBehind(callee.GetGrainId());
        Assert.Throws<InconsistentStateException>(() => world.Run(() => caller.CallAndFail("callee")));
        Assert.Equal(instance, world.Run(caller.Instance));
    }

    [Fact]
    public void Failing_storage_fails_the_activation_with_OrleansException()
    {
        var world = Tricky();
        _tricky.FailReads = true;
        var error = Assert.Throws<OrleansException>(() => world.Run(world.Get<ISavingGrain>("a").Value));
        Assert.IsType<IOException>(error.InnerException);
        _tricky.FailReads = false;
        Assert.Equal(0, world.Run(world.Get<ISavingGrain>("a").Value));
    }

    [Fact]
    public void Missing_storage_is_named()
    {
        var world = new World();
        var error = Assert.Throws<InvalidOperationException>(() => world.Run(world.Get<ISavingGrain>("a").Value));
        Assert.Contains("\"store\"", error.Message, StringComparison.Ordinal);
    }

    private World Tricky() => new(configure: silo => silo.Services.AddGrainStorage("store", (_, _) => _tricky));
}
