using System.Globalization;
using Gongji.Ledger;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Gongji.Storage;

/// <summary>The ledger in PostgreSQL 15 or later.</summary>
public sealed class PostgresLedgerStore : ILedgerStore
{
    private readonly PostgresConnections _connections;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly PostgresDeltas _deltas;
    private readonly PostgresBlockRanges _ranges;
    private readonly PostgresAccounts _accounts;
    private readonly GatheredReads<string, AccountHistory> _histories;
    private readonly GatheredReads<Guid, IReadOnlyList<Entry>> _operations;

    /// <param name="options">Where the server is.</param>
    /// <param name="clock">For the time of migrations.</param>
    /// <param name="logger">Events 1100–1199 and 1300–1399.</param>
    public PostgresLedgerStore(PostgresStoreOptions options, TimeProvider clock, ILogger<PostgresLedgerStore> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        _connections = new PostgresConnections(options, logger);
        _deltas = new PostgresDeltas(_connections, logger);
        _ranges = new PostgresBlockRanges(_connections, clock, logger);
        _accounts = new PostgresAccounts(_connections);
        _histories = new(StorageLimits.GatheredQueriesMax, StorageLimits.AccountsPerQuery, names => _connections.RunAsync(
            (connection, token) => PostgresAccountReader.ReadAsync(connection, names, _accounts, token), CancellationToken.None));
        _operations = new(StorageLimits.GatheredQueriesMax, StorageLimits.OperationsPerQuery, ReadOperationsAsync);
        _clock = clock;
        _logger = logger;
        GrainState = new PostgresGrainStateStore(_connections);
        Feed = new PostgresFeed(_connections);
        Escrow = new PostgresEscrowStore(_connections);
    }

    /// <inheritdoc/>
    public ILedgerFeed Feed { get; }

    /// <inheritdoc/>
    public IEscrowStore Escrow { get; }

    /// <inheritdoc/>
    public IGrainStateStore GrainState { get; }

    /// <summary>See <see cref="ILedgerStore.MigrateAsync"/>; refuses a server that may lose what it has committed, or whose clock is far from this machine's.</summary>
    /// <exception cref="StoreUnavailableException">The server cannot be reached, runs with fsync or full_page_writes off, or its clock is far from this machine's.</exception>
    /// <exception cref="MigrationException">See <see cref="ILedgerStore.MigrateAsync"/>.</exception>
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await _connections.RunAsync(
            async (connection, token) =>
            {
                await VerifyServerAsync(connection, token).ConfigureAwait(false);
                await PostgresMigrator.MigrateAsync(connection, _clock.GetUtcNow().ToUnixTimeMilliseconds(), _logger, token).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);

        // Plans made before the migration belong to a schema that no longer exists.
        _connections.Clear();
    }

    /// <inheritdoc/>
    public Task VerifySchemaAsync(CancellationToken cancellationToken) => _connections.RunAsync(
        async (connection, token) =>
        {
            await PostgresMigrator.VerifyAsync(connection, token).ConfigureAwait(false);
            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public async Task<int> OpenChainAsync(string writer, int partition, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await _deltas.FoldLeftAsync(writer, now).ConfigureAwait(false);
        while (true)
        {
            // Of two processes that open a chain at the same moment, one finds the number taken, and asks again.
            int? chain = await _connections.RunAsync(
                async (connection, token) =>
                {
                    await using NpgsqlCommand command = Command(
                        connection,
                        """
                        INSERT INTO chains (id, writer, partition, opened_at) OVERRIDING SYSTEM VALUE
                        SELECT greatest((SELECT max(id) FROM chains) + 1, ((SELECT max(id) FROM batches) >> 32)::integer + 1, $4), $1, $2, $3
                        ON CONFLICT DO NOTHING RETURNING id
                        """);
                    command.Add(writer).Add(partition).Add(now.ToUnixTimeMilliseconds()).Add(ChainNumbers.LeastAt(now));
                    return (int?)await command.ExecuteScalarAsync(token).ConfigureAwait(false);
                },
                cancellationToken).ConfigureAwait(false);
            if (chain is { } opened)
            {
                return opened;
            }
        }
    }

    /// <inheritdoc/>
    public Task<ChainHead> ReadChainHeadAsync(int chain, CancellationToken cancellationToken) => _connections.RunAsync(
        async (connection, token) =>
        {
            await using NpgsqlCommand command = Command(
                connection, "SELECT id - $1, hash FROM batches WHERE id > $1 AND id <= $2 ORDER BY id DESC LIMIT 1");
            command.Add(HashChain.BatchId(chain, 0)).Add(HashChain.BatchId(chain, uint.MaxValue));
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(token).ConfigureAwait(false);
            return await reader.ReadAsync(token).ConfigureAwait(false)
                ? new ChainHead(chain, reader.GetInt64(0), reader.GetFieldValue<byte[]>(1))
                : new ChainHead(chain, 0, HashChain.Genesis(chain));
        },
        cancellationToken);

    /// <inheritdoc/>
    public async Task<CommitResult> CommitAsync(SealedBatch batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        long[] accounts = await _accounts.OfAsync(batch.Entries, cancellationToken).ConfigureAwait(false);
        try
        {
            await AttemptAsync(batch, accounts, cancellationToken).ConfigureAwait(false);
            _deltas.OnCommitted(batch);
            _ranges.OnCommitted(batch.Entries.Count);
            return CommitResult.Committed;
        }
        catch (PostgresException exception) when (PostgresConnections.IsRolledBack(exception))
        {
            if (exception.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure)
            {
                return new CommitResult(CommitStatus.Conflict, [], [], false);
            }

            if (!IsConflict(exception))
            {
                throw PostgresConnections.Unavailable(exception);
            }
        }
        catch (StoreUnavailableException)
        {
            _connections.Clear();
            throw;
        }
        catch (Exception exception) when (PostgresConnections.IsStoreError(exception) || exception is OperationCanceledException)
        {
            // This includes a server that says that it is going down: it may say so after the commit.
            _connections.Clear();
            throw new StoreOutcomeUnknownException("The connection to PostgreSQL was lost, or took too long, after the batch was sent.", exception);
        }

        _accounts.ForgetChecked(batch);
        return await _connections.RunAsync((fresh, token) => PostgresCommit.DiagnoseAsync(fresh, batch, accounts, token), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// One attempt at a commit. An attempt that takes too long is abandoned, not cancelled: a server that is told to cancel a commit which waits for its
    /// standby ends it as if the standby had it. The attempt keeps its connection until it has ended.
    /// </summary>
    private async Task AttemptAsync(SealedBatch batch, long[] accounts, CancellationToken cancellationToken)
    {
        TaskCompletionSource commitSent = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task attempt = ExecuteAsync();
        await Task.WhenAny(attempt, commitSent.Task).ConfigureAwait(false);
        try
        {
            await attempt.WaitAsync(TimeSpan.FromSeconds(StorageLimits.CommitTimeoutSeconds), _clock, cancellationToken).ConfigureAwait(false);
        }
        catch when (!attempt.IsCompleted)
        {
            _ = attempt.ContinueWith(static left => _ = left.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            throw;
        }

        async Task ExecuteAsync()
        {
            NpgsqlConnection connection = await _connections.OpenForCommitAsync(cancellationToken).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                await PostgresCommit.ExecuteAsync(connection, batch, accounts, commitSent, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <inheritdoc/>
    public Task<AccountHistory> LoadAccountAsync(string account, CancellationToken cancellationToken) => _histories.ReadAsync(account, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Entry>> ReadEntriesAsync(string account, long after, int limit, CancellationToken cancellationToken)
    {
        int count = Math.Clamp(limit, 0, StorageLimits.PageRowsMax);
        List<Entry> entries = await ReadEntriesAsync(
            $"""
            SELECT {PostgresRows.EntryColumns} FROM entries
            WHERE account = {PostgresAccounts.NumberOf("$1")} AND version >= $2 AND (version > $2 OR outcome IS NOT NULL) ORDER BY version LIMIT $3
            """,
            command => command.Add(account).Add(after).Add(count),
            cancellationToken).ConfigureAwait(false);
        return [.. entries.Where(entry => entry.Version > after).Take(count)];
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Entry>> ReadOperationAsync(Guid operation, CancellationToken cancellationToken) => _operations.ReadAsync(operation, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<Guid, IReadOnlyList<Entry>>> ReadOperationsAsync(IReadOnlyCollection<Guid> operations, CancellationToken cancellationToken)
    {
        Guid[] ids = [.. operations.Distinct()];
        IReadOnlyList<Entry>[] found = await Task.WhenAll(ids.Select(id => _operations.ReadAsync(id, cancellationToken))).ConfigureAwait(false);
        return ids.Zip(found).Where(pair => pair.Second.Count > 0).ToDictionary(pair => pair.First, pair => pair.Second);
    }

    /// <inheritdoc/>
    public Task WriteSnapshotsAsync(IReadOnlyList<AccountSnapshot> snapshots, CancellationToken cancellationToken)
    {
        // One row per account, in a fixed order, so that two silos that write at the same time never deadlock.
        AccountSnapshot[] newest = [.. snapshots.GroupBy(snapshot => snapshot.Account).Select(group => group.MaxBy(snapshot => snapshot.Version)!).OrderBy(snapshot => snapshot.Account, StringComparer.Ordinal)];
        return _connections.RunAsync(
            async (connection, token) =>
            {
                await using NpgsqlCommand command = Command(
                    connection,
                    """
                    INSERT INTO snapshots AS s (account, version, state) SELECT * FROM unnest($1, $2, $3)
                    ON CONFLICT (account) DO UPDATE SET version = excluded.version, state = excluded.state WHERE s.version < excluded.version
                    """);
                command.Add(Array.ConvertAll(newest, snapshot => snapshot.Account))
                    .Add(Array.ConvertAll(newest, snapshot => snapshot.Version))
                    .Add(Array.ConvertAll(newest, snapshot => snapshot.State));
                return await command.ExecuteNonQueryAsync(token).ConfigureAwait(false);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredHold>> FindUnfinishedAsync(
        DateTimeOffset dueBy, DateTimeOffset interruptedBefore, Guid after, int limit, CancellationToken cancellationToken) => _connections.RunAsync(
        async (connection, token) =>
        {
            // Holds with automatic acceptance are few at any moment, so all of them are looked at. Holds that wait for their recipient may be millions:
            // an index says whether any is due, and only then they are gone through in order, since at 06:00 nearly all of them are due.
            await using NpgsqlCommand command = Command(
                connection,
                """
                SELECT operation, leg, account, held_at, expires_at, auto_accept FROM (
                    (SELECT * FROM open_holds WHERE auto_accept AND operation > $3 AND (held_at <= $2 OR expires_at <= $1) ORDER BY operation LIMIT $4)
                    UNION ALL
                    (SELECT * FROM open_holds WHERE NOT auto_accept AND operation > $3 AND expires_at <= $1
                        AND (SELECT expires_at FROM open_holds WHERE NOT auto_accept ORDER BY expires_at LIMIT 1) <= $1 ORDER BY operation LIMIT $4)
                ) AS unfinished ORDER BY operation LIMIT $4
                """);
            command.Add(dueBy.ToUnixTimeMilliseconds()).Add(interruptedBefore.ToUnixTimeMilliseconds()).Add(after).Add(Math.Clamp(limit, 0, StorageLimits.PageRowsMax));
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(token).ConfigureAwait(false);
            return (IReadOnlyList<StoredHold>)await ReadAllAsync(reader, PostgresRows.ReadHold, token).ConfigureAwait(false);
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<HoldPage> FindAnsweredAsync(DateTimeOffset answeredBefore, Guid after, int scanned, CancellationToken cancellationToken) => _connections.RunAsync(
        async (connection, token) =>
        {
            int limit = Math.Clamp(scanned, 1, StorageLimits.PageRowsMax);
            await using NpgsqlCommand command = Command(connection, FindAnswered);
            command.Add(answeredBefore.ToUnixTimeMilliseconds()).Add(after).Add(limit);
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(token).ConfigureAwait(false);
            return HoldPage.Of(await ReadAllAsync(reader, row => (PostgresRows.ReadHold(row), row.GetBoolean(6)), token).ConfigureAwait(false), limit);
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<KeyValuePair<DeltaKey, DeltaSum>>> ReadDeltasAsync(RegionCode? region, CancellationToken cancellationToken) => _connections.RunAsync(
        async (connection, token) =>
        {
            string where = region is null ? "" : "WHERE from_region = $1 OR to_region = $1";
            await using NpgsqlCommand command = Command(connection, PostgresDeltas.Sums(where));
            if (region is { } code)
            {
                command.Add(code.Value);
            }

            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(token).ConfigureAwait(false);
            return (IReadOnlyList<KeyValuePair<DeltaKey, DeltaSum>>)await ReadAllAsync(reader, PostgresRows.ReadDelta, token).ConfigureAwait(false);
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<KeyValuePair<DeltaKey, DeltaSum>>> ReadDeltasAsync(DateOnly first, DateOnly last, CancellationToken cancellationToken) => _connections.RunAsync(
        async (connection, token) =>
        {
            await using NpgsqlCommand command = Command(connection, PostgresDeltas.Sums("WHERE day BETWEEN $1 AND $2"));
            await using NpgsqlDataReader reader = await command.Add(first).Add(last).ExecuteReaderAsync(token).ConfigureAwait(false);
            return (IReadOnlyList<KeyValuePair<DeltaKey, DeltaSum>>)await ReadAllAsync(reader, PostgresRows.ReadDelta, token).ConfigureAwait(false);
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<DateOnly> ReadOpenDayAsync(CancellationToken cancellationToken) => _connections.RunAsync(
        async (connection, token) =>
        {
            await using NpgsqlCommand command = Command(connection, "SELECT open_day FROM clearing_days");
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(token).ConfigureAwait(false);
            await reader.ReadAsync(token).ConfigureAwait(false);
            return reader.GetFieldValue<DateOnly>(0);
        },
        cancellationToken);

    /// <inheritdoc/>
    public async Task<ILedgerScan> OpenScanAsync(CancellationToken cancellationToken) =>
        await PostgresScan.OpenAsync(_connections, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _deltas.DisposeAsync().ConfigureAwait(false);
        await _ranges.DisposeAsync().ConfigureAwait(false);
        await _connections.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<IReadOnlyList<Entry>>> ReadOperationsAsync(IReadOnlyList<Guid> operations)
    {
        List<Entry> entries = await ReadEntriesAsync(OfOperations, command => command.Add(operations.ToArray()), CancellationToken.None).ConfigureAwait(false);
        ILookup<Guid, Entry> found = entries.ToLookup(entry => entry.Operation);
        return [.. operations.Select(IReadOnlyList<Entry> (operation) => [.. found[operation].OrderBy(entry => entry.Leg)])];
    }

    /// <summary>Uses an aggregate, so that the server looks up each hold's entries by themselves. It may turn an EXISTS into a table of all answers in the ledger.</summary>
    internal static readonly string FindAnswered = $"""
        SELECT operation, leg, account, held_at, expires_at, auto_accept,
            coalesce((SELECT bool_or((e.leg = {(short)Leg.Answer} OR e.answer_version IS NOT NULL) AND e.at <= $1) FROM entries e
                WHERE e.operation = open_holds.operation AND NOT e.answers_along), false)
        FROM open_holds WHERE operation > $2 ORDER BY operation LIMIT $3
        """;

    /// <summary>The rows of operations: those in the index of operations, and the answers that their openings point to.</summary>
    private static readonly string OfOperations = $"""
        SELECT r.* FROM entries o
        CROSS JOIN LATERAL (
            SELECT {PostgresRows.ColumnsOf("o")}
            UNION ALL
            SELECT {PostgresRows.EntryColumns} FROM entries e WHERE e.account = o.answer_account AND e.version = o.answer_version) r
        WHERE o.operation = ANY($1) AND NOT o.answers_along
        """;

    private Task<List<Entry>> ReadEntriesAsync(string sql, Action<NpgsqlCommand> bind, CancellationToken cancellationToken) => _connections.RunAsync(
        async (connection, token) =>
        {
            await using NpgsqlCommand command = Command(connection, sql);
            bind(command);
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(token).ConfigureAwait(false);
            List<Entry> entries = [];
            while (await reader.ReadAsync(token).ConfigureAwait(false))
            {
                PostgresRows.ReadRow(reader).AddTo(entries);
            }

            return entries;
        },
        cancellationToken);

    private static async Task<List<T>> ReadAllAsync<T>(NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        List<T> rows = [];
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql) => new(sql, connection);

    /// <summary>Whether a key exists already, the predecessor batch does not exist, or a check inside the transaction refused the batch (ledger_refuse).</summary>
    private static bool IsConflict(PostgresException exception) => exception switch
    {
        { SqlState: PostgresErrorCodes.UniqueViolation } => true,
        { SqlState: PostgresErrorCodes.NotNullViolation, TableName: "batches", ColumnName: "previous_hash" } => true,
        { SqlState: "GJ001" } => true,
        _ => false,
    };

    private async Task VerifyServerAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = Command(
            connection,
            "SELECT current_setting('fsync'), current_setting('synchronous_commit'), current_setting('full_page_writes'), current_setting('server_version'), clock_timestamp()");
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        (string fsync, string synchronousCommit, string fullPageWrites) = (reader.GetString(0), reader.GetString(1), reader.GetString(2));
        _logger.PostgresSettings(reader.GetString(3), fsync, synchronousCommit, fullPageWrites);
        if (fsync != "on" || fullPageWrites != "on" || synchronousCommit is "off" or "local")
        {
            throw new StoreUnavailableException(
                $"PostgreSQL runs with fsync={fsync}, full_page_writes={fullPageWrites}, synchronous_commit={synchronousCommit}: it may lose what it has committed. Set all three to 'on' in postgresql.conf.");
        }

        // A time once written stays. If an account's last entry is a year ahead, its entries repeat that time for a year: its limits per day do not
        // begin anew, and nothing is returned at 06:00.
        DateTimeOffset theirs = reader.GetFieldValue<DateTimeOffset>(4);
        DateTimeOffset ours = _clock.GetUtcNow();
        if ((theirs - ours).Duration() > TimeSpan.FromSeconds(StorageLimits.ClockErrorMaxSeconds))
        {
            throw new StoreUnavailableException(string.Create(
                CultureInfo.InvariantCulture,
                $"It is {ours:yyyy-MM-dd HH:mm:ss}Z by this machine's clock and {theirs.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z by PostgreSQL's: one of them is wrong. Set both by NTP, then start again."));
        }
    }
}
