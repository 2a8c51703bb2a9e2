using System.Globalization;
using System.Runtime.CompilerServices;
using Gongji.Ledger;
using Gongji.Ledger.Audit;

namespace Gongji.Storage;

/// <summary>
/// A consistent view: one session in a read transaction, whose streams may be interleaved.
/// </summary>
internal sealed class SqliteScan : ILedgerScan
{
    /// <summary>Reads the table itself: the unique index that should keep repeats out proves nothing about them.</summary>
    private static readonly string Repeated =
        $"SELECT operation FROM entries NOT INDEXED WHERE leg = {(short)Leg.Opening} GROUP BY operation HAVING count(*) > 1";

    private readonly SqliteStreams _streams;

    public SqliteScan(SqliteSession session)
    {
        _streams = new SqliteStreams(session);
        session.Execute("BEGIN");

        // SQLite fixes the view at the first read.
        session.Statement("SELECT 1 FROM batches LIMIT 1").Any();
    }

    public static string DeltaSums(string where) =>
        $"SELECT activity, tier, day, from_region, to_region, sum(count), sum(amount_fen) FROM deltas {where} GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5";

    /// <inheritdoc/>
    public Task<IReadOnlyList<MissingGuard>> MissingGuardsAsync(CancellationToken cancellationToken) => _streams.RunAsync(SqliteGuards.FindMissing, cancellationToken);

    /// <inheritdoc/>
    public async Task<DateOnly?> OpenDayAsync(CancellationToken cancellationToken) =>
        await FirstAsync("SELECT open_day FROM clearing_days", cancellationToken).ConfigureAwait(false) is { } day ? DateOnly.FromDayNumber(checked((int)day)) : null;

    /// <inheritdoc/>
    public async IAsyncEnumerable<(Entry Entry, DateOnly OpenDay)> ByAccountAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        OpenDays openDays = await OpenDaysAsync(cancellationToken).ConfigureAwait(false);
        await foreach ((Entry entry, long id) in _streams.ReadAsync(
            $"SELECT {SqliteRows.EntryColumns}, id FROM entries ORDER BY account, version", row => (SqliteRows.ReadEntry(row), row.GetInt64(15)), cancellationToken).ConfigureAwait(false))
        {
            yield return (entry, openDays.At(id));
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<AccountSnapshot> SnapshotsAsync(CancellationToken cancellationToken)
    {
        // Two passes in the order of the key, so that nothing has to be sorted.
        return Of("").Concat(Of("NOT "));

        IAsyncEnumerable<AccountSnapshot> Of(string not) => _streams.ReadAsync(
            $"SELECT account, version, state FROM snapshots s WHERE {not}EXISTS (SELECT 1 FROM entries e WHERE e.account = s.account) ORDER BY account",
            row => new AccountSnapshot(row.GetString(0), row.GetInt64(1), row.GetBytes(2)),
            cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<Entry> ByOperationAsync(CancellationToken cancellationToken) => _streams.ReadAsync(
        $"""
        SELECT {SqliteRows.EntryColumns} FROM entries
        WHERE kind IN ({BatchAnalysis.Openers}) OR leg > {(short)Leg.Opening} OR (leg = {(short)Leg.Opening} AND operation IN ({Repeated})) ORDER BY operation, leg
        """,
        SqliteRows.ReadEntry,
        cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredHold> HoldsAsync(CancellationToken cancellationToken) =>
        _streams.ReadAsync($"SELECT {SqliteRows.HoldColumns} FROM open_holds ORDER BY operation, leg", ReadHold, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<KeyValuePair<DeltaKey, DeltaSum>> DeltasAsync(CancellationToken cancellationToken) =>
        _streams.ReadAsync(DeltaSums(""), SqliteRows.ReadDelta, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<KeyValuePair<DeltaKey, DeltaSum>> DeltasAsync(RegionCode region, DateOnly day, CancellationToken cancellationToken) => _streams.ReadAsync(
        DeltaSums(string.Create(
            CultureInfo.InvariantCulture, $"WHERE day = {day.DayNumber} AND (from_region = {region.Value} OR to_region = {region.Value})")),
        SqliteRows.ReadDelta,
        cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<EscrowCap> CapsAsync(CancellationToken cancellationToken) => _streams.ReadAsync(
        "SELECT region, cap_fen, debt_fen FROM escrow_caps WHERE cap_fen IS NOT NULL ORDER BY region",
        static row => new EscrowCap(RegionCode.FromValue(row.GetInt32(0)), row.GetInt64(1), row.GetInt64(2)),
        cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredSlice> SlicesAsync(CancellationToken cancellationToken) => _streams.ReadAsync(
        "SELECT region, chain, granted_fen, used_fen FROM escrow_slices",
        static row => new StoredSlice(RegionCode.FromValue(row.GetInt32(0)), row.GetInt32(1), row.GetInt64(2), row.GetInt64(3)),
        cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<(Entry Entry, DateOnly OpenDay)> NamingAsync(
        string code, DateTimeOffset from, DateTimeOffset until, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        OpenDays openDays = await OpenDaysAsync(cancellationToken).ConfigureAwait(false);

        // No index has this order. Going through the table once and sorting what matches beats a look-up for every entry.
        IAsyncEnumerable<(Entry Entry, long Id)> entries = _streams.ReadAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                SELECT {SqliteRows.EntryColumns}, id FROM entries
                WHERE at >= {from.ToUnixTimeMilliseconds()} AND at < {until.ToUnixTimeMilliseconds()} AND instr(detail, CAST('{StorageCodes.Checked(code)}' AS BLOB)) > 0
                ORDER BY
                    CASE WHEN kind IN ({StorageCodes.PaymentKinds}) THEN unhex(CAST(substr(detail, {StorageCodes.PaymentIdAt}, {StorageCodes.PaymentIdLength}) AS TEXT), '-') ELSE operation END,
                    operation, leg
                """),
            row => (SqliteRows.ReadEntry(row), row.GetInt64(15)),
            cancellationToken);
        await foreach ((Entry entry, long id) in entries.ConfigureAwait(false))
        {
            yield return (entry, openDays.At(id));
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredBatch> ByBatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        OpenDays openDays = await OpenDaysAsync(cancellationToken).ConfigureAwait(false);
        long entries = 0;
        IAsyncEnumerable<BatchRow> batches = _streams.ReadAsync(
            "SELECT id, previous_hash, hash, entry_count, open_day, first_entry FROM batches ORDER BY id",
            row => new BatchRow(
                row.GetInt64(0), row.GetBytes(1), row.GetBytes(2), row.GetInt32(3), DateOnly.FromDayNumber(row.GetInt32(4)), openDays.Before(row.GetInt64(5))),
            cancellationToken);

        // CROSS JOIN keeps batches as the outer loop: each batch's entries are then a range of ids, without a sort.
        IAsyncEnumerable<(long, EncodedEntry)> owned = _streams.ReadAsync(
            $"SELECT {SqliteRows.EntryColumns}, b.id FROM batches b CROSS JOIN entries e ON e.id BETWEEN b.first_entry AND b.first_entry + b.entry_count - 1 ORDER BY b.id, e.id",
            row => (row.GetInt64(15), SqliteRows.ReadEncodedEntry(row)),
            cancellationToken);
        await foreach (StoredBatch batch in BatchMerge.MergeAsync(batches, BatchMerge.GroupAsync(owned)).ConfigureAwait(false))
        {
            entries += batch.Entries.Count;
            yield return batch;
        }

        // Entries that belong to no batch have not been met above.
        long? all = await FirstAsync("SELECT count(*) FROM entries", cancellationToken).ConfigureAwait(false);
        if (all != entries)
        {
            IAsyncEnumerable<EncodedEntry> orphans = _streams.ReadAsync(
                $"SELECT {SqliteRows.EntryColumns} FROM entries e WHERE NOT EXISTS (SELECT 1 FROM batches b WHERE e.id BETWEEN b.first_entry AND b.first_entry + b.entry_count - 1)",
                SqliteRows.ReadEncodedEntry,
                cancellationToken);
            await foreach (EncodedEntry orphan in orphans.ConfigureAwait(false))
            {
                yield return new StoredBatch(0, 0, [], [], 0, [orphan], IsThere: false);
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _streams.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Sweepers ask for holds with 1 and for holds with 0; one with anything else is found by none.</summary>
    private static StoredHold ReadHold(SqliteStatement row) => row.GetInt64(5) is 0 or 1
        ? SqliteRows.ReadHold(row)
        : throw new FormatException($"the index of open holds says auto_accept {row.GetInt64(5)} of operation {row.GetGuid(0)}, where 0 or 1 is meant.");

    /// <summary>Open days by the id of an entry: the one writer gives ids in the order of commits. A batch without entries has no ids, and counts on no day.</summary>
    private Task<OpenDays> OpenDaysAsync(CancellationToken cancellationToken) => OpenDays.ReadAsync(_streams.ReadAsync(
        """
        SELECT first_entry, open_day FROM
            (SELECT first_entry, open_day, lag(open_day) OVER (ORDER BY first_entry) AS before FROM batches WHERE entry_count > 0)
        WHERE before IS NOT open_day ORDER BY first_entry
        """,
        row => (row.GetInt64(0), DateOnly.FromDayNumber(row.GetInt32(1))),
        cancellationToken));

    private async Task<long?> FirstAsync(string sql, CancellationToken cancellationToken)
    {
        await foreach (long value in _streams.ReadAsync(sql, row => row.GetInt64(0), cancellationToken).ConfigureAwait(false))
        {
            return value;
        }

        return null;
    }
}
