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

    /// <inheritdoc/>
    public async IAsyncEnumerable<Entry> ByAccountAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (PostgresRow row in StreamAsync($"SELECT {PostgresRows.EntryColumns} FROM entries ORDER BY account, version", PostgresRows.ReadRow, cancellationToken).ConfigureAwait(false))
        {
            yield return row.First.Entry;
            if (row.Outcome is { } outcome)
            {
                yield return outcome.Entry;
            }
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Entry> ByOperationAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string sql = $"SELECT {PostgresRows.EntryColumns} FROM entries WHERE kind IN ({BatchAnalysis.Openers}) OR leg > {(short)Leg.Opening} ORDER BY operation, leg";
        await foreach (PostgresItem<bool> item in ByLegAsync(StreamAsync(sql, row => (PostgresRows.ReadRow(row), false), cancellationToken)).ConfigureAwait(false))
        {
            yield return item.Encoded.Entry;
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredHold> HoldsAsync(CancellationToken cancellationToken) =>
        StreamAsync("SELECT operation, leg, account, held_at, expires_at, auto_accept FROM open_holds ORDER BY operation, leg", PostgresRows.ReadHold, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<KeyValuePair<DeltaKey, DeltaSum>> DeltasAsync(CancellationToken cancellationToken) =>
        StreamAsync(PostgresDeltas.Sums(""), PostgresRows.ReadDelta, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<KeyValuePair<DeltaKey, DeltaSum>> DeltasAsync(RegionCode region, DateOnly day, CancellationToken cancellationToken) => StreamAsync(
        PostgresDeltas.Sums(string.Create(
            CultureInfo.InvariantCulture, $"WHERE day = '{day:yyyy-MM-dd}' AND (from_region = {region.Value} OR to_region = {region.Value})")),
        PostgresRows.ReadDelta,
        cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<(Entry Entry, DateOnly OpenDay)> NamingAsync(
        string code, DateTimeOffset from, DateTimeOffset until, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string needle = $"'{StorageCodes.Checked(code)}'::bytea";
        string sql = string.Create(
            CultureInfo.InvariantCulture,
            $"""
            SELECT {PostgresRows.EntryColumns}, open_day FROM entries JOIN batches ON batches.id = entries.batch
            WHERE at >= {(from - PostgresOutcome.AfterMax).ToUnixTimeMilliseconds()} AND at < {until.ToUnixTimeMilliseconds()}
                AND (position({needle} IN detail) > 0 OR position({needle} IN outcome) > 0)
            ORDER BY operation, leg
            """);
        IAsyncEnumerable<PostgresItem<DateOnly>> items = ByLegAsync(
            StreamAsync(sql, row => (PostgresRows.ReadRow(row), row.GetFieldValue<DateOnly>(PostgresRows.EntryColumnsCount)), cancellationToken));
        await foreach (PostgresItem<DateOnly> item in items.ConfigureAwait(false))
        {
            if (item.Encoded.Entry.At >= from && item.Encoded.Entry.At < until)
            {
                yield return (item.Encoded.Entry, item.Extra);
            }
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredBatch> ByBatchAsync(CancellationToken cancellationToken) => BatchMerge.MergeAsync(
        StreamAsync(
            "SELECT id, previous_hash, hash, entry_count, open_day FROM batches ORDER BY id",
            row => new BatchRow(row.GetInt64(0), row.GetFieldValue<byte[]>(1), row.GetFieldValue<byte[]>(2), row.GetInt32(3), row.GetFieldValue<DateOnly>(4)),
            cancellationToken),
        OwnedAsync(cancellationToken));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync().ConfigureAwait(false);
        await _exporter.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Entries in the order of their batches and of their places there; an outcome's is far behind that of its row.</summary>
    private async IAsyncEnumerable<(long Batch, EncodedEntry Entry)> OwnedAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IAsyncEnumerable<PostgresItem<long>> items = PostgresItems.RegroupAsync(
            StreamAsync(
                $"SELECT {PostgresRows.EntryColumns}, batch FROM entries ORDER BY batch, position",
                row => (PostgresRows.ReadRow(row), row.GetInt64(PostgresRows.EntryColumnsCount)),
                cancellationToken),
            (one, other) => one.Extra == other.Extra,
            (one, other) => one.Position.CompareTo(other.Position));
        await foreach (PostgresItem<long> item in items.ConfigureAwait(false))
        {
            yield return (item.Extra, item.Encoded);
        }
    }

    private static IAsyncEnumerable<PostgresItem<T>> ByLegAsync<T>(IAsyncEnumerable<(PostgresRow Row, T Extra)> rows) => PostgresItems.RegroupAsync(
        rows,
        (one, other) => one.Encoded.Entry.Operation == other.Encoded.Entry.Operation,
        (one, other) => one.Encoded.Entry.Leg.CompareTo(other.Encoded.Entry.Leg));

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
