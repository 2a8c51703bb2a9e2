namespace Gongji.Storage;

/// <summary>Where the embedded store is.</summary>
public sealed record SqliteStoreOptions
{
    /// <summary>The data directory; created when missing. The ledger is <c>ledger.db</c> in it.</summary>
    public required string Directory { get; init; }

    /// <summary>Opens the store only for reading, beside a process that may be writing (an audit of a running product): takes no lock, and every write throws.</summary>
    public bool ReadOnly { get; init; }
}
