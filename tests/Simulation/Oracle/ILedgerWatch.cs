using Gongji.Simulation.Running;
using Gongji.Simulation.Store;

namespace Gongji.Simulation.Oracle;

/// <summary>Is told of everything that becomes durable, at the moment it does.</summary>
public interface ILedgerWatch
{
    /// <summary>A batch was committed.</summary>
    void OnCommitted(SealedBatch batch, SimulatedDatabase database);

    /// <summary>A sweep found a hold that is due or has automatic acceptance, or one that is already answered.</summary>
    void OnFound(StoredHold hold, DateTimeOffset dueBy);

    /// <summary>A snapshot was written.</summary>
    void OnSnapshot(AccountSnapshot snapshot);

    /// <summary>A region's cap was set, in fen; null for none.</summary>
    void OnCap(RegionCode region, long? capFen);

    /// <summary>A slice of a region's headroom changed.</summary>
    void OnSlice(CoveragePoint what);

    /// <summary>Grain state was written.</summary>
    void OnDocument(string name, string key, byte[] payload);
}
