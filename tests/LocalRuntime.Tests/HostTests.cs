using Gongji.LocalRuntime.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Gongji.LocalRuntime.Tests;

/// <summary>A silo in a host that starts and stops it.</summary>
public class HostTests
{
    private readonly LifeLog _log = new();

    [Fact]
    public async Task Host_with_UseOrleans_runs_grains_and_gives_them_its_services()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.UseOrleans(silo => silo.UseLocalhostClustering(serviceId: "gongji").Services.AddSingleton(_log));
        using var host = builder.Build();
        await host.StartAsync();
        Assert.Equal("gongji", host.Services.GetRequiredService<IOptions<ClusterOptions>>().Value.ServiceId);
        Assert.Same(host.Services.GetRequiredService<IClusterClient>(), host.Services.GetRequiredService<IGrainFactory>());
        await host.Services.GetRequiredService<IGrainFactory>().GetGrain<ILifeGrain>("a").Instance();
        await host.StopAsync();
        Assert.Equal(["activate", "deactivate ShuttingDown"], _log.Probe.Log);
    }

    [Fact]
    public async Task Host_builder_of_the_older_kind_works_too()
    {
        using var host = new HostBuilder().UseOrleans(silo => silo.Services.AddSingleton(_log)).Build();
        await host.StartAsync();
        await host.Services.GetRequiredService<IClusterClient>().GetGrain<ILifeGrain>("a").Instance();
        await host.StopAsync();
    }

    [Fact]
    public void Stopping_lets_calls_in_flight_finish_and_refuses_new_ones()
    {
        var world = new World(configure: silo => silo.Services.AddSingleton(_log));
        var client = world.Silo.Client;
        var running = world.Start(() => client.GetGrain<ILifeGrain>("a").Hold(_log.Probe, "1"));
        var waiting = world.Start(() => client.GetGrain<ILifeGrain>("a").Hold(_log.Probe, "2"));
        var silo = world.Silo;
        var stop = world.Start(() => silo.StopAsync());
        var refused = world.Start(() => client.GetGrain<ILifeGrain>("b").Instance());
        Assert.Throws<SiloUnavailableException>(() => World.Done(refused));
        Assert.False(stop.IsCompleted);
        _log.Probe.Open("1");
        _log.Probe.Open("2");
        world.Executor.Run();
        World.Done(running);
        World.Done(waiting);
        World.Done(stop);
        Assert.Equal("deactivate ShuttingDown", _log.Probe.Log[^1]);
    }

    [Fact]
    public void Stopping_does_not_wait_forever()
    {
        var world = new World(configure: silo =>
        {
            silo.Services.AddSingleton(_log);
            silo.Configure<GrainCollectionOptions>(options => options.DeactivationTimeout = TimeSpan.FromSeconds(5));
        });
        var silo = world.Silo;
        world.Start(() => silo.Client.GetGrain<ILifeGrain>("a").Hold(_log.Probe, "never"));
        var stop = world.Start(() => silo.StopAsync());
        world.Advance(TimeSpan.FromSeconds(11));
        World.Done(stop);
    }

    [Fact]
    public void Stopping_one_of_several_silos_moves_its_grains()
    {
        var world = new World(silos: 2, configure: silo => silo.Services.AddSingleton(_log));
        var first = world.Run(world.Get<ILifeGrain>("a").Instance);
        var home = world.Cluster.Silos.Single(silo => silo.ActivationCount == 1);
        world.Run(() => home.StopAsync());
        Assert.NotEqual(first, world.Run(world.Get<ILifeGrain>("a").Instance));
        Assert.Single(world.Cluster.Silos);
    }

    [Fact]
    public void Scoped_services_live_as_long_as_their_activation()
    {
        var world = new World(configure: silo =>
        {
            silo.Services.AddSingleton(_log);
            silo.Services.AddScoped<ScopedThing>();
        });
        var grain = world.Get<IScopedGrain>("a");
        var name = world.Run(grain.Thing);
        Assert.Equal(name, world.Run(grain.Thing));
        Assert.NotEqual(name, world.Run(world.Get<IScopedGrain>("b").Thing));
        world.Run(grain.Leave);
        Assert.Equal([$"disposed {name}"], _log.Probe.Log);
    }
}

internal sealed class ScopedThing(LifeLog log) : IDisposable
{
    private static int _made;

    public int Number { get; } = Interlocked.Increment(ref _made);

    public void Dispose() => log.Probe.Add($"disposed {Number}");
}

internal interface IScopedGrain : IGrainWithStringKey
{
    Task<int> Thing();

    Task Leave();
}

internal sealed class ScopedGrain(ScopedThing thing, IGrainContext context) : Grain, IScopedGrain
{
    public Task<int> Thing() => Task.FromResult(thing.Number);

    public Task Leave()
    {
        context.Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationRequested, "Told to."));
        return Task.CompletedTask;
    }
}
