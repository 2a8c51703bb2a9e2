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

    /// <summary>Grain state was written.</summary>
    void OnDocument(string name, string key, byte[] payload);
}
