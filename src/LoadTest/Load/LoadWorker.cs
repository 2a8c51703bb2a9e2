namespace Gongji.LoadTest;

/// <summary>One of the callers of a load, with a source of chance of its own.</summary>
/// <param name="index">Its number, from 0.</param>
/// <param name="seed">Of its chance.</param>
internal sealed class LoadWorker(int index, ulong seed)
{
    private volatile bool _isStopping;

    public int Index { get; } = index;

    public Chance Chance { get; } = new(seed);

    /// <summary>Nothing more is wanted: an operation that goes on for long ends early.</summary>
    public bool IsStopping => _isStopping;

    public void Stop() => _isStopping = true;
}
