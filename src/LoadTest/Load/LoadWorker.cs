namespace Gongji.LoadTest;

/// <summary>One of the callers of a load, with its own source of chance.</summary>
/// <param name="index">Its number, from 0.</param>
/// <param name="seed">The seed of its source of chance.</param>
internal sealed class LoadWorker(int index, ulong seed)
{
    private volatile bool _isStopping;

    public int Index { get; } = index;

    public Chance Chance { get; } = new(seed);

    /// <summary>Whether the load is stopping: a long operation then ends early.</summary>
    public bool IsStopping => _isStopping;

    public void Stop() => _isStopping = true;
}
