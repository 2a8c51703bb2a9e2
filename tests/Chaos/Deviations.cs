namespace Gongji.Chaos;

/// <summary>Collects everything that was not as it must be. Thread-safe.</summary>
internal sealed class Deviations
{
    private readonly Lock _gate = new();
    private readonly List<string> _kept = [];
    private int _count;
    private int _lost;
    private int _doubled;

    public int Count => Volatile.Read(ref _count);

    /// <summary>The number of answered commands that are not in the ledger as they were answered.</summary>
    public int Lost => Volatile.Read(ref _lost);

    /// <summary>The number of commands that were done more than once.</summary>
    public int Doubled => Volatile.Read(ref _doubled);

    public IReadOnlyList<string> Kept
    {
        get
        {
            lock (_gate)
            {
                return [.. _kept];
            }
        }
    }

    public void Add(FormattableString what)
    {
        Interlocked.Increment(ref _count);
        lock (_gate)
        {
            if (_kept.Count < ChaosLimits.DeviationsKept)
            {
                _kept.Add(what.ToString(CultureInfo.InvariantCulture));
            }
        }
    }

    public void AddLost(FormattableString what)
    {
        Interlocked.Increment(ref _lost);
        Add($"LOST: {what.ToString(CultureInfo.InvariantCulture)}");
    }

    public void AddDoubled(FormattableString what)
    {
        Interlocked.Increment(ref _doubled);
        Add($"DOUBLED: {what.ToString(CultureInfo.InvariantCulture)}");
    }
}
