namespace Gongji.Grains.Tests;

/// <summary>A grain that never leaves, and counts how often it was asked to.</summary>
internal sealed class AskedGrain : IAccountGrain
{
    private int _askedToLeave;

    public int AskedToLeave => Volatile.Read(ref _askedToLeave);

    public void Leave() => Interlocked.Increment(ref _askedToLeave);
}
