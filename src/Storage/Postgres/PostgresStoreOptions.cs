namespace Gongji.Storage;

/// <summary>Where the PostgreSQL store is.</summary>
public sealed record PostgresStoreOptions
{
    /// <summary>An Npgsql connection string; pooling, timeouts and statement caching are set by the store.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>
    /// The most connections in each of two pools: one for commits, which opens as many as commit at the same time, and one for everything else. So the
    /// server must have room for twice as many.
    /// </summary>
    public int ConnectionsMax { get; init; } = StorageLimits.PostgresConnectionsMax;
}
