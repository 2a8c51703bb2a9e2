using Gongji.Simulation.Running;
using Gongji.Simulation.Store;

namespace Gongji.Simulation.Oracle;

/// <summary>Sees everything that becomes durable, at the moment it does.</summary>
public interface ILedgerWatch
{
    /// <summary>A batch is there.</summary>
    void OnCommitted(SealedBatch batch, SimulatedDatabase database);

    /// <summary>A sweep has found a hold: due or with automatic acceptance, or already answered.</summary>
    void OnFound(StoredHold hold, DateTimeOffset dueBy);

    /// <summary>A snapshot was written.</summary>
    void OnSnapshot(AccountSnapshot snapshot);

    /// <summary>A region's cap was set, in fen; null for none.</summary>
    void OnCap(RegionCode region, long? capFen);

    /// <summary>Something happened to a slice of a region's headroom.</summary>
    void OnSlice(CoveragePoint what);

    /// <summary>Grain state was written.</summary>
    void OnDocument(string name, string key, byte[] payload);
}
