using Gongji.Simulation.Kernel;
using Orleans.Hosting;

namespace Gongji.Simulation.Cluster;

/// <summary>The configuration of a silo.</summary>
public sealed record SiloPlan
{
    /// <summary>The error of its clock at the start.</summary>
    public TimeSpan ClockError { get; init; }

    public required JournalOptions Journal { get; init; }

    /// <summary>How long accounts may be idle before they are deactivated.</summary>
    public required TimeSpan CollectionAge { get; init; }

    /// <summary>How many debits a slice of a region's headroom covers.</summary>
    public required int DebitsPerSlice { get; init; }

    /// <summary>For planted bugs: wraps the real journal.</summary>
    public Func<IJournal, IJournal>? WrapJournal { get; init; }

    /// <summary>For planted bugs: replaces the time of the ledger's clock.</summary>
    public Func<SiloClock, TimeProvider>? LedgerTime { get; init; }

    /// <summary>For planted bugs: replaces the time of the rules cache.</summary>
    public TimeProvider? CacheTime { get; init; }

    /// <summary>For planted bugs: adds call filters.</summary>
    public Action<ISiloBuilder>? Configure { get; init; }
}
