using Gongji.LocalRuntime.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Hosting;
using Orleans.Streams;

namespace Gongji.LocalRuntime.Tests;

/// <summary>In-memory streams.</summary>
public class StreamTests
{
    private readonly LifeLog _log = new();
    private readonly Probe _probe = new();
    private readonly World _world;

    public StreamTests() => _world = new World(configure: silo =>
    {
        silo.Services.AddSingleton(_log);
        silo.AddMemoryStreams("streams");
    });

    private IAsyncStream<int> News => _world.Silo.Client.GetStreamProvider("streams").GetStream<int>("ns", "news");

    [Fact]
    public void Events_reach_every_subscribed_grain_in_order()
    {
        _world.Run(() => _world.Get<IListenerGrain>("a").Listen(_probe, "news"));
        _world.Run(() => _world.Get<IListenerGrain>("b").Listen(_probe, "news"));
        _world.Run(async () =>
        {
            await _world.Get<ISpeakerGrain>("s").Say("news", 1);
            await _world.Get<ISpeakerGrain>("s").Say("news", 2);
            await _world.Get<ISpeakerGrain>("s").Say("other", 3);
        });
        Assert.Equal(["a 1", "a 2"], _probe.Log.Where(line => line[0] == 'a'));
        Assert.Equal(["b 1", "b 2"], _probe.Log.Where(line => line[0] == 'b'));
    }

    [Fact]
    public void Producer_does_not_wait_for_a_slow_subscriber_and_others_do_not_either()
    {
        _log.HoldTicks = true;
        _world.Run(() => _world.Get<IListenerGrain>("a").Listen(_probe, "news"));
        _world.Run(() => _world.Get<IListenerGrain>("b").Listen(_probe, "news"));
        _world.Run(() => News.OnNextAsync(1));
        _world.Run(() => News.OnNextAsync(2));
        _probe.Open("b 1");
        _world.Executor.Run();
        Assert.Equal(["a 1", "b 1", "b 2"], _probe.Log.Order());
    }

    [Fact]
    public void Client_subscription_gets_events_until_it_ends() => _world.Run(async () =>
    {
        var heard = new List<int>();
        var handle = await News.SubscribeAsync((number, token) =>
        {
            heard.Add(number);
            return Task.CompletedTask;
        });
        await News.OnNextAsync(1);
        await Task.Yield();
        _world.Executor.Run();
        await handle.UnsubscribeAsync();
        await News.OnNextAsync(2);
        _world.Executor.Run();
        Assert.Equal([1], heard);
    });

    [Fact]
    public void Event_activates_its_subscriber_which_resumes()
    {
        var grain = _world.Get<IListenerGrain>("a");
        _world.Run(() => grain.Listen(_probe, "news"));
        _world.Run(grain.Leave);
        Assert.Equal(0, _world.Silo.ActivationCount);
        _world.Run(() => News.OnNextAsync(7));
        Assert.Equal(["resumed 7"], _log.Probe.Log);
    }

    [Fact]
    public void Unsubscribed_grain_hears_nothing()
    {
        _world.Run(() => _world.Get<IListenerGrain>("a").Listen(_probe, "news"));
        _world.Run(() => _world.Get<IListenerGrain>("a").StopListening("news"));
        _world.Run(() => News.OnNextAsync(1));
        Assert.Empty(_probe.Log);
    }

    [Fact]
    public void Event_whose_subscriber_fails_comes_again_and_then_is_skipped()
    {
        _log.FailTicks = true;
        _world.Run(() => _world.Get<IListenerGrain>("a").Listen(_probe, "news"));
        _world.Run(() => News.OnNextAsync(1));
        _world.Run(() => News.OnNextAsync(2));
        _world.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(["a 1", "a 1", "a 1", "a 2", "a 2", "a 2"], _probe.Log);
    }

    [Fact]
    public void Completion_and_errors_reach_the_subscriber()
    {
        _world.Run(() => _world.Get<IListenerGrain>("a").Listen(_probe, "news"));
        _world.Run(() => News.OnErrorAsync(new TestFailureException("broken")));
        _world.Run(News.OnCompletedAsync);
        Assert.Equal(["error broken", "completed"], _probe.Log);
    }

    [Fact]
    public void Missing_stream_provider_is_named() =>
        Assert.Contains("\"none\"", Assert.Throws<KeyNotFoundException>(() => _world.Silo.Client.GetStreamProvider("none")).Message, StringComparison.Ordinal);
}
