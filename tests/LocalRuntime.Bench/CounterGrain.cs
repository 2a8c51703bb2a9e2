using Orleans;

namespace Gongji.LocalRuntime.Bench;

/// <summary>A grain that does next to nothing, so that a benchmark measures the call.</summary>
public interface ICounterGrain : IGrainWithIntegerKey
{
    /// <summary>Adds, awaited as a value task.</summary>
    ValueTask<long> Add(long amount);

    /// <summary>Adds, awaited as a task.</summary>
    Task<long> AddByTask(long amount);
}

/// <inheritdoc cref="ICounterGrain"/>
public sealed class CounterGrain : Grain, ICounterGrain
{
    private long _total;

    public ValueTask<long> Add(long amount) => new(_total += amount);

    public Task<long> AddByTask(long amount) => Task.FromResult(_total += amount);
}
