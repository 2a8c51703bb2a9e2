using System.Globalization;
using System.Runtime.CompilerServices;
using Gongji.Ledger;
using Npgsql;

namespace Gongji.Storage;

/// <summary>
/// A consistent view: one repeatable-read transaction exports its snapshot, and each stream reads on a connection of its own in that
/// snapshot, so streams may run at the same time. Rows are streamed; where an order has no index the server sorts, on its disk if need be.
/// </summary>
internal sealed class PostgresScan : ILedgerScan
{
    private readonly PostgresConnections _connections;
    private readonly NpgsqlConnection _exporter;
    private readonly NpgsqlTransaction _transaction;
    private readonly string _snapshot;

    private PostgresScan(PostgresConnections connections, NpgsqlConnection exporter, NpgsqlTransaction transaction, string snapshot)
    {
        _connections = connections;
        _exporter = exporter;
        _transaction = transaction;
        _snapshot = snapshot;
    }

    public static async Task<PostgresScan> OpenAsync(PostgresConnections connections, CancellationToken cancellationToken)
    {
        NpgsqlConnection exporter = await connections.OpenAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            NpgsqlTransaction transaction = await exporter.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken).ConfigureAwait(false);
            await using NpgsqlCommand command = new("SELECT pg_export_snapshot()", exporter);
            string snapshot = (string)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
            return new PostgresScan(connections, exporter, transaction, snapshot);
        }
        catch (Exception exception)
        {
            await exporter.DisposeAsync().ConfigureAwait(false);
            throw PostgresConnections.IsStoreError(exception) ? PostgresConnections.Unavailable(exception) : exception;
        }
    }

    /// <summary>Deltas summed over chains.</summary>
    public static string DeltaSums(string where) =>
        $"SELECT activity, tier, day, from_region, to_region, sum(count)::bigint, sum(amount_fen)::bigint FROM deltas {where} GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5";

    /// <inheritdoc/>
    public IAsyncEnumerable<Entry> ByAccountAsync(CancellationToken cancellationToken) =>
        StreamAsync($"SELECT {PostgresRows.EntryColumns} FROM entries ORDER BY account, version", PostgresRows.ReadEntry, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<Entry> ByOperationAsync(CancellationToken cancellationToken) => StreamAsync(
        $"SELECT {PostgresRows.EntryColumns} FROM entries WHERE kind IN ({BatchAnalysis.Openers}) OR leg > {(short)Leg.Opening} ORDER BY operation, leg",
        PostgresRows.ReadEntry,
        cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredHold> HoldsAsync(CancellationToken cancellationToken) =>
        StreamAsync("SELECT operation, leg, account, held_at, expires_at, auto_accept FROM open_holds ORDER BY operation, leg", PostgresRows.ReadHold, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<KeyValuePair<DeltaKey, DeltaSum>> DeltasAsync(CancellationToken cancellationToken) =>
        StreamAsync(DeltaSums(""), PostgresRows.ReadDelta, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<KeyValuePair<DeltaKey, DeltaSum>> DeltasAsync(RegionCode region, DateOnly day, CancellationToken cancellationToken) => StreamAsync(
        DeltaSums(string.Create(
            CultureInfo.InvariantCulture, $"WHERE day = '{day:yyyy-MM-dd}' AND (from_region = {region.Value} OR to_region = {region.Value})")),
        PostgresRows.ReadDelta,
        cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<(Entry Entry, DateOnly OpenDay)> NamingAsync(string code, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken) => StreamAsync(
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            SELECT {PostgresRows.EntryColumns}, open_day FROM entries JOIN batches ON batches.id = entries.batch
            WHERE at >= {from.ToUnixTimeMilliseconds()} AND at < {until.ToUnixTimeMilliseconds()} AND position('{StorageCodes.Checked(code)}'::bytea IN detail) > 0
            ORDER BY operation, leg
            """),
        row => (PostgresRows.ReadEntry(row), row.GetFieldValue<DateOnly>(15)),
        cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredBatch> ByBatchAsync(CancellationToken cancellationToken) => BatchMerge.MergeAsync(
        StreamAsync(
            "SELECT id, previous_hash, hash, entry_count, open_day FROM batches ORDER BY id",
            row => new BatchRow(row.GetInt64(0), row.GetFieldValue<byte[]>(1), row.GetFieldValue<byte[]>(2), row.GetInt32(3), row.GetFieldValue<DateOnly>(4)),
            cancellationToken),
        StreamAsync(
            $"SELECT {PostgresRows.EntryColumns}, batch FROM entries ORDER BY batch, position",
            row => (row.GetInt64(15), PostgresRows.ReadEncodedEntry(row)),
            cancellationToken));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync().ConfigureAwait(false);
        await _exporter.DisposeAsync().ConfigureAwait(false);
    }

    private async IAsyncEnumerable<T> StreamAsync<T>(string sql, Func<NpgsqlDataReader, T> read, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await _connections.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            NpgsqlTransaction transaction = await GuardAsync(connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken).AsTask()).ConfigureAwait(false);
            await using (transaction.ConfigureAwait(false))
            {
                // A whole table is best read by a scan and a sort, unlike everything else on these connections.
                await using NpgsqlCommand join = new($"SET TRANSACTION SNAPSHOT '{_snapshot}'; SET LOCAL enable_seqscan = on; SET LOCAL work_mem = '64MB'", connection);
                await GuardAsync(join.ExecuteNonQueryAsync(cancellationToken)).ConfigureAwait(false);
                await using NpgsqlCommand command = new(sql, connection) { CommandTimeout = 0 };
                await using NpgsqlDataReader reader = await GuardAsync(command.ExecuteReaderAsync(cancellationToken)).ConfigureAwait(false);
                while (await GuardAsync(reader.ReadAsync(cancellationToken)).ConfigureAwait(false))
                {
                    yield return read(reader);
                }
            }
        }
    }

    /// <summary>An iterator cannot catch around its yields, so each step is caught by itself.</summary>
    private static async ValueTask<T> GuardAsync<T>(Task<T> step)
    {
        try
        {
            return await step.ConfigureAwait(false);
        }
        catch (Exception exception) when (PostgresConnections.IsStoreError(exception))
        {
            throw PostgresConnections.Unavailable(exception);
        }
    }
}
