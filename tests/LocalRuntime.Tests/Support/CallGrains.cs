using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Gongji.LocalRuntime.Tests.Support;

internal interface ICounterGrain : IGrainWithStringKey
{
    Task AddWithYield();

    Task<long> Total();

    Task<bool> SawParallelTurns();
}

[Reentrant]
internal sealed class CounterGrain : Grain, ICounterGrain
{
    private long _total;
    private int _inside;
    private bool _parallel;

    public async Task AddWithYield()
    {
        Step();
        await Task.Yield();
        Step();
        _total++;
    }

    public Task<long> Total() => Task.FromResult(_total);

    public Task<bool> SawParallelTurns() => Task.FromResult(_parallel);

    private void Step()
    {
        _parallel |= Interlocked.Increment(ref _inside) != 1;
        Thread.SpinWait(20);
        Interlocked.Decrement(ref _inside);
    }
}

internal interface IEchoGrain : IGrainWithIntegerKey
{
    Task<int> Echo(int value);
}

internal sealed class EchoGrain : Grain, IEchoGrain
{
    // Answers at once, later, or so late that a short timeout fires first or at the same time.
    public async Task<int> Echo(int value)
    {
        for (var i = 0; i < value % 3; i++) await Task.Yield();
        if (value % 50 == 0) await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        return value;
    }
}

internal sealed class TestFailureException(string message) : Exception(message);

internal readonly record struct Wide(long A, long B, string C);

internal interface ICallGrain : IGrainWithIntegerKey
{
    Task Nothing();

    ValueTask NothingByValueTask();

    ValueTask<long> Sum(int a, long b, decimal c, Wide d, string? e);

    Task<Wide> Same(Wide value);

    Task Fail(string message);

    ValueTask<int> FailLater(Probe probe, string message);

    Task<string> WaitCancellable(Probe probe, string name, CancellationToken cancellationToken);

    [OneWay]
    Task Tell(Probe probe, string line);

    Task<string> ReadContext(string key);

    Task<string> ReadContextOfNext(string key);

    Task SetContext(string key, string value);

    Task<GrainId> Id();

    ValueTask<int> AwaitWithoutContext(Probe probe);

    Task<long> SumOfMany(int count);
}

internal sealed class CallGrain : Grain, ICallGrain
{
    public Task Nothing() => Task.CompletedTask;

    public ValueTask NothingByValueTask() => ValueTask.CompletedTask;

    public ValueTask<long> Sum(int a, long b, decimal c, Wide d, string? e) => new(a + b + (long)c + d.A + d.B + (e?.Length ?? 0));

    public Task<Wide> Same(Wide value) => Task.FromResult(value);

    public Task Fail(string message) => throw new TestFailureException(message);

    public async ValueTask<int> FailLater(Probe probe, string message)
    {
        await probe.Door("fail").Task;
        throw new TestFailureException(message);
    }

    public async Task<string> WaitCancellable(Probe probe, string name, CancellationToken cancellationToken)
    {
        try
        {
            await probe.Door(name).Task.WaitAsync(cancellationToken);
            return "opened";
        }
        catch (OperationCanceledException)
        {
            probe.Add("cancelled");
            throw;
        }
    }

    public Task Tell(Probe probe, string line)
    {
        probe.Add(line);
        return Task.FromException(new TestFailureException("Nobody hears this."));
    }

    public Task<string> ReadContext(string key) => Task.FromResult(RequestContext.Get(key) as string ?? "none");

    public async Task<string> ReadContextOfNext(string key)
    {
        await Task.Yield();
        return await GrainFactory.GetGrain<ICallGrain>(this.GetPrimaryKeyLong() + 1).ReadContext(key);
    }

    public Task SetContext(string key, string value)
    {
        RequestContext.Set(key, value);
        return Task.CompletedTask;
    }

    public Task<GrainId> Id() => Task.FromResult(this.GetGrainId());

    public async Task<long> SumOfMany(int count)
    {
        var other = GrainFactory.GetGrain<ICallGrain>(this.GetPrimaryKeyLong() + 1);
        var scheduler = TaskScheduler.Current;
        var parts = await Task.WhenAll(Enumerable.Range(0, count).Select(each => other.Sum(each, 0, 0, default, null).AsTask()));
        Assert.Same(scheduler, TaskScheduler.Current);
        return parts.Sum();
    }

    public async ValueTask<int> AwaitWithoutContext(Probe probe)
    {
        var other = GrainFactory.GetGrain<ICallGrain>(this.GetPrimaryKeyLong() + 1);
        await other.NothingByValueTask().ConfigureAwait(false);
        probe.Add(TaskScheduler.Current == TaskScheduler.Default ? "outside" : "inside");
        return 1;
    }
}

internal interface INowhereGrain : IGrainWithStringKey
{
    Task Nothing();
}

internal interface IGenericMethodGrain : IGrainWithStringKey
{
    Task Set<T>(T value);
}

internal sealed class GenericMethodGrain : Grain, IGenericMethodGrain
{
    public Task Set<T>(T value) => Task.CompletedTask;
}

internal interface IRefGrain : IGrainWithStringKey
{
    Task Set(ref int value);
}

internal sealed class RefGrain : Grain, IRefGrain
{
    public Task Set(ref int value) => Task.CompletedTask;
}

internal interface ISequenceGrain : IGrainWithStringKey
{
    IAsyncEnumerable<int> All();
}

internal sealed class SequenceGrain : Grain, ISequenceGrain
{
    public IAsyncEnumerable<int> All() => throw new NotSupportedException();
}

internal interface ITwiceGrain : IGrainWithStringKey
{
    Task<string> Name();
}

internal sealed class FirstTwiceGrain : Grain, ITwiceGrain
{
    public Task<string> Name() => Task.FromResult("first");
}

internal sealed class SecondTwiceGrain : Grain, ITwiceGrain
{
    public Task<string> Name() => Task.FromResult("second");
}
