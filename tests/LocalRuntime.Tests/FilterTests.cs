using Gongji.LocalRuntime.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Gongji.LocalRuntime.Tests;

/// <summary>Call filters.</summary>
public class FilterTests
{
    private readonly List<string> _log = [];

    [Fact]
    public void Incoming_filters_run_around_the_call_in_order_and_see_it()
    {
        var world = new World(configure: silo => silo
            .AddIncomingGrainCallFilter(new Incoming(async context =>
            {
                _log.Add($"1 {context.MethodName}({context.Request.GetArgument(0)}) of {context.Request.GetArgumentCount()} on {context.TargetId} {context.Grain is CallGrain}");
                await context.Invoke();
                _log.Add($"1 = {context.Result}");
            }))
            .AddIncomingGrainCallFilter(new Incoming(async context =>
            {
                await context.Invoke();
                _log.Add("2");
            })));
        Assert.Equal(6, world.Run(() => world.Silo.Client.GetGrain<ICallGrain>(1).Sum(1, 2, 3, default, null).AsTask()));
        Assert.Equal(["1 Sum(1) of 5 on call/1 True", "2", "1 = 6"], _log);
    }

    [Fact]
    public void Incoming_filter_can_answer_replace_the_result_and_translate_exceptions()
    {
        var world = new World(configure: silo => silo.AddIncomingGrainCallFilter(new Incoming(async context =>
        {
            if (context.MethodName == nameof(ICallGrain.ReadContext))
            {
                context.Result = "answered";
                return;
            }

            try
            {
                await context.Invoke();
                context.Result = context.Result is long sum ? sum + 100 : context.Result;
            }
            catch (TestFailureException error)
            {
                throw new InvalidOperationException("translated", error);
            }
        })));
        var grain = world.Silo.Client.GetGrain<ICallGrain>(1);
        Assert.Equal("answered", world.Run(() => grain.ReadContext("a")));
        Assert.Equal(103, world.Run(() => grain.Sum(1, 1, 1, default, null).AsTask()));
        Assert.Equal("translated", Assert.Throws<InvalidOperationException>(() => world.Run(() => grain.Fail("no"))).Message);
    }

    [Fact]
    public void Filter_that_invokes_again_after_a_failure_goes_through_those_behind_it_again()
    {
        var world = new World(configure: silo => silo
            .AddIncomingGrainCallFilter(new Incoming(async context =>
            {
                try
                {
                    await context.Invoke();
                }
                catch (TestFailureException)
                {
                    await context.Invoke();
                }
            }))
            .AddIncomingGrainCallFilter(new Incoming(async context =>
            {
                _log.Add("behind");
                if (_log.Count == 1)
                {
                    throw new TestFailureException("lost");
                }

                await context.Invoke();
            })));
        Assert.Equal(6, world.Run(() => world.Silo.Client.GetGrain<ICallGrain>(1).Sum(1, 2, 3, default, null).AsTask()));
        Assert.Equal(["behind", "behind"], _log);
    }

    [Fact]
    public void Grain_that_is_a_filter_filters_its_own_calls()
    {
        var world = new World();
        Assert.Equal("filtered original", world.Run(world.Get<ISelfFilteringGrain>("a").Name));
    }

    [Fact]
    public void Outgoing_filter_sees_calls_of_clients_and_grains_and_can_retry()
    {
        var failures = 1;
        var world = new World(configure: silo => silo.AddOutgoingGrainCallFilter(new Outgoing(async context =>
        {
            _log.Add($"{context.SourceContext?.GrainId.ToString() ?? "client"} -> {context.TargetId}");
            try
            {
                await context.Invoke();
                if (failures-- > 0)
                {
                    throw new TestFailureException("lost");
                }
            }
            catch (TestFailureException)
            {
                await context.Invoke();
            }
        })));
        world.Run(async () =>
        {
            RequestContext.Set("who", "me");
            Assert.Equal("me", await world.Silo.Client.GetGrain<ICallGrain>(1).ReadContextOfNext("who"));
        });
        Assert.Equal(["client -> call/1", "call/1 -> call/2"], _log.Take(2));
    }

    [Fact]
    public void Filters_can_be_services()
    {
        var world = new World(configure: silo =>
        {
            silo.Services.AddSingleton(_log);
            silo.AddIncomingGrainCallFilter<LoggingFilter>().AddOutgoingGrainCallFilter<LoggingFilter>();
        });
        world.Run(world.Silo.Client.GetGrain<ICallGrain>(1).Nothing);
        Assert.Equal(["out", "in"], _log);
    }

    private sealed class Incoming(Func<IIncomingGrainCallContext, Task> filter) : IIncomingGrainCallFilter
    {
        public Task Invoke(IIncomingGrainCallContext context) => filter(context);
    }

    private sealed class Outgoing(Func<IOutgoingGrainCallContext, Task> filter) : IOutgoingGrainCallFilter
    {
        public Task Invoke(IOutgoingGrainCallContext context) => filter(context);
    }

    private sealed class LoggingFilter(List<string> log) : IIncomingGrainCallFilter, IOutgoingGrainCallFilter
    {
        public Task Invoke(IIncomingGrainCallContext context)
        {
            log.Add("in");
            return context.Invoke();
        }

        public Task Invoke(IOutgoingGrainCallContext context)
        {
            log.Add("out");
            return context.Invoke();
        }
    }
}

internal interface ISelfFilteringGrain : IGrainWithStringKey
{
    Task<string> Name();
}

internal sealed class SelfFilteringGrain : Grain, ISelfFilteringGrain, IIncomingGrainCallFilter
{
    public Task<string> Name() => Task.FromResult("original");

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        await context.Invoke();
        context.Result = $"filtered {context.Result}";
    }
}
