using Gongji.LocalRuntime.Tests.Support;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Gongji.LocalRuntime.Tests;

/// <summary>What a call transports in each direction.</summary>
public class CallTests
{
    private readonly World _world = new(configure: silo => silo.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromSeconds(5)));
    private readonly Probe _probe = new();

    private ICallGrain Grain => _world.Silo.Client.GetGrain<ICallGrain>(7);

    [Fact]
    public void Call_with_every_kind_of_result_returns_it() => _world.Run(async () =>
    {
        await Grain.Nothing();
        await Grain.NothingByValueTask();
        Assert.Equal(1 + 2 + 3 + 4 + 5 + 2, await Grain.Sum(1, 2, 3, new Wide(4, 5, ""), "ab"));
        Assert.Equal(new Wide(1, 2, "c"), await Grain.Same(new Wide(1, 2, "c")));
    });

    [Fact]
    public void Exception_of_a_grain_reaches_the_caller_with_its_stack()
    {
        var error = Assert.Throws<TestFailureException>(() => _world.Run(() => Grain.Fail("no")));
        Assert.Equal("no", error.Message);
        Assert.Contains(nameof(CallGrain), error.StackTrace, StringComparison.Ordinal);
    }

    [Fact]
    public void Exception_after_an_await_reaches_the_caller()
    {
        var call = _world.Start(() => Grain.FailLater(_probe, "later").AsTask());
        _probe.Open("fail");
        _world.Executor.Run();
        Assert.Equal("later", Assert.Throws<TestFailureException>(() => World.Done(call)).Message);
    }

    [Fact]
    public void Call_without_answer_in_time_throws_TimeoutException_and_still_runs()
    {
        var grain = _world.Silo.Client.GetGrain<IPlainGrain>("a");
        var call = _world.Start(() => grain.Enter(_probe, "1"));
        var queued = _world.Start(() => grain.Enter(_probe, "2"));
        _world.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(call.IsCompleted);
        _world.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Throws<TimeoutException>(() => World.Done(call));
        Assert.Throws<TimeoutException>(() => World.Done(queued));
        _probe.Open("1");
        _probe.Open("2");
        _world.Executor.Run();
        Assert.Equal(["+1", "-1", "+2", "-2"], _probe.Log);
    }

    [Fact]
    public void Late_answer_of_a_timed_out_call_does_not_answer_another()
    {
        var grain = _world.Silo.Client.GetGrain<IPlainGrain>("a");
        var late = _world.Start(() => grain.Enter(_probe, "1"));
        _world.Advance(TimeSpan.FromSeconds(6));
        Assert.Throws<TimeoutException>(() => World.Done(late));
        var next = _world.Start(() => grain.Enter(_probe, "2"));
        _probe.Open("1");
        _world.Executor.Run();
        Assert.False(next.IsCompleted);
        _probe.Open("2");
        _world.Executor.Run();
        Assert.True(next.IsCompletedSuccessfully);
    }

    [Fact]
    public void Cancellation_ends_the_wait_at_once_and_reaches_the_grain()
    {
        using var cancellation = new CancellationTokenSource();
        var call = _world.Start(() => Grain.WaitCancellable(_probe, "door", cancellation.Token));
        cancellation.Cancel();
        _world.Executor.Run();
        Assert.True(call.IsCanceled);
        Assert.Equal(["cancelled"], _probe.Log);
    }

    [Fact]
    public void Cancelled_token_prevents_the_call()
    {
        var call = _world.Start(() => Grain.WaitCancellable(_probe, "door", new CancellationToken(canceled: true)));
        Assert.True(call.IsCanceled);
        Assert.Empty(_probe.Log);
    }

    [Fact]
    public void OneWay_call_completes_at_once_and_hides_the_outcome()
    {
        _world.Run(() => Grain.Tell(_probe, "told"));
        Assert.Equal(["told"], _probe.Log);
    }

    [Fact]
    public void RequestContext_flows_along_the_chain_and_not_back() => _world.Run(async () =>
    {
        RequestContext.Set("who", "caller");
        Assert.Equal("caller", await Grain.ReadContext("who"));
        Assert.Equal("caller", await Grain.ReadContextOfNext("who"));
        await Grain.SetContext("who", "callee");
        Assert.Equal("caller", RequestContext.Get("who"));
        RequestContext.Clear();
        Assert.Equal("none", await Grain.ReadContext("who"));
    });

    [Fact]
    public void RequestContext_Remove_takes_one_value() => _world.Run(async () =>
    {
        RequestContext.Set("a", "1");
        RequestContext.Set("b", "2");
        Assert.True(RequestContext.Remove("a"));
        Assert.Equal("none", await Grain.ReadContext("a"));
        Assert.Equal("2", await Grain.ReadContext("b"));
    });

    [Fact]
    public void Identity_is_the_same_for_references_and_in_the_grain() => _world.Run(async () =>
    {
        Assert.Equal(7, Grain.GetPrimaryKeyLong());
        Assert.Equal(GrainId.Create("call", "7"), await Grain.Id());
        Assert.Equal("call/7", Grain.GetGrainId().ToString());
        Assert.Equal((GrainReference)Grain, (GrainReference)_world.Silo.Client.GetGrain<ICallGrain>(Grain.GetGrainId()));
        Assert.Throws<ArgumentException>(() => Grain.GetPrimaryKey());
    });

    [Fact]
    public async Task Await_without_context_of_a_grain_call_leaves_the_activation()
    {
        var silo = new LocalCluster().AddSilo("s");
        Assert.Equal(1, await silo.Client.GetGrain<ICallGrain>(1).AwaitWithoutContext(_probe));
        Assert.Equal(["outside"], _probe.Log);
    }

    [Fact]
    public void WhenAll_over_calls_of_a_grain_comes_back_to_it() =>
        Assert.Equal(Enumerable.Range(0, 10).Sum(), _world.Run(() => Grain.SumOfMany(10)));

    [Fact]
    public void GetGrain_of_an_interface_without_class_names_it()
    {
        var error = Assert.Throws<ArgumentException>(() => _world.Get<INowhereGrain>("a"));
        Assert.Contains(nameof(INowhereGrain), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GetGrain_of_an_ambiguous_interface_needs_a_prefix()
    {
        Assert.Throws<ArgumentException>(() => _world.Get<ITwiceGrain>("a"));
        var grain = _world.Silo.Client.GetGrain<ITwiceGrain>("a", "Gongji.LocalRuntime.Tests.Support.Second");
        Assert.Equal("second", _world.Run(grain.Name));
    }

    [Fact]
    public void GetGrain_of_an_unsupported_shape_says_what_to_do_instead()
    {
        Assert.Contains("one method per type", Assert.Throws<NotSupportedException>(() => _world.Get<IGenericMethodGrain>("a")).Message, StringComparison.Ordinal);
        Assert.Contains("return a result", Assert.Throws<NotSupportedException>(() => _world.Get<IRefGrain>("a")).Message, StringComparison.Ordinal);
        Assert.Contains("return pages", Assert.Throws<NotSupportedException>(() => _world.Get<ISequenceGrain>("a")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Grain_made_by_new_says_how_it_is_done() =>
        Assert.Contains("IGrainFactory", Assert.Throws<InvalidOperationException>(() => new CallGrain()).Message, StringComparison.Ordinal);
}
