using Microsoft.Extensions.Logging;

namespace Gongji.Storage;

/// <summary>Brings the schema of an embedded store up to date, in one transaction.</summary>
internal static class SqliteMigrator
{
    public static void Migrate(SqliteSession session, long nowMs, ILogger logger)
    {
        session.Execute("BEGIN IMMEDIATE");
        try
        {
            session.Script("CREATE TABLE IF NOT EXISTS schema_migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT");
            Dictionary<int, string> applied = [];
            SqliteStatement read = session.Statement("SELECT number, checksum FROM schema_migrations");
            while (read.Step())
            {
                applied.Add(read.GetInt32(0), read.GetString(1));
            }

            foreach (Migration migration in MigrationSet.Pending(MigrationSet.Load("Sqlite"), applied))
            {
                session.Script(migration.Sql);
                session.Statement("INSERT INTO schema_migrations VALUES (?1, ?2, ?3, ?4)")
                    .Bind(1, migration.Number).Bind(2, migration.Name).Bind(3, migration.Checksum).Bind(4, nowMs).Execute();
                logger.MigrationApplied(migration.Set, migration.Number, migration.Name);
            }

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
}
