using Gongji.Ledger.Audit;

namespace Gongji.Storage;

/// <summary>Finds keys and triggers of a ledger that are not there.</summary>
internal static class SqliteGuards
{
    private const string HasKey = """
        SELECT 1 FROM pragma_index_list(?1) AS i
        WHERE i."unique" = 1 AND i.partial = 0 AND (SELECT group_concat(name) FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)) = ?2
        """;

    private const string HasPlace = "SELECT 1 FROM pragma_table_info('batches') WHERE name = 'id' AND pk = 1";

    private static readonly string[] Triggers = ["entries_never_updated", "entries_never_deleted", "batches_never_updated", "batches_never_deleted"];

    /// <summary>What is missing, and what to do.</summary>
    public static IReadOnlyList<MissingGuard> FindMissing(SqliteSession session)
    {
        List<MissingGuard> missing = [];
        RequireKey(LedgerGuard.AccountVersion, "account, version");
        RequireKey(LedgerGuard.OperationLeg, "operation, leg");
        if (!session.Statement(HasPlace).Any())
        {
            missing.Add(new(LedgerGuard.AppendOnly, "The primary key of batches (id) is missing. Restore a backup that has it."));
        }

        IReadOnlyList<Migration> shipped = MigrationSet.Load("Sqlite");
        foreach (string trigger in Triggers.Where(trigger => !HasTrigger(session, trigger, shipped)))
        {
            missing.Add(new(LedgerGuard.AppendOnly, $"The trigger {trigger}, which keeps the ledger append-only, is missing or not as shipped. Audit the store, then create the trigger as migration 0001 does."));
        }

        return missing;

        void RequireKey(LedgerGuard guard, string columns)
        {
            if (!session.Statement(HasKey).Bind(1, "entries").Bind(2, columns.Replace(" ", "", StringComparison.Ordinal)).Any())
            {
                missing.Add(new(guard, $"The unique key of entries ({columns}) is missing. Audit the store; if nothing is there twice: CREATE UNIQUE INDEX ON entries ({columns}), with a name."));
            }
        }
    }

    /// <summary>SQLite keeps the text that a trigger was created with, so it can be compared with the shipped text.</summary>
    private static bool HasTrigger(SqliteSession session, string name, IReadOnlyList<Migration> shipped)
    {
        SqliteStatement read = session.Statement("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = ?1").Bind(1, name);
        string? sql = read.Step() ? read.GetString(0) : null;
        read.Reset();
        return sql is not null && shipped.Any(migration => migration.Sql.Contains(sql, StringComparison.Ordinal));
    }
}
