using Npgsql;

namespace Gongji.Storage;

/// <summary>A connection in a transaction that sees an exported snapshot, for reading whole tables.</summary>
internal sealed class SnapshotConnection : IAsyncDisposable
{
    private readonly NpgsqlTransaction _transaction;

    private SnapshotConnection(NpgsqlConnection connection, NpgsqlTransaction transaction) => (Connection, _transaction) = (connection, transaction);

    public NpgsqlConnection Connection { get; }

    /// <exception cref="StoreUnavailableException">No connection could be opened.</exception>
    public static async Task<SnapshotConnection> OpenAsync(PostgresConnections connections, string snapshot, CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await connections.OpenAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            NpgsqlTransaction transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken).ConfigureAwait(false);

            // A whole table is best read by a scan and a sort, unlike everything else on these connections.
            await using NpgsqlCommand join = new(
                $"SET TRANSACTION SNAPSHOT '{snapshot}'; SET LOCAL enable_seqscan = on; SET LOCAL work_mem = '64MB'; {PostgresConnections.Unhurried}", connection);
            await join.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            return new SnapshotConnection(connection, transaction);
        }
        catch (Exception exception) when (PostgresConnections.IsStoreError(exception))
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw PostgresConnections.Unavailable(exception);
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync().ConfigureAwait(false);
        await Connection.DisposeAsync().ConfigureAwait(false);
    }
}
