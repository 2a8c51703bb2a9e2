using Gongji.Ledger;
using Npgsql;

namespace Gongji.Storage;

/// <summary>The transaction of one batch: its place is locked, its entries are copied, then everything else is sent together, ending with the commit.</summary>
internal static class PostgresCommit
{
    /// <summary>
    /// A batch that wants the place waits here for the one that has it. When the batch's predecessor is missing, previous_hash is NULL and the row is
    /// refused.
    /// </summary>
    private const string TakePlace = """
        INSERT INTO batches (id, sealed_at, entry_count, previous_hash, hash, open_day)
        VALUES ($1, $2, $3, CASE WHEN $4 THEN $5 ELSE (SELECT hash FROM batches WHERE id = $1 - 1 AND hash = $5) END, $6, $7)
        """;

    /// <summary>
    /// A batch holds the lock of its place until it has ended. Its successor, sent on another connection, waits for that lock once its own entries are
    /// copied: by then it sees what the batch before has written, or that there is none. A successor that gets there first is refused, and sent again.
    /// </summary>
    private const string LockPlace = "SELECT pg_advisory_xact_lock($1, $2)";

    /// <summary>
    /// The account's last version before the entry's own row: that of a row, or of the outcome in it. That outcome may have the entry's own version,
    /// which is then in the way. A scalar subquery, so that the plan can only be a look-up per row.
    /// </summary>
    private const string LastBefore = """
        (SELECT e.version + (e.outcome IS NOT NULL)::integer FROM entries e
            WHERE e.account = f.account AND e.version < f.version ORDER BY e.version DESC LIMIT 1)
        """;

    /// <summary>An answer that came in the batch of its opening is not in the index of operations; the opening says that the answer is there.</summary>
    internal static readonly string CheckAnswers = $"""
        SELECT ledger_refuse('a transfer has its answer already') FROM unnest($1) AS f(operation)
        WHERE (SELECT e.answer_version FROM entries e WHERE e.operation = f.operation AND NOT e.answers_along AND e.leg = {(short)Leg.Opening}) IS NOT NULL
        LIMIT 1
        """;

    private const string CheckPredecessors = $"""
        SELECT ledger_refuse('an entry does not follow its account''s last one')
        FROM unnest($1, $2) AS f(account, version)
        WHERE {LastBefore} IS DISTINCT FROM f.version - 1
        LIMIT 1
        """;

    /// <summary>
    /// Checks, for the first entries of accounts and of writers, that the accounts still have the numbers that the entries are written under. A number is
    /// remembered once it was seen; a server that takes over from another one may have lost it, with all the account's entries, and may give it to another
    /// account. A writer's later entries follow one that this chain has, and before that one there was the number.
    /// </summary>
    private static readonly string CheckNumbers = $"""
        SELECT ledger_refuse('an account has lost its number') FROM unnest($1, $2) AS f(number, name)
        WHERE {PostgresAccounts.NumberOf("f.name")} IS DISTINCT FROM f.number
        LIMIT 1
        """;

    private const string InsertHolds =
        "INSERT INTO open_holds (operation, leg, account, held_at, expires_at, auto_accept) SELECT * FROM unnest($1, $2, $3, $4, $5, $6)";

    /// <summary>
    /// Looks up each row by itself. For a join, a plan made while hardly anything was open would go through the whole index each time, dead rows included
    /// (accepted transfers took four times as long). A ctid names one row for as long as the statement lasts, since what its snapshot sees is not
    /// vacuumed.
    /// </summary>
    internal const string DeleteHolds = """
        DELETE FROM open_holds WHERE ctid = ANY(ARRAY(
            SELECT (SELECT h.ctid FROM open_holds h WHERE h.operation = f.operation AND h.leg = f.leg) FROM unnest($1, $2) AS f(operation, leg)))
        """;

    /// <summary>
    /// Every batch with deltas shares this lock. It only prevents a cap from being set, or a day from being closed, while a batch is under way that has
    /// not seen it. It is a statement of its own, so that the next statement sees what the lock's last exclusive holder has written.
    /// </summary>
    private static readonly string ShareCaps = $"SELECT pg_advisory_xact_lock_shared({PostgresEscrowStore.CapsLock})";

    /// <summary>For a batch that closes a day. Such a batch never takes the shared lock first: two that each wait for the other to let go would wait for ever.</summary>
    private static readonly string TakeCaps = $"SELECT pg_advisory_xact_lock({PostgresEscrowStore.CapsLock})";

    private const string CheckOpenDay = "SELECT ledger_refuse('a day was closed meanwhile') FROM clearing_days WHERE open_day <> $1";

    private const string MoveOpenDay = """
        WITH moved AS (UPDATE clearing_days SET open_day = $1 WHERE open_day < $1 RETURNING 1)
        SELECT ledger_refuse('the day is closed already') WHERE NOT EXISTS (SELECT 1 FROM moved)
        """;

    /// <summary>Takes the debits from the chain's slices: one small statement for each batch that debits any region.</summary>
    private const string UseSlices = """
        WITH debits AS (SELECT d.region, d.fen FROM unnest($2, $3) AS d(region, fen) WHERE EXISTS (SELECT 1 FROM escrow_caps c WHERE c.region = d.region AND c.cap_fen IS NOT NULL)),
            used AS (UPDATE escrow_slices s SET used_fen = s.used_fen + d.fen FROM debits d
                WHERE s.region = d.region AND s.chain = $1 AND s.used_fen + d.fen <= s.granted_fen RETURNING s.region)
        SELECT ledger_refuse('a region with a cap is debited more than was leased') FROM debits d
            WHERE NOT EXISTS (SELECT 1 FROM used u WHERE u.region = d.region) LIMIT 1
        """;

    private static readonly string Diagnose = $"""
        SELECT {(int)Way.Stale}, n::int - 1 FROM unnest($1, $2) WITH ORDINALITY AS f(account, version, n)
            WHERE (SELECT e.version FROM entries e WHERE e.account = f.account AND e.version = f.version) IS NOT NULL
                OR (SELECT e.version FROM entries e WHERE e.account = f.account AND e.version = f.version - 1 AND e.outcome IS NOT NULL) IS NOT NULL
        UNION ALL
        SELECT {(int)Way.Duplicate}, n::int - 1 FROM unnest($3, $4) WITH ORDINALITY AS f(operation, leg, n)
            WHERE (SELECT bool_or(e.leg = f.leg OR get_byte(e.outcome, 1) = f.leg OR (f.leg = {(short)Leg.Answer} AND e.answer_version IS NOT NULL))
                FROM entries e WHERE e.operation = f.operation AND NOT e.answers_along)
        UNION ALL
        SELECT {(int)Way.Orphan}, f.position FROM unnest($5, $6, $7) AS f(account, version, position) WHERE {LastBefore} IS DISTINCT FROM f.version - 1
        UNION ALL
        SELECT {(int)Way.Place}, 0 WHERE EXISTS (SELECT 1 FROM batches WHERE id = $8)
            OR NOT ($9 OR EXISTS (SELECT 1 FROM batches WHERE id = $8 - 1 AND hash = $10))
        UNION ALL
        SELECT {(int)Way.OverCap}, d.region FROM unnest($12, $13) AS d(region, fen) JOIN escrow_caps c ON c.region = d.region AND c.cap_fen IS NOT NULL
            WHERE NOT EXISTS (SELECT 1 FROM escrow_slices s WHERE s.region = d.region AND s.chain = $11 AND s.used_fen + d.fen <= s.granted_fen)
        UNION ALL
        SELECT {(int)Way.OpenDay}, CASE WHEN isfinite(open_day) THEN open_day - date '0001-01-01' ELSE 0 END FROM clearing_days
            WHERE CASE WHEN $15 THEN open_day >= $14 ELSE $16 AND open_day <> $14 END
        """;

    /// <exception cref="StoreUnavailableException">The connection was lost before the commit was sent: nothing was written, nor ever will be.</exception>
    /// <param name="connection">Not in a transaction.</param>
    /// <param name="sealedBatch">The batch.</param>
    /// <param name="accounts">The numbers of the entries' accounts, by position.</param>
    /// <param name="commitSent">Completed when the commit is about to be sent. From then on only the server, or the end of the connection, ends this call.</param>
    /// <param name="cancellationToken">Breaks the connection, until the commit is sent.</param>
    public static async Task ExecuteAsync(
        NpgsqlConnection connection, SealedBatch sealedBatch, long[] accounts, TaskCompletionSource commitSent, CancellationToken cancellationToken)
    {
        // When a statement was refused, disposing the transaction uncommitted rolls it back.
        NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            BatchHolds holds = BatchAnalysis.Holds(sealedBatch.Entries);
            PostgresRowPlan plan = new(sealedBatch.Entries, holds);
            if (sealedBatch.Entries.Count > 0)
            {
                try
                {
                    await LockPlaceAsync(connection, sealedBatch, cancellationToken).ConfigureAwait(false);
                    await PostgresEntryCopy.ExecuteAsync(connection, sealedBatch, accounts, plan, cancellationToken).ConfigureAwait(false);
                }
                catch (Exception exception) when (!PostgresConnections.IsRolledBack(exception) && (PostgresConnections.IsStoreError(exception) || exception is OperationCanceledException))
                {
                    throw PostgresConnections.Unavailable(exception);
                }
            }

            await using NpgsqlBatch batch = connection.CreateBatch();
            batch.Timeout = 0;
            if (sealedBatch.Entries.Count == 0)
            {
                AddPlaceLock(batch.AddCommand(LockPlace), sealedBatch.Chain, sealedBatch.Sequence);
            }

            AddPlaceLock(batch.AddCommand(LockPlace), sealedBatch.Chain, sealedBatch.Sequence - 1);
            AddPlace(batch, sealedBatch);
            if (sealedBatch.Entries.Count > 0)
            {
                AddPredecessorCheck(batch, sealedBatch, accounts, plan);
                AddNumberCheck(batch, sealedBatch, accounts);
                AddAnswerCheck(batch, sealedBatch, plan);
                AddOpenDay(batch, sealedBatch);
                AddSlices(batch, sealedBatch);
                PostgresDeltas.AddTo(batch, sealedBatch);
                AddHoldIndex(batch, holds.Opened, holds.Ended);
            }

            batch.AddCommand("COMMIT");
            cancellationToken.ThrowIfCancellationRequested();
            commitSent.SetResult();
            await batch.ExecuteNonQueryAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>Finds out, in one consistent view, what was in the way of a batch.</summary>
    public static async Task<CommitResult> DiagnoseAsync(NpgsqlConnection connection, SealedBatch sealedBatch, long[] accounts, CancellationToken cancellationToken)
    {
        IReadOnlyList<EncodedEntry> entries = sealedBatch.Entries;
        List<int> unproven = Unproven(sealedBatch, new PostgresRowPlan(entries, BatchAnalysis.Holds(entries)));
        await using NpgsqlCommand command = new(Diagnose, connection);
        command.Parameters.AddValue(accounts);
        command.Parameters.AddValue(Map(entries, entry => entry.Version));
        command.Parameters.AddValue(Map(entries, entry => entry.Operation));
        command.Parameters.AddValue(Map(entries, entry => (short)entry.Leg));
        command.Parameters.AddValue(unproven.ConvertAll(position => accounts[position]).ToArray());
        command.Parameters.AddValue(Map(entries, unproven, entry => entry.Version));
        command.Parameters.AddValue(unproven.ToArray());
        command.Parameters.AddValue(HashChain.BatchId(sealedBatch.Chain, sealedBatch.Sequence));
        command.Parameters.AddValue(sealedBatch.Sequence == 1);
        command.Parameters.AddValue(sealedBatch.PreviousHash);
        Dictionary<RegionCode, long> debits = Escrow.Debits(sealedBatch.Deltas);
        command.Parameters.AddValue(sealedBatch.Chain);
        command.Parameters.AddValue(debits.Keys.Select(region => region.Value).ToArray());
        command.Parameters.AddValue(debits.Values.ToArray());
        command.Parameters.AddValue(sealedBatch.OpenDay);
        command.Parameters.AddValue(BatchAnalysis.Closes(sealedBatch));
        command.Parameters.AddValue(sealedBatch.Deltas.Count > 0);
        ILookup<Way, int> found = await ReadFoundAsync(command, cancellationToken).ConfigureAwait(false);
        HashSet<RegionCode> over = [.. found[Way.OverCap].Select(RegionCode.FromValue)];
        return BatchAnalysis.Conflict(sealedBatch, [.. found[Way.Stale]], [.. found[Way.Duplicate]], [.. found[Way.Orphan]], found[Way.Place].Any()) with
        {
            OverCapAt = BatchAnalysis.DebitsOf(sealedBatch, over),
            OpenDay = found[Way.OpenDay].Select(day => (DateOnly?)DateOnly.FromDayNumber(day)).FirstOrDefault(),
        };
    }

    private static async Task<ILookup<Way, int>> ReadFoundAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        List<(Way Way, int What)> found = [];
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            found.Add(((Way)reader.GetInt32(0), reader.GetInt32(1)));
        }

        return found.ToLookup(row => row.Way, row => row.What);
    }

    private static void AddPlace(NpgsqlBatch batch, SealedBatch sealedBatch)
    {
        NpgsqlParameterCollection parameters = batch.AddCommand(TakePlace);
        parameters.AddValue(HashChain.BatchId(sealedBatch.Chain, sealedBatch.Sequence));
        parameters.AddValue(sealedBatch.At.ToUnixTimeMilliseconds());
        parameters.AddValue(sealedBatch.Entries.Count);
        parameters.AddValue(sealedBatch.Sequence == 1);
        parameters.AddValue(sealedBatch.PreviousHash);
        parameters.AddValue(sealedBatch.Hash);
        parameters.AddValue(sealedBatch.OpenDay);
    }

    private static async Task LockPlaceAsync(NpgsqlConnection connection, SealedBatch sealedBatch, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new(LockPlace, connection) { CommandTimeout = StorageLimits.CommitTimeoutSeconds };
        AddPlaceLock(command.Parameters, sealedBatch.Chain, sealedBatch.Sequence);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private static void AddPlaceLock(NpgsqlParameterCollection parameters, int chain, long sequence)
    {
        parameters.AddValue(chain);
        parameters.AddValue(unchecked((int)sequence));
    }

    private static void AddAnswerCheck(NpgsqlBatch batch, SealedBatch sealedBatch, PostgresRowPlan plan)
    {
        Guid[] answered = [.. plan.LateAnswers(sealedBatch.Entries).Select(position => sealedBatch.Entries[position].Entry.Operation)];
        if (answered.Length > 0)
        {
            batch.AddCommand(CheckAnswers).AddValue(answered);
        }
    }

    private static void AddPredecessorCheck(NpgsqlBatch batch, SealedBatch sealedBatch, long[] accounts, PostgresRowPlan plan)
    {
        List<int> unproven = Unproven(sealedBatch, plan);
        if (unproven.Count > 0)
        {
            NpgsqlParameterCollection parameters = batch.AddCommand(CheckPredecessors);
            parameters.AddValue(unproven.ConvertAll(position => accounts[position]).ToArray());
            parameters.AddValue(Map(sealedBatch.Entries, unproven, entry => entry.Version));
        }
    }

    private static void AddNumberCheck(NpgsqlBatch batch, SealedBatch sealedBatch, long[] accounts)
    {
        IReadOnlyList<int> firsts = BatchAnalysis.Firsts(sealedBatch);
        if (firsts.Count > 0)
        {
            NpgsqlParameterCollection parameters = batch.AddCommand(CheckNumbers);
            parameters.AddValue(firsts.Select(position => accounts[position]).ToArray());
            parameters.AddValue(Map(sealedBatch.Entries, firsts, entry => entry.Account));
        }
    }

    /// <summary>The unproven entries with a row of their own. An outcome in the row of the entry that it ends follows that entry and no other, so it needs no check.</summary>
    private static List<int> Unproven(SealedBatch batch, PostgresRowPlan plan) => [.. BatchAnalysis.Unproven(batch).Where(plan.HasRow)];

    private static void AddOpenDay(NpgsqlBatch batch, SealedBatch sealedBatch)
    {
        bool closes = BatchAnalysis.Closes(sealedBatch);
        if (closes || sealedBatch.Deltas.Count > 0)
        {
            batch.AddCommand(closes ? TakeCaps : ShareCaps);
            batch.AddCommand(closes ? MoveOpenDay : CheckOpenDay).AddValue(sealedBatch.OpenDay);
        }
    }

    private static void AddSlices(NpgsqlBatch batch, SealedBatch sealedBatch)
    {
        Dictionary<RegionCode, long> debits = Escrow.Debits(sealedBatch.Deltas);
        if (debits.Count == 0)
        {
            return;
        }

        NpgsqlParameterCollection parameters = batch.AddCommand(UseSlices);
        parameters.AddValue(sealedBatch.Chain);
        parameters.AddValue(debits.Keys.Select(region => region.Value).ToArray());
        parameters.AddValue(debits.Values.ToArray());
    }

    private static void AddHoldIndex(NpgsqlBatch batch, IReadOnlyCollection<StoredHold> opened, IReadOnlyCollection<(Guid Operation, Leg Leg)> ended)
    {
        if (opened.Count > 0)
        {
            StoredHold[] holds = [.. opened];
            NpgsqlParameterCollection parameters = batch.AddCommand(InsertHolds);
            parameters.AddValue(Array.ConvertAll(holds, hold => hold.Operation));
            parameters.AddValue(Array.ConvertAll(holds, hold => (short)hold.Leg));
            parameters.AddValue(Array.ConvertAll(holds, hold => hold.Account));
            parameters.AddValue(Array.ConvertAll(holds, hold => hold.HeldAt.ToUnixTimeMilliseconds()));
            parameters.AddValue(Array.ConvertAll(holds, hold => hold.ExpiresAt.ToUnixTimeMilliseconds()));
            parameters.AddValue(Array.ConvertAll(holds, hold => hold.AutoAccept));
        }

        if (ended.Count > 0)
        {
            NpgsqlParameterCollection parameters = batch.AddCommand(DeleteHolds);
            parameters.AddValue(ended.Select(end => end.Operation).ToArray());
            parameters.AddValue(ended.Select(end => (short)end.Leg).ToArray());
        }
    }

    private static T[] Map<T>(IReadOnlyList<EncodedEntry> entries, Func<Entry, T> map)
    {
        T[] values = new T[entries.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = map(entries[i].Entry);
        }

        return values;
    }

    private static T[] Map<T>(IReadOnlyList<EncodedEntry> entries, IReadOnlyList<int> positions, Func<Entry, T> map) =>
        [.. positions.Select(position => map(entries[position].Entry))];

    /// <summary>What can be in the way of a batch.</summary>
    private enum Way
    {
        /// <summary>An entry's version is there already; reported by the entry's position.</summary>
        Stale,

        /// <summary>An entry's operation has that leg already; reported by the entry's position.</summary>
        Duplicate,

        /// <summary>An entry does not follow its account's last one; reported by the entry's position.</summary>
        Orphan,

        /// <summary>The batch's place is taken, or the batch before is not there.</summary>
        Place,

        /// <summary>The chain's slice of a region's headroom is too small; reported by the region's code.</summary>
        OverCap,

        /// <summary>Another day is the open one; reported by its number.</summary>
        OpenDay,
    }
}
