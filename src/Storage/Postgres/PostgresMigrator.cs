using System.Globalization;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Gongji.Storage;

/// <summary>Brings a PostgreSQL schema up to date, even when several processes do so at the same moment.</summary>
internal static class PostgresMigrator
{
    /// <summary>"gongji" in ASCII: silos that start together migrate one after the other.</summary>
    private const long AdvisoryLock = 0x67_6F_6E_67_6A_69;

    private static readonly string[] Sets = ["Postgres", "Orleans"];

    public static async Task MigrateAsync(NpgsqlConnection connection, long nowMs, ILogger logger, CancellationToken cancellationToken)
    {
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await ExecuteAsync(connection, PostgresConnections.Unhurried, cancellationToken).ConfigureAwait(false);
        await ExecuteAsync(connection, string.Create(CultureInfo.InvariantCulture, $"SELECT pg_advisory_xact_lock({AdvisoryLock})"), cancellationToken).ConfigureAwait(false);
        await ExecuteAsync(
            connection,
            """
            CREATE TABLE IF NOT EXISTS schema_migrations (
                set text NOT NULL, number integer NOT NULL, name text NOT NULL, checksum text NOT NULL, applied_at bigint NOT NULL,
                PRIMARY KEY (set, number))
            """,
            cancellationToken).ConfigureAwait(false);
        foreach (string set in Sets)
        {
            Dictionary<int, string> applied = await ReadAppliedAsync(connection, set, cancellationToken).ConfigureAwait(false);
            foreach (Migration migration in MigrationSet.Pending(MigrationSet.Load(set), applied))
            {
                await ExecuteAsync(connection, migration.Sql, cancellationToken).ConfigureAwait(false);
                await RememberAsync(connection, migration, nowMs, cancellationToken).ConfigureAwait(false);
                logger.MigrationApplied(set, migration.Number, migration.Name);
            }
        }

        MigrationException.ThrowIfMissing(await PostgresGuards.FindMissingAsync(connection, cancellationToken).ConfigureAwait(false));
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Compares the schema and changes nothing.</summary>
    /// <exception cref="MigrationException">The schema is not that of this program.</exception>
    public static async Task VerifyAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        foreach (string set in Sets)
        {
            Dictionary<int, string> applied;
            try
            {
                applied = await ReadAppliedAsync(connection, set, cancellationToken).ConfigureAwait(false);
            }
            catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn)
            {
                // There is no such table, or it is another program's.
                throw MigrationSet.NoLedger();
            }

            MigrationSet.Verify(MigrationSet.Load(set), applied);
        }
    }

    private static async Task<Dictionary<int, string>> ReadAppliedAsync(NpgsqlConnection connection, string set, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new("SELECT number, checksum FROM schema_migrations WHERE set = $1", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = set });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        Dictionary<int, string> applied = [];
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            applied.Add(reader.GetInt32(0), reader.GetString(1));
        }

        return applied;
    }

    private static async Task RememberAsync(NpgsqlConnection connection, Migration migration, long nowMs, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new("INSERT INTO schema_migrations VALUES ($1, $2, $3, $4, $5)", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = migration.Set });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = migration.Number });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = migration.Name });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = migration.Checksum });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = nowMs });
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        // No timeout: this may wait for another silo's migration, or rewrite the whole ledger.
        await using NpgsqlCommand command = new(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }
}
