namespace Gongji.Grains;

/// <summary>
/// How a change of a region's rules comes into force on every silo before the operator reads the answer. A single silo is told at once. In a cluster, each silo
/// uses rules that it requested up to <see cref="RegionRulesCache.FreshFor"/> ago, and a region's grain uses state that it read or wrote up to <see cref="StateFreshFor"/> before
/// that, since it may not be the only activation: a silo that was taken for dead can still change rules. The answer to a change waits for both times.
/// </summary>
/// <param name="isClustered">Whether there may be other silos.</param>
/// <param name="time">Measures age. Never the ledger's clock, which may be far from the machine's.</param>
public sealed class RulesPropagation(bool isClustered, TimeProvider time)
{
    /// <summary>How old a region grain's knowledge of its state may be when it tells the rules.</summary>
    public static readonly TimeSpan StateFreshFor = TimeSpan.FromMilliseconds(400);

    /// <summary>A timestamp, for <see cref="IsFresh"/>.</summary>
    internal long Now => time.GetTimestamp();

    /// <summary>Whether state known at a given timestamp may still be told.</summary>
    internal bool IsFresh(long knownAt) => !isClustered || time.GetElapsedTime(knownAt) < StateFreshFor;

    /// <summary>Completes when no silo uses what was stored before any more.</summary>
    internal Task WaitAsync() => isClustered ? Task.Delay(RegionRulesCache.FreshFor + StateFreshFor, time, CancellationToken.None) : Task.CompletedTask;
}
