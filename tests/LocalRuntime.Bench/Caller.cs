namespace Gongji.LocalRuntime.Bench;

/// <summary>One of the concurrent callers: chooses the grain to call next, and counts its calls.</summary>
internal sealed class Caller(int number, int grains)
{
    private uint _random = (uint)number * 7919u;
    private volatile bool _stopped;

    public long Calls { get; private set; }

    /// <summary>The next grain to call; -1 to stop.</summary>
    public int Next()
    {
        if (_stopped) return -1;
        Calls++;
        _random = unchecked((_random * 1664525u) + 1013904223u);
        return (int)(_random % (uint)grains);
    }

    public void Stop() => _stopped = true;
}
