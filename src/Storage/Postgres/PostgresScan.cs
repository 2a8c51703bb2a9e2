using System.Globalization;
using System.Runtime.CompilerServices;
using Gongji.Ledger;
using Gongji.Ledger.Audit;
using Npgsql;

namespace Gongji.Storage;

/// <summary>
/// A consistent view: one repeatable-read transaction exports its snapshot, and each stream reads in that snapshot on a connection of its own, so streams
/// may run at the same time. All entries are read from the server once for all orders (see <see cref="SortedRows"/>).
/// </summary>
internal sealed class PostgresScan : ILedgerScan
{
    /// <summary>Accounts come by number. An account may have a number but no entry.</summary>
    private const string Snapshots = """
        SELECT account, version, state FROM (
            SELECT s.account, s.version, s.state, a.number, (SELECT e.version FROM entries e WHERE e.account = a.number ORDER BY e.version LIMIT 1) AS first
            FROM snapshots s LEFT JOIN accounts a ON a.name = s.account) AS each
        ORDER BY first IS NULL, number
        """;

    /// <summary>
    /// How many entries are read in full that should stand alone, but share their operation with another entry. Each costs a query, and a damaged store
    /// may be full of them.
    /// </summary>
    private const int RepeatsMax = 1_000;

    private const string OpenDayChanges = """
        SELECT id, open_day FROM (SELECT id, open_day, lag(open_day) OVER (ORDER BY id) AS before FROM batches) AS b
        WHERE before IS DISTINCT FROM open_day ORDER BY id
        """;

    private readonly PostgresConnections _connections;
    private readonly NpgsqlConnection _exporter;
    private readonly NpgsqlTransaction _transaction;
    private readonly string _snapshot;
    private readonly Lock _gate = new();
    private Task<SortedRows>? _sorted;

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
            await using (NpgsqlCommand stay = new(PostgresConnections.Unhurried, exporter))
            {
                await stay.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            }

            await using NpgsqlCommand command = new("SELECT pg_export_snapshot()", exporter);
            string snapshot = (string)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
            return new PostgresScan(connections, exporter, transaction, snapshot);
        }
        catch (Exception exception) when (PostgresConnections.IsStoreError(exception))
        {
            await exporter.DisposeAsync().ConfigureAwait(false);
            throw PostgresConnections.Unavailable(exception);
        }
        catch
        {
            await exporter.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<MissingGuard>> MissingGuardsAsync(CancellationToken cancellationToken)
    {
        SnapshotConnection joined = await SnapshotConnection.OpenAsync(_connections, _snapshot, cancellationToken).ConfigureAwait(false);
        await using (joined.ConfigureAwait(false))
        {
            return await GuardAsync(PostgresGuards.FindMissingAsync(joined.Connection, cancellationToken)).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async Task<DateOnly?> OpenDayAsync(CancellationToken cancellationToken)
    {
        await foreach (DateOnly day in StreamAsync("SELECT open_day FROM clearing_days", static row => row.GetFieldValue<DateOnly>(0), cancellationToken).ConfigureAwait(false))
        {
            return day;
        }

        return null;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<(Entry Entry, DateOnly OpenDay)> ByAccountAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        OpenDays openDays = await OpenDays.ReadAsync(StreamAsync(OpenDayChanges, static row => (row.GetInt64(0), row.GetFieldValue<DateOnly>(1)), cancellationToken)).ConfigureAwait(false);
        RowMerge rows = (await SortedAsync(cancellationToken).ConfigureAwait(false)).ByAccount();
        RowDecoder decoder = new(keepsDetails: false);
        IAsyncEnumerator<(long Number, string Name)> accounts = StreamAsync(
            "SELECT number, name FROM accounts ORDER BY number", static row => (row.GetInt64(0), row.GetString(1)), cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using (accounts.ConfigureAwait(false))
        {
            while (rows.MoveNext())
            {
                cancellationToken.ThrowIfCancellationRequested();
                (long number, long batch) = (RowFields.Of(rows.Row).Account, RowFields.Of(rows.Row).Batch);
                PostgresRow row = decoder.Decode(rows.Row);
                while (accounts.Current.Number < number && await accounts.MoveNextAsync().ConfigureAwait(false))
                {
                }

                if (accounts.Current != (number, row.First.Entry.Account))
                {
                    throw new FormatException($"Entries of account number {number} name {row.First.Entry.Account}, which is not that account's name.");
                }

                DateOnly openDay = openDays.At(batch);
                yield return (row.First.Entry, openDay);
                if (row.Outcome is { } outcome)
                {
                    yield return (outcome.Entry, openDay);
                }
            }
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<AccountSnapshot> SnapshotsAsync(CancellationToken cancellationToken) =>
        StreamAsync(Snapshots, row => new AccountSnapshot(row.GetString(0), row.GetInt64(1), row.GetFieldValue<byte[]>(2)), cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<Entry> ByOperationAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        SortedRows sorted = await SortedAsync(cancellationToken).ConfigureAwait(false);
        RowMerge rows = sorted.ByOperation();
        SingleMerge singles = sorted.Singles();
        RowDecoder decoder = new(keepsDetails: false);
        PostgresGroup<RowFields> operation = new(CompareLegs);
        List<SingleEntry> alone = [];
        int repeats = 0;
        bool isRow = rows.MoveNext();
        bool isSingle = singles.MoveNext();
        while (isRow || isSingle)
        {
            cancellationToken.ThrowIfCancellationRequested();
            (ulong, ulong) key = isRow && (!isSingle || rows.Key.CompareTo(singles.Current.Key) <= 0) ? rows.Key : singles.Current.Key;
            for (; isSingle && singles.Current.Key == key; isSingle = singles.MoveNext())
            {
                alone.Add(singles.Current);
            }

            for (; isRow && rows.Key == key; isRow = rows.MoveNext())
            {
                operation.Add(decoder.Decode(rows.Row), RowFields.Of(rows.Row));
            }

            // Nearly always this is one entry, which does stand alone.
            bool isRepeated = alone.Count + operation.Count > 1;
            for (int i = 0; isRepeated && i < alone.Count && repeats < RepeatsMax; i++, repeats++)
            {
                operation.Add(await ReadAsync(alone[i], cancellationToken).ConfigureAwait(false), default);
            }

            List<PostgresItem<RowFields>> entries = operation.Ordered();
            foreach (PostgresItem<RowFields> item in entries)
            {
                yield return item.Encoded.Entry;
            }

            CheckAnswers(entries);
            operation.Clear();
            alone.Clear();
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
    public IAsyncEnumerable<EscrowCap> CapsAsync(CancellationToken cancellationToken) => StreamAsync(
        "SELECT region, cap_fen, debt_fen FROM escrow_caps WHERE cap_fen IS NOT NULL ORDER BY region",
        static row => new EscrowCap(RegionCode.FromValue(row.GetInt32(0)), row.GetInt64(1), row.GetInt64(2)),
        cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredSlice> SlicesAsync(CancellationToken cancellationToken) => StreamAsync(
        "SELECT region, chain, granted_fen, used_fen FROM escrow_slices",
        static row => new StoredSlice(RegionCode.FromValue(row.GetInt32(0)), row.GetInt32(1), row.GetInt64(2), row.GetInt64(3)),
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
                AND (position({needle} IN ledger_detail(body)) > 0 OR position({needle} IN outcome) > 0)
            ORDER BY
                CASE WHEN kind IN ({StorageCodes.PaymentKinds})
                    THEN convert_from(substring(ledger_detail(body) FROM {StorageCodes.PaymentIdAt} FOR {StorageCodes.PaymentIdLength}), 'UTF8')::uuid ELSE operation END,
                operation, leg
            """);
        PostgresGroup<DateOnly> operation = new(CompareLegs);
        await foreach ((PostgresRow row, DateOnly openDay) in StreamAsync(
            sql, row => (PostgresRows.ReadRow(row), row.GetFieldValue<DateOnly>(PostgresRows.EntryColumnsCount)), cancellationToken).ConfigureAwait(false))
        {
            if (operation.Count > 0 && operation.Any.Operation != row.First.Entry.Operation)
            {
                foreach ((Entry, DateOnly) item in InTime())
                {
                    yield return item;
                }

                operation.Clear();
            }

            operation.Add(row, openDay);
        }

        foreach ((Entry, DateOnly) item in InTime())
        {
            yield return item;
        }

        IEnumerable<(Entry, DateOnly)> InTime() =>
            operation.Ordered().Where(item => item.Encoded.Entry.At >= from && item.Encoded.Entry.At < until).Select(item => (item.Encoded.Entry, item.Extra));
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredBatch> ByBatchAsync(CancellationToken cancellationToken) => BatchMerge.MergeAsync(
        StreamAsync(
            "SELECT id, previous_hash, hash, entry_count, open_day FROM batches ORDER BY id",
            row => new BatchRow(row.GetInt64(0), row.GetFieldValue<byte[]>(1), row.GetFieldValue<byte[]>(2), row.GetInt32(3), row.GetFieldValue<DateOnly>(4)),
            cancellationToken),
        OwnAsync(cancellationToken));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_sorted is not null)
        {
            await ((Task)_sorted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_sorted.IsCompletedSuccessfully)
            {
                (await _sorted.ConfigureAwait(false)).Dispose();
            }
        }

        await _transaction.DisposeAsync().ConfigureAwait(false);
        await _exporter.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// Checks that an answer that is not in the index of operations is where its opening says, and in the same batch: otherwise nobody who asks for the
    /// operation would see it. Only the opening of a transfer may point to another row, and only to an answer.
    /// </summary>
    /// <exception cref="FormatException">A check fails: the store was changed from outside.</exception>
    private static void CheckAnswers(List<PostgresItem<RowFields>> operation)
    {
        RowFields? opening = null;
        RowFields? answer = null;
        foreach (PostgresItem<RowFields> item in operation)
        {
            (Entry entry, RowFields row) = (item.Encoded.Entry, item.Extra);
            if (row.AnswersAlong && row.Leg != (short)Leg.Answer)
            {
                throw new FormatException(
                    $"Account {entry.Account}/{entry.Version} is kept out of the index of operations (answers_along), which is for answers, but is leg {row.Leg}: its operation {entry.Operation} could be done again.");
            }

            if ((row.AnswerAccount != 0 || row.AnswerVersion != 0) && row.Kind != (short)EntryKind.Hold)
            {
                throw new FormatException($"Account {entry.Account}/{entry.Version} says where its answer is (answer_account, answer_version), but is no opening of a transfer.");
            }

            opening = item.Encoded.Entry.Leg == Leg.Opening && item.Extra.AnswerVersion != 0 ? item.Extra : opening;
            answer = item.Extra.AnswersAlong ? item.Extra : answer;
        }

        if ((opening?.AnswerAccount, opening?.AnswerVersion, opening?.Batch) != (answer?.Account, answer?.Version, answer?.Batch))
        {
            throw new FormatException($"Operation {operation[0].Encoded.Entry.Operation}: the answer that came with its opening is not where that says.");
        }
    }

    /// <summary>The entries of each batch, by batch. Each batch is put in order here, since an outcome's place is far behind that of its row.</summary>
    private async IAsyncEnumerable<(long Batch, IReadOnlyList<EncodedEntry> Entries)> OwnAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        RowMerge rows = (await SortedAsync(cancellationToken).ConfigureAwait(false)).ByBatch();
        RowDecoder decoder = new(keepsDetails: true);
        PostgresGroup<bool> batch = new((one, other) => one.Position.CompareTo(other.Position));
        long id = 0;
        for (bool isRow = true; isRow;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            isRow = rows.MoveNext();
            if (batch.Count > 0 && (!isRow || RowFields.Of(rows.Row).Batch != id))
            {
                yield return (id, batch.Ordered().ConvertAll(item => item.Encoded));
                batch.Clear();
            }

            if (isRow)
            {
                id = RowFields.Of(rows.Row).Batch;
                batch.Add(decoder.Decode(rows.Row), false);
            }
        }
    }

    private static int CompareLegs<T>(PostgresItem<T> one, PostgresItem<T> other) => one.Encoded.Entry.Leg.CompareTo(other.Encoded.Entry.Leg);

    /// <summary>Reads in full an entry that stands alone by its kind, but not in its operation.</summary>
    private async Task<PostgresRow> ReadAsync(SingleEntry single, CancellationToken cancellationToken)
    {
        string sql = string.Create(
            CultureInfo.InvariantCulture, $"SELECT {PostgresRows.EntryColumns} FROM entries WHERE account = {single.Account} AND version = {single.Version} AND leg = {(short)Leg.Opening}");
        await foreach (PostgresRow row in StreamAsync(sql, PostgresRows.ReadRow, cancellationToken).ConfigureAwait(false))
        {
            if (RowOrder.KeyOf(row.First.Entry.Operation) == single.Key)
            {
                return row;
            }
        }

        throw new FormatException($"Account number {single.Account}, version {single.Version}: its row is not found again.");
    }

    /// <summary>All entries, sorted. Each caller goes on with a thread of its own.</summary>
    private async Task<SortedRows> SortedAsync(CancellationToken cancellationToken)
    {
        Task<SortedRows> sorted;
        lock (_gate)
        {
            sorted = _sorted ??= GuardAsync(SortedRows.ReadAsync(_connections, _snapshot, cancellationToken)).AsTask();
        }

        await ((Task)sorted).ConfigureAwait(ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.SuppressThrowing);
        return await sorted.ConfigureAwait(false);
    }

    private async IAsyncEnumerable<T> StreamAsync<T>(string sql, Func<NpgsqlDataReader, T> read, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        SnapshotConnection joined = await SnapshotConnection.OpenAsync(_connections, _snapshot, cancellationToken).ConfigureAwait(false);
        await using (joined.ConfigureAwait(false))
        {
            await using NpgsqlCommand command = new(sql, joined.Connection) { CommandTimeout = 0 };
            await using NpgsqlDataReader reader = await GuardAsync(command.ExecuteReaderAsync(cancellationToken)).ConfigureAwait(false);
            while (await GuardAsync(reader.ReadAsync(cancellationToken)).ConfigureAwait(false))
            {
                yield return read(reader);
            }
        }
    }

    /// <summary>An iterator cannot have a catch around its yields, so each step is guarded by itself.</summary>
    private static async ValueTask<T> GuardAsync<T>(Task<T> step)
    {
        try
        {
            return await step.ConfigureAwait(false);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.NumericValueOutOfRange)
        {
            throw new OverflowException("A sum is past 64 bits.", exception);
        }
        catch (Exception exception) when (PostgresConnections.IsStoreError(exception))
        {
            throw PostgresConnections.Unavailable(exception);
        }
    }
}
