using Gongji.Ledger;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Gongji.Storage;

/// <summary>Writes one batch in one transaction, on the session that writes.</summary>
internal static class SqliteCommit
{
    private const string HeadSql = "SELECT id, hash FROM batches WHERE id > ?1 AND id <= ?2 ORDER BY id DESC LIMIT 1";
    private const string HasVersion = "SELECT 1 FROM entries WHERE account = ?1 AND version = ?2";
    private const string HasLeg = "SELECT 1 FROM entries WHERE operation = ?1 AND leg = ?2";
    private const string HasPlace = "SELECT 1 FROM batches WHERE id = ?1";
    private const string HasPrevious = "SELECT 1 FROM batches WHERE id = ?1 AND hash = ?2";

    private const string TakePlace = """
        INSERT INTO batches (id, sealed_at, first_entry, entry_count, previous_hash, hash, open_day)
        VALUES (?1, ?2, (SELECT coalesce(max(id), 0) + 1 FROM entries), ?3, ?4, ?5, ?6) RETURNING first_entry
        """;

    private const string InsertEntry = "INSERT INTO entries VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)";

    private const string AddDelta = """
        INSERT INTO deltas VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        ON CONFLICT DO UPDATE SET count = count + excluded.count, amount_fen = amount_fen + excluded.amount_fen
        """;

    /// <summary>Writes the batch. Null: all is written but the COMMIT. Otherwise: the conflict, after a rollback.</summary>
    public static CommitResult? Write(SqliteSession session, SealedBatch batch)
    {
        session.Execute("BEGIN IMMEDIATE");
        try
        {
            if (TryWrite(session, batch))
            {
                return null;
            }
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode == raw.SQLITE_CONSTRAINT && IsUnique(exception.SqliteExtendedErrorCode))
        {
            // A key exists already; the diagnosis says which.
        }

        if (session.IsInTransaction)
        {
            session.Execute("ROLLBACK");
        }

        return Diagnose(session, batch);
    }

    public static ChainHead ReadHead(SqliteSession session, int chain)
    {
        SqliteStatement statement = session.Statement(HeadSql)
            .Bind(1, HashChain.BatchId(chain, 0)).Bind(2, HashChain.BatchId(chain, uint.MaxValue));
        ChainHead head = statement.Step()
            ? new ChainHead(chain, statement.GetInt64(0) - HashChain.BatchId(chain, 0), statement.GetBytes(1))
            : new ChainHead(chain, 0, HashChain.Genesis(chain));
        statement.Reset();
        return head;
    }

    private static bool IsUnique(int extendedCode) => extendedCode is raw.SQLITE_CONSTRAINT_UNIQUE or raw.SQLITE_CONSTRAINT_PRIMARYKEY or raw.SQLITE_CONSTRAINT_ROWID;

    /// <summary>False when the predecessor of the batch or of an entry is not there, a day was closed, or a slice does not cover the debits.</summary>
    private static bool TryWrite(SqliteSession session, SealedBatch batch)
    {
        if (!FollowsPrevious(session, batch))
        {
            return false;
        }

        SqliteStatement place = session.Statement(TakePlace)
            .Bind(1, HashChain.BatchId(batch.Chain, batch.Sequence))
            .Bind(2, batch.At.ToUnixTimeMilliseconds())
            .Bind(3, batch.Entries.Count)
            .Bind(4, batch.PreviousHash)
            .Bind(5, batch.Hash)
            .Bind(6, batch.OpenDay.DayNumber);
        place.Step();
        long firstEntry = place.GetInt64(0);
        place.Execute();
        SqliteStatement insert = session.Statement(InsertEntry);
        for (int i = 0; i < batch.Entries.Count; i++)
        {
            Insert(insert, firstEntry + i, batch.Entries[i]);
        }

        foreach (int position in BatchAnalysis.Unproven(batch))
        {
            Entry entry = batch.Entries[position].Entry;
            if (!session.Statement(HasVersion).Bind(1, entry.Account).Bind(2, entry.Version - 1).Any())
            {
                return false;
            }
        }

        if (!IsForOpenDay(session, batch))
        {
            return false;
        }

        if (BatchAnalysis.Closes(batch))
        {
            session.Statement("UPDATE clearing_days SET open_day = ?1").Bind(1, batch.OpenDay.DayNumber).Execute();
        }

        if (!SqliteEscrowStore.TryUse(session, batch.Chain, Escrow.Debits(batch.Deltas)))
        {
            return false;
        }

        WriteDeltas(session, batch);
        WriteHolds(session, batch);
        return true;
    }

    public static DateOnly ReadOpenDay(SqliteSession session)
    {
        SqliteStatement read = session.Statement("SELECT open_day FROM clearing_days");
        read.Step();
        DateOnly openDay = DateOnly.FromDayNumber(read.GetInt32(0));
        read.Reset();
        return openDay;
    }

    /// <summary>Whether the deltas were made with the store's open day, or the batch moves that day on.</summary>
    private static bool IsForOpenDay(SqliteSession session, SealedBatch batch)
    {
        DateOnly openDay = ReadOpenDay(session);
        return BatchAnalysis.Closes(batch) ? openDay < batch.OpenDay : batch.Deltas.Count == 0 || openDay == batch.OpenDay;
    }

    private static bool FollowsPrevious(SqliteSession session, SealedBatch batch) =>
        batch.Sequence == 1
        || session.Statement(HasPrevious).Bind(1, HashChain.BatchId(batch.Chain, batch.Sequence - 1)).Bind(2, batch.PreviousHash).Any();

    private static void Insert(SqliteStatement insert, long id, EncodedEntry encoded)
    {
        (Entry entry, byte[]? detail) = encoded;
        insert.Bind(1, id)
            .Bind(2, entry.Account)
            .Bind(3, entry.Version)
            .Bind(4, entry.Operation)
            .Bind(5, (long)entry.Leg)
            .Bind(6, (long)entry.Kind)
            .Bind(7, entry.Amounts.PersonalFen)
            .Bind(8, entry.Amounts.WalletFen)
            .Bind(9, entry.Amounts.HeldFen)
            .Bind(10, entry.Amounts.QuotaFen)
            .Bind(11, entry.Balances.PersonalFen)
            .Bind(12, entry.Balances.WalletFen)
            .Bind(13, entry.Balances.HeldFen)
            .Bind(14, entry.Balances.QuotaFen)
            .Bind(15, entry.At.ToUnixTimeMilliseconds())
            .Bind(16, detail)
            .Execute();
    }

    private static void WriteDeltas(SqliteSession session, SealedBatch batch)
    {
        SqliteStatement add = session.Statement(AddDelta);
        foreach ((DeltaKey key, DeltaSum sum) in batch.Deltas)
        {
            add.Bind(1, batch.Chain)
                .Bind(2, key.Day.DayNumber)
                .Bind(3, key.From.Value)
                .Bind(4, key.To.Value)
                .Bind(5, (long)key.Activity)
                .Bind(6, (long)key.Tier)
                .Bind(7, sum.Count)
                .Bind(8, sum.AmountFen)
                .Execute();
        }
    }

    private static void WriteHolds(SqliteSession session, SealedBatch batch)
    {
        (IReadOnlyCollection<StoredHold> opened, IReadOnlyCollection<(Guid Operation, Leg Leg)> ended, _, _) = BatchAnalysis.Holds(batch.Entries);
        SqliteStatement insert = session.Statement("INSERT INTO open_holds VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
        foreach (StoredHold hold in opened)
        {
            insert.Bind(1, hold.Operation)
                .Bind(2, (long)hold.Leg)
                .Bind(3, hold.Account)
                .Bind(4, hold.HeldAt.ToUnixTimeMilliseconds())
                .Bind(5, hold.ExpiresAt.ToUnixTimeMilliseconds())
                .Bind(6, hold.AutoAccept ? 1 : 0)
                .Execute();
        }

        SqliteStatement delete = session.Statement("DELETE FROM open_holds WHERE operation = ?1 AND leg = ?2");
        foreach ((Guid operation, Leg leg) in ended)
        {
            delete.Bind(1, operation).Bind(2, (long)leg).Execute();
        }
    }

    private static CommitResult Diagnose(SqliteSession session, SealedBatch batch)
    {
        List<int> versions = [];
        List<int> legs = [];
        for (int i = 0; i < batch.Entries.Count; i++)
        {
            Entry entry = batch.Entries[i].Entry;
            if (session.Statement(HasVersion).Bind(1, entry.Account).Bind(2, entry.Version).Any())
            {
                versions.Add(i);
            }

            if (session.Statement(HasLeg).Bind(1, entry.Operation).Bind(2, (long)entry.Leg).Any())
            {
                legs.Add(i);
            }
        }

        List<int> orphans = [.. BatchAnalysis.Unproven(batch).Where(i =>
            !session.Statement(HasVersion).Bind(1, batch.Entries[i].Entry.Account).Bind(2, batch.Entries[i].Entry.Version - 1).Any())];
        bool chainMoved = session.Statement(HasPlace).Bind(1, HashChain.BatchId(batch.Chain, batch.Sequence)).Any() || !FollowsPrevious(session, batch);
        HashSet<RegionCode> over = SqliteEscrowStore.FindOver(session, batch.Chain, Escrow.Debits(batch.Deltas));
        return BatchAnalysis.Conflict(batch, versions, legs, orphans, chainMoved) with
        {
            OverCapAt = BatchAnalysis.DebitsOf(batch, over),
            OpenDay = IsForOpenDay(session, batch) ? null : ReadOpenDay(session),
        };
    }
}
