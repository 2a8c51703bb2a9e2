using Gongji.Simulation.Kernel;
using Orleans.Hosting;

namespace Gongji.Simulation.Cluster;

/// <summary>How a silo is set up.</summary>
public sealed record SiloPlan
{
    /// <summary>How wrong its clock is at the start.</summary>
    public TimeSpan ClockError { get; init; }

    public required JournalOptions Journal { get; init; }

    /// <summary>How long accounts may be idle before they are put to sleep.</summary>
    public required TimeSpan CollectionAge { get; init; }

    /// <summary>How many debits a slice of a region's headroom should cover.</summary>
    public required int DebitsPerSlice { get; init; }

    /// <summary>For planted bugs: a journal around the real one.</summary>
    public Func<IJournal, IJournal>? WrapJournal { get; init; }

    /// <summary>For planted bugs: another time for the ledger's clock.</summary>
    public Func<SiloClock, TimeProvider>? LedgerTime { get; init; }

    /// <summary>For planted bugs: another time for the cache of rules.</summary>
    public TimeProvider? CacheTime { get; init; }

    /// <summary>For planted bugs: call filters.</summary>
    public Action<ISiloBuilder>? Configure { get; init; }
}
