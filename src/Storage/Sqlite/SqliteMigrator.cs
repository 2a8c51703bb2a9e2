using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using SQLitePCL;

namespace Gongji.Storage;

/// <summary>Brings the schema of an embedded store up to date, in one transaction.</summary>
internal static class SqliteMigrator
{
    private const string Set = "Sqlite";

    public static void Migrate(SqliteSession session, long nowMs, ILogger logger)
    {
        session.Execute("BEGIN IMMEDIATE");
        try
        {
            session.Script("CREATE TABLE IF NOT EXISTS schema_migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT");
            foreach (Migration migration in MigrationSet.Pending(MigrationSet.Load(Set), ReadApplied(session)))
            {
                session.Script(migration.Sql);
                session.Statement("INSERT INTO schema_migrations VALUES (?1, ?2, ?3, ?4)")
                    .Bind(1, migration.Number).Bind(2, migration.Name).Bind(3, migration.Checksum).Bind(4, nowMs).Execute();
                logger.MigrationApplied(migration.Set, migration.Number, migration.Name);
            }

            MigrationException.ThrowIfMissing(SqliteGuards.FindMissing(session));
            session.Execute("COMMIT");
        }
        catch
        {
            if (session.IsInTransaction)
            {
                session.Execute("ROLLBACK");
            }

            throw;
        }
    }

    /// <summary>Compares the schema and changes nothing.</summary>
    /// <exception cref="MigrationException">The schema is not that of this program.</exception>
    public static void Verify(SqliteSession session)
    {
        Dictionary<int, string> applied;
        try
        {
            applied = ReadApplied(session);
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode == raw.SQLITE_ERROR)
        {
            // There is no such table, or it is another program's.
            throw MigrationSet.NoLedger();
        }

        MigrationSet.Verify(MigrationSet.Load(Set), applied);
    }

    private static Dictionary<int, string> ReadApplied(SqliteSession session)
    {
        Dictionary<int, string> applied = [];
        SqliteStatement read = session.Statement("SELECT number, checksum FROM schema_migrations");
        while (read.Step())
        {
            applied.Add(read.GetInt32(0), read.GetString(1));
        }

        return applied;
    }
}
