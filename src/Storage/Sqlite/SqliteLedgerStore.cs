using Gongji.Ledger;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using SQLitePCL;

namespace Gongji.Storage;

/// <summary>The ledger in one SQLite file, for one process: the embedded store.</summary>
public sealed class SqliteLedgerStore : ILedgerStore
{
    private readonly SqliteSessions _sessions;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;

    /// <param name="options">Where the store is.</param>
    /// <param name="clock">For the time of migrations.</param>
    /// <param name="logger">Events 1200–1399.</param>
    /// <exception cref="StoreUnavailableException">Another process uses the data directory.</exception>
    public SqliteLedgerStore(SqliteStoreOptions options, TimeProvider clock, ILogger<SqliteLedgerStore> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        _sessions = new SqliteSessions(options);
        _clock = clock;
        _logger = logger;
        GrainState = new SqliteGrainStateStore(_sessions);
        Feed = new SqliteFeed(_sessions);
        Escrow = new SqliteEscrowStore(_sessions);
        string directory = Path.GetFullPath(options.Directory);
        logger.SqliteOpened(directory);
        if (_sessions.IsExposed)
        {
            logger.SqliteExposed(directory);
        }
    }

    /// <inheritdoc/>
    public ILedgerFeed Feed { get; }

    /// <inheritdoc/>
    public IEscrowStore Escrow { get; }

    /// <inheritdoc/>
    public IGrainStateStore GrainState { get; }

    /// <inheritdoc/>
    public Task MigrateAsync(CancellationToken cancellationToken) => _sessions.WriteAsync(
        session =>
        {
            session.RequireSound(StorageLimits.QuickCheckBytesMax);
            SqliteMigrator.Migrate(session, _clock.GetUtcNow().ToUnixTimeMilliseconds(), _logger);
            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task VerifySchemaAsync(CancellationToken cancellationToken) => _sessions.ReadAsync(
        session =>
        {
            SqliteMigrator.Verify(session);
            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<int> OpenChainAsync(string writer, int partition, DateTimeOffset now, CancellationToken cancellationToken) => _sessions.WriteAsync(
        session =>
        {
            SqliteStatement insert = session.Statement("""
                INSERT INTO chains (id, writer, partition, opened_at)
                VALUES (max((SELECT coalesce(max(id), 0) + 1 FROM chains), (SELECT coalesce(max(id) >> 32, 0) + 1 FROM batches), ?4), ?1, ?2, ?3) RETURNING id
                """).Bind(1, writer).Bind(2, partition).Bind(3, now.ToUnixTimeMilliseconds()).Bind(4, ChainNumbers.LeastAt(now));
            insert.Step();
            int chain = insert.GetInt32(0);
            insert.Execute();
            return chain;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<ChainHead> ReadChainHeadAsync(int chain, CancellationToken cancellationToken) =>
        _sessions.ReadAsync(session => SqliteCommit.ReadHead(session, chain), cancellationToken);

    /// <inheritdoc/>
    public Task<CommitResult> CommitAsync(SealedBatch batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return _sessions.WriteAsync(session => Commit(session, batch), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<AccountHistory> LoadAccountAsync(string account, CancellationToken cancellationToken) => _sessions.ReadAsync(
        session =>
        {
            // One transaction, so that snapshot and entries are of one moment.
            session.Execute("BEGIN");
            SqliteStatement read = session.Statement("SELECT version, state FROM snapshots WHERE account = ?1").Bind(1, account);
            (long version, byte[]? snapshot) = read.Step() ? (read.GetInt64(0), read.GetBytes(1)) : (0, null);
            read.Reset();
            SqliteStatement entries = session.Statement($"SELECT {SqliteRows.EntryColumns} FROM entries WHERE account = ?1 AND version >= ?2 ORDER BY version")
                .Bind(1, account).Bind(2, version);
            AccountHistory history = AccountHistory.Of(snapshot, version, SqliteRows.ReadAll(entries, SqliteRows.ReadEntry));
            session.Execute("COMMIT");
            return history;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Entry>> ReadEntriesAsync(string account, long after, int limit, CancellationToken cancellationToken) => ReadAllAsync(
        $"SELECT {SqliteRows.EntryColumns} FROM entries WHERE account = ?1 AND version > ?2 ORDER BY version LIMIT ?3",
        statement => statement.Bind(1, account).Bind(2, after).Bind(3, Math.Clamp(limit, 0, StorageLimits.PageRowsMax)),
        SqliteRows.ReadEntry,
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Entry>> ReadOperationAsync(Guid operation, CancellationToken cancellationToken) => ReadAllAsync(
        $"SELECT {SqliteRows.EntryColumns} FROM entries WHERE operation = ?1 ORDER BY leg",
        statement => statement.Bind(1, operation),
        SqliteRows.ReadEntry,
        cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<Guid, IReadOnlyList<Entry>>> ReadOperationsAsync(IReadOnlyCollection<Guid> operations, CancellationToken cancellationToken)
    {
        Dictionary<Guid, IReadOnlyList<Entry>> found = [];
        foreach (Guid operation in operations)
        {
            // A look-up in the same process: there is no round trip to share.
            if (await ReadOperationAsync(operation, cancellationToken).ConfigureAwait(false) is { Count: > 0 } entries)
            {
                found[operation] = entries;
            }
        }

        return found;
    }

    /// <inheritdoc/>
    public Task WriteSnapshotsAsync(IReadOnlyList<AccountSnapshot> snapshots, CancellationToken cancellationToken) => _sessions.WriteAsync(
        session =>
        {
            session.Execute("BEGIN IMMEDIATE");
            SqliteStatement write = session.Statement("""
                INSERT INTO snapshots VALUES (?1, ?2, ?3)
                ON CONFLICT DO UPDATE SET version = excluded.version, state = excluded.state WHERE version < excluded.version
                """);
            foreach (AccountSnapshot snapshot in snapshots)
            {
                write.Bind(1, snapshot.Account).Bind(2, snapshot.Version).Bind(3, snapshot.State).Execute();
            }

            session.Execute("COMMIT");
            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredHold>> FindUnfinishedAsync(
        DateTimeOffset dueBy, DateTimeOffset interruptedBefore, Guid after, int limit, CancellationToken cancellationToken) => ReadAllAsync(
        // As in PostgreSQL: holds with automatic acceptance are few, and all are looked at; those that wait are gone through only when the index has one due.
        $"""
        SELECT {SqliteRows.HoldColumns} FROM (
            SELECT * FROM (SELECT {SqliteRows.HoldColumns} FROM open_holds INDEXED BY open_holds_due
                WHERE auto_accept = 1 AND operation > ?3 AND (held_at <= ?2 OR expires_at <= ?1) ORDER BY operation LIMIT ?4)
            UNION ALL
            SELECT * FROM (SELECT {SqliteRows.HoldColumns} FROM open_holds
                WHERE EXISTS (SELECT 1 FROM open_holds WHERE auto_accept = 0 AND expires_at <= ?1)
                    AND +auto_accept = 0 AND operation > ?3 AND +expires_at <= ?1 ORDER BY operation LIMIT ?4))
        ORDER BY operation LIMIT ?4
        """,
        statement => statement.Bind(1, dueBy.ToUnixTimeMilliseconds()).Bind(2, interruptedBefore.ToUnixTimeMilliseconds()).Bind(3, after).Bind(4, Math.Clamp(limit, 0, StorageLimits.PageRowsMax)),
        SqliteRows.ReadHold,
        cancellationToken);

    /// <inheritdoc/>
    public async Task<HoldPage> FindAnsweredAsync(DateTimeOffset answeredBefore, Guid after, int scanned, CancellationToken cancellationToken)
    {
        int limit = Math.Clamp(scanned, 1, StorageLimits.PageRowsMax);
        return HoldPage.Of(
            await ReadAllAsync(
                $"""
                SELECT {SqliteRows.HoldColumns},
                    EXISTS (SELECT 1 FROM entries e WHERE e.operation = open_holds.operation AND e.leg = {(short)Leg.Answer} AND e.at <= ?1)
                FROM open_holds WHERE operation > ?2 ORDER BY operation LIMIT ?3
                """,
                statement => statement.Bind(1, answeredBefore.ToUnixTimeMilliseconds()).Bind(2, after).Bind(3, limit),
                row => (SqliteRows.ReadHold(row), row.GetInt64(6) != 0),
                cancellationToken).ConfigureAwait(false),
            limit);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<KeyValuePair<DeltaKey, DeltaSum>>> ReadDeltasAsync(RegionCode? region, CancellationToken cancellationToken) => ReadAllAsync(
        SqliteScan.DeltaSums(region is null ? "" : "WHERE from_region = ?1 OR to_region = ?1"),
        statement => region is { } code ? statement.Bind(1, code.Value) : statement,
        SqliteRows.ReadDelta,
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<KeyValuePair<DeltaKey, DeltaSum>>> ReadDeltasAsync(DateOnly first, DateOnly last, CancellationToken cancellationToken) => ReadAllAsync(
        SqliteScan.DeltaSums("WHERE day BETWEEN ?1 AND ?2"),
        statement => statement.Bind(1, first.DayNumber).Bind(2, last.DayNumber),
        SqliteRows.ReadDelta,
        cancellationToken);

    /// <inheritdoc/>
    public Task<DateOnly> ReadOpenDayAsync(CancellationToken cancellationToken) => _sessions.ReadAsync(SqliteCommit.ReadOpenDay, cancellationToken);

    /// <inheritdoc/>
    public Task<ILedgerScan> OpenScanAsync(CancellationToken cancellationToken) =>
        Task.Run<ILedgerScan>(() => SqliteSessions.Guard(() => new SqliteScan(_sessions.OpenReader())), cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _sessions.Dispose();
        return ValueTask.CompletedTask;
    }

    private Task<IReadOnlyList<T>> ReadAllAsync<T>(
        string sql, Func<SqliteStatement, SqliteStatement> bind, Func<SqliteStatement, T> read, CancellationToken cancellationToken) =>
        _sessions.ReadAsync(session => (IReadOnlyList<T>)SqliteRows.ReadAll(bind(session.Statement(sql)), read), cancellationToken);

    private CommitResult Commit(SqliteSession session, SealedBatch batch)
    {
        if (SqliteCommit.Write(session, batch) is { } conflict)
        {
            return conflict;
        }

        try
        {
            session.Execute("COMMIT");
            return CommitResult.Committed;
        }
        catch (SqliteException exception)
        {
            _logger.SqliteCommitFailed(exception.SqliteExtendedErrorCode, exception);
            if (session.IsInTransaction)
            {
                session.Execute("ROLLBACK");
            }

            return LookAfterFailedCommit(batch, exception);
        }
    }

    /// <summary>
    /// What became of a batch whose COMMIT failed. What other sessions see is synced. What they do not see may still be in the log: if the sync failed
    /// and the machine stops before the next commit overwrites it, recovery would find it. Only when the commit record could not be written at all is it
    /// certain that the batch is not there.
    /// </summary>
    private CommitResult LookAfterFailedCommit(SealedBatch batch, SqliteException exception)
    {
        try
        {
            using SqliteSession fresh = _sessions.OpenReader();
            ChainHead head = SqliteCommit.ReadHead(fresh, batch.Chain);
            if (head.Sequence == batch.Sequence && head.Hash.AsSpan().SequenceEqual(batch.Hash))
            {
                return CommitResult.Committed;
            }
        }
        catch (SqliteException)
        {
            throw Unknown(exception);
        }

        throw exception.SqliteErrorCode is raw.SQLITE_FULL or raw.SQLITE_BUSY ? SqliteSessions.Unavailable(exception) : Unknown(exception);
    }

    private static StoreOutcomeUnknownException Unknown(SqliteException exception) =>
        new($"SQLite failed at commit: {exception.Message} (SQLite {exception.SqliteExtendedErrorCode})", exception);
}
