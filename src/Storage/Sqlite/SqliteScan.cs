using System.Runtime.CompilerServices;
using Gongji.Ledger;
using Microsoft.Data.Sqlite;

namespace Gongji.Storage;

/// <summary>
/// A consistent view: one session in a read transaction. Streams may be interleaved: they take turns on the session, some hundred rows at
/// a time.
/// </summary>
internal sealed class SqliteScan : ILedgerScan
{
    private const int ChunkRows = 512;

    private readonly SqliteSession _session;
    private readonly Lock _gate = new();

    public SqliteScan(SqliteSession session)
    {
        _session = session;
        session.Execute("BEGIN");

        // The view is that of the first read.
        session.Statement("SELECT 1 FROM batches LIMIT 1").Any();
    }

    public static string DeltaSums(string where) =>
        $"SELECT activity, tier, day, from_region, to_region, sum(count), sum(amount_fen) FROM deltas {where} GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5";

    /// <inheritdoc/>
    public IAsyncEnumerable<Entry> ByAccountAsync(CancellationToken cancellationToken) =>
        StreamAsync($"SELECT {SqliteRows.EntryColumns} FROM entries ORDER BY account, version", SqliteRows.ReadEntry, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<Entry> ByOperationAsync(CancellationToken cancellationToken) => StreamAsync(
        $"SELECT {SqliteRows.EntryColumns} FROM entries WHERE kind = {(short)EntryKind.Hold} OR leg > {(short)Leg.Opening} ORDER BY operation, leg",
        SqliteRows.ReadEntry,
        cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredHold> HoldsAsync(CancellationToken cancellationToken) =>
        StreamAsync($"SELECT {SqliteRows.HoldColumns} FROM open_holds ORDER BY operation", SqliteRows.ReadHold, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<KeyValuePair<DeltaKey, DeltaSum>> DeltasAsync(CancellationToken cancellationToken) =>
        StreamAsync(DeltaSums(""), SqliteRows.ReadDelta, cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredBatch> ByBatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long entries = 0;
        IAsyncEnumerable<BatchRow> batches = StreamAsync(
            "SELECT id, previous_hash, hash, entry_count, open_day FROM batches ORDER BY id",
            row => new BatchRow(row.GetInt64(0), row.GetBytes(1), row.GetBytes(2), row.GetInt32(3), DateOnly.FromDayNumber(row.GetInt32(4))),
            cancellationToken);

        // CROSS JOIN keeps the batches outside: each batch's entries are then a range of ids, without a sort.
        IAsyncEnumerable<(long, EncodedEntry)> owned = StreamAsync(
            $"SELECT {SqliteRows.EntryColumns}, b.id FROM batches b CROSS JOIN entries e ON e.id BETWEEN b.first_entry AND b.first_entry + b.entry_count - 1 ORDER BY b.id, e.id",
            row => (row.GetInt64(15), SqliteRows.ReadEncodedEntry(row)),
            cancellationToken);
        await foreach (StoredBatch batch in BatchMerge.MergeAsync(batches, owned).ConfigureAwait(false))
        {
            entries += batch.Entries.Count;
            yield return batch;
        }

        // Entries of no batch would not have been met above.
        long all = await FirstAsync("SELECT count(*) FROM entries", cancellationToken).ConfigureAwait(false);
        if (all != entries)
        {
            IAsyncEnumerable<EncodedEntry> orphans = StreamAsync(
                $"SELECT {SqliteRows.EntryColumns} FROM entries e WHERE NOT EXISTS (SELECT 1 FROM batches b WHERE e.id BETWEEN b.first_entry AND b.first_entry + b.entry_count - 1)",
                SqliteRows.ReadEncodedEntry,
                cancellationToken);
            await foreach (EncodedEntry orphan in orphans.ConfigureAwait(false))
            {
                yield return new StoredBatch(0, 0, [], [], 0, [orphan]);
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _session.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    private async Task<long> FirstAsync(string sql, CancellationToken cancellationToken)
    {
        await foreach (long value in StreamAsync(sql, row => row.GetInt64(0), cancellationToken).ConfigureAwait(false))
        {
            return value;
        }

        return 0;
    }

    private async IAsyncEnumerable<T> StreamAsync<T>(string sql, Func<SqliteStatement, T> read, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        SqliteStatement statement;
        lock (_gate)
        {
            statement = _session.Prepare(sql);
        }

        try
        {
            List<T> rows;
            do
            {
                cancellationToken.ThrowIfCancellationRequested();
                rows = await Task.Run(() => ReadChunk(statement, read), cancellationToken).ConfigureAwait(false);
                foreach (T row in rows)
                {
                    yield return row;
                }
            }
            while (rows.Count == ChunkRows);
        }
        finally
        {
            lock (_gate)
            {
                statement.Dispose();
            }
        }
    }

    private List<T> ReadChunk<T>(SqliteStatement statement, Func<SqliteStatement, T> read)
    {
        try
        {
            lock (_gate)
            {
                List<T> rows = new(ChunkRows);
                while (rows.Count < ChunkRows && statement.Step())
                {
                    rows.Add(read(statement));
                }

                return rows;
            }
        }
        catch (SqliteException exception)
        {
            throw SqliteSessions.Unavailable(exception);
        }
    }
}
