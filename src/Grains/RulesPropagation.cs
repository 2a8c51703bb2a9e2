namespace Gongji.Grains;

/// <summary>
/// How a change of a region's rules gets to be in force on every silo, so that it is when the operator reads the answer. One silo alone is told at once. Where there are several, each
/// goes by rules that it asked for a moment ago (<see cref="RegionRulesCache.FreshFor"/>), and a region's grain by what it read, or wrote, a moment before that
/// (<see cref="StateFreshFor"/>), since it may not be the only activation: a silo that was taken for dead can still change rules. The answer to a change waits for both.
/// </summary>
/// <param name="isClustered">Whether there may be other silos.</param>
/// <param name="time">Measures age; never the ledger's clock, which may stand far from it.</param>
public sealed class RulesPropagation(bool isClustered, TimeProvider time)
{
    /// <summary>How old what a region's grain knows of its state may be when it says what the rules are.</summary>
    public static readonly TimeSpan StateFreshFor = TimeSpan.FromMilliseconds(400);

    /// <summary>A timestamp, for <see cref="IsFresh"/>.</summary>
    internal long Now => time.GetTimestamp();

    /// <summary>Whether what was known at a moment may still be told.</summary>
    internal bool IsFresh(long knownAt) => !isClustered || time.GetElapsedTime(knownAt) < StateFreshFor;

    /// <summary>Ends when nobody goes by what was stored before.</summary>
    internal Task WaitAsync() => isClustered ? Task.Delay(RegionRulesCache.FreshFor + StateFreshFor, time, CancellationToken.None) : Task.CompletedTask;
}
