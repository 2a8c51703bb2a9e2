namespace Gongji.Simulation.Running;

/// <summary>Counts how often each fault and each branch was reached.</summary>
public sealed class Coverage
{
    private static readonly CoveragePoint[] Points = Enum.GetValues<CoveragePoint>();
    private readonly long[] _counts = new long[Points.Length];

    public static IReadOnlyList<CoveragePoint> All => Points;

    public long this[CoveragePoint point] => _counts[(int)point];

    /// <summary>The number of injected faults of all kinds.</summary>
    public long Faults => Points.Where(point => point <= CoveragePoint.ClockJumped).Sum(point => _counts[(int)point]);

    /// <summary>
    /// The points that must be reached and never were. Giving up on a contended account is exempt: hardly any account is that contended since repeats
    /// are found together.
    /// </summary>
    public IReadOnlyList<CoveragePoint> Missing => [.. Points.Where(point => _counts[(int)point] == 0 && point != CoveragePoint.AccountContended)];

    public void Hit(CoveragePoint point) => _counts[(int)point]++;

    public void Add(Coverage other)
    {
        for (int i = 0; i < _counts.Length; i++)
        {
            _counts[i] += other._counts[i];
        }
    }
}
