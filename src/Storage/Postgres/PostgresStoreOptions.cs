namespace Gongji.Storage;

/// <summary>Where the PostgreSQL store is.</summary>
public sealed record PostgresStoreOptions
{
    /// <summary>An Npgsql connection string; pooling, timeouts and statement caching are set by the store.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>Connections at most.</summary>
    public int ConnectionsMax { get; init; } = StorageLimits.PostgresConnectionsMax;
}
