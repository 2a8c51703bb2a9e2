using Gongji.Ledger.Audit;
using Npgsql;

namespace Gongji.Storage;

/// <summary>Finds keys and triggers of a ledger that are not there, or not in force.</summary>
internal static class PostgresGuards
{
    private const string Keys = """
        SELECT string_agg(a.attname, ', ' ORDER BY k.place), coalesce(pg_get_expr(i.indpred, i.indrelid), '')
        FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, place)
            LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
        WHERE i.indrelid = to_regclass($1) AND k.place <= i.indnkeyatts AND i.indisunique AND i.indisvalid AND i.indisready AND i.indislive AND i.indimmediate
        GROUP BY i.indexrelid, i.indrelid, i.indpred
        """;

    /// <summary>Looks for a trigger that fires before UPDATE, DELETE and TRUNCATE, for each statement, without a condition, and in an ordinary session.</summary>
    private const string Triggers = """
        SELECT p.prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
        WHERE t.tgrelid = to_regclass($1) AND t.tgname = $1 || '_append_only' AND t.tgenabled IN ('O', 'A') AND t.tgtype & 123 = 58 AND t.tgqual IS NULL AND t.tgattr = ''
        """;

    private const string Function = "SELECT prosrc FROM pg_proc WHERE oid = to_regprocedure($1)";

    private const string NotAlong = "(NOT answers_along)";

    /// <summary>What is missing, and what to do.</summary>
    public static async Task<IReadOnlyList<MissingGuard>> FindMissingAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        List<MissingGuard> missing = [];
        IReadOnlyList<(string Columns, string Where)> keys = await ReadAsync(connection, Keys, "entries", static row => (row.GetString(0), row.GetString(1)), cancellationToken).ConfigureAwait(false);
        if (!keys.Contains(("account, version", "")))
        {
            missing.Add(new(
                LedgerGuard.AccountVersion,
                "The primary key of entries (account, version) is missing or not valid. Audit the store; if nothing is there twice: ALTER TABLE entries ADD CONSTRAINT entries_account_version PRIMARY KEY (account, version)."));
        }

        if (!keys.Contains(("operation, leg", NotAlong)))
        {
            missing.Add(new(
                LedgerGuard.OperationLeg,
                "The unique index of entries (operation, leg) is missing or not valid. Audit the store; if nothing is there twice: CREATE UNIQUE INDEX entries_operation_leg ON entries (operation, leg) WHERE NOT answers_along."));
        }

        IReadOnlyList<(string Columns, string Where)> ofAccounts = await ReadAsync(connection, Keys, "accounts", static row => (row.GetString(0), row.GetString(1)), cancellationToken).ConfigureAwait(false);
        foreach (string column in ((string[])["number", "name"]).Where(column => !ofAccounts.Contains((column, ""))))
        {
            missing.Add(new(
                LedgerGuard.AccountVersion,
                $"The unique key of accounts ({column}), without which two accounts could be one or one account two, is missing or not valid. Audit the store; if nothing is there twice, create it as migration 0009 does."));
        }

        if (!(await ReadAsync(connection, Keys, "batches", static row => (row.GetString(0), row.GetString(1)), cancellationToken).ConfigureAwait(false)).Contains(("id", "")))
        {
            missing.Add(new(LedgerGuard.AppendOnly, "The primary key of batches (id) is missing or not valid. Audit the store; if nothing is there twice: ALTER TABLE batches ADD PRIMARY KEY (id)."));
        }

        IReadOnlyList<Migration> shipped = MigrationSet.Load("Postgres");
        foreach (string table in (string[])["entries", "batches"])
        {
            IReadOnlyList<string> triggers = await ReadAsync(connection, Triggers, table, static row => row.GetString(0), cancellationToken).ConfigureAwait(false);
            if (!triggers.Any(source => shipped.Any(migration => migration.Sql.Contains(source, StringComparison.Ordinal))))
            {
                missing.Add(new(
                    LedgerGuard.AppendOnly,
                    $"The trigger {table}_append_only, which keeps the ledger append-only, is missing, disabled or not as shipped. Audit the store, then: ALTER TABLE {table} ENABLE TRIGGER {table}_append_only; or create the trigger and its function as migrations 0001 and 0009 do."));
            }
        }

        IReadOnlyList<string> refusing = await ReadAsync(connection, Function, "ledger_refuse(text)", static row => row.GetString(0), cancellationToken).ConfigureAwait(false);
        if (!refusing.Any(source => shipped.Any(migration => migration.Sql.Contains(source, StringComparison.Ordinal))))
        {
            missing.Add(new(
                LedgerGuard.AccountVersion,
                "The function ledger_refuse, by which a batch's transaction refuses what does not follow, is missing or not as shipped. Audit the store, then create it as migration 0001 does."));
        }

        return missing;
    }

    private static async Task<IReadOnlyList<T>> ReadAsync<T>(NpgsqlConnection connection, string sql, string table, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new(sql, connection);
        command.Add(table);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        List<T> rows = [];
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            rows.Add(read(reader));
        }

        return rows;
    }
}
