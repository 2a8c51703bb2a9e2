using Gongji.Ledger;
using Npgsql;

namespace Gongji.Storage;

/// <summary>Loads accounts, many at a time.</summary>
internal static class PostgresAccountReader
{
    private const int AccountColumn = PostgresRows.EntryColumnsCount;
    private const int PlaceColumn = AccountColumn + 1;

    /// <summary>
    /// One statement, so that a snapshot and the entries after it are of one moment. A snapshot's row has kind 0, which no entry has. Each account's rows
    /// come from look-ups of their own, however many names the server expects, because it does not flatten a subquery that is ordered inside. The entry
    /// of a snapshot's version may be in the row of the version before it.
    /// </summary>
    private static readonly string Load = $"""
        SELECT s.version, 0::bigint AS at, NULL::uuid AS operation, 0 AS position, 0::smallint AS leg, 0::smallint AS kind, s.state, NULL::bytea AS outcome,
            NULL::bigint AS account, f.place
        FROM unnest($1) WITH ORDINALITY AS f(name, place)
        CROSS JOIN LATERAL (SELECT version, state FROM snapshots WHERE account = f.name ORDER BY version) s
        UNION ALL
        SELECT e.*, f.place
        FROM unnest($1) WITH ORDINALITY AS f(name, place)
        CROSS JOIN LATERAL (
            SELECT {PostgresRows.EntryColumns}, account FROM entries
            WHERE account = {PostgresAccounts.NumberOf("f.name")} AND version >= coalesce((SELECT version FROM snapshots WHERE account = f.name), 0) - 1
            ORDER BY version) e
        """;

    /// <param name="connection">To the server.</param>
    /// <param name="names">The accounts' names.</param>
    /// <param name="accounts">Remembers their numbers.</param>
    /// <param name="cancellationToken">Breaks the connection.</param>
    public static async Task<IReadOnlyList<AccountHistory>> ReadAsync(
        NpgsqlConnection connection, IReadOnlyList<string> names, PostgresAccounts accounts, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new(Load, connection);
        command.Add(names.ToArray());
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        Reading[] found = new Reading[names.Count];
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            int place = (int)reader.GetInt64(PlaceColumn) - 1;
            if (reader.IsDBNull(AccountColumn))
            {
                (found[place].Version, found[place].Snapshot) = (reader.GetInt64(0), reader.GetFieldValue<byte[]>(6));
                continue;
            }

            if (found[place].Entries is null)
            {
                found[place].Entries = [];
                accounts.Remember(names[place], reader.GetInt64(AccountColumn));
            }

            PostgresRows.ReadRow(reader).AddTo(found[place].Entries!);
        }

        return Array.ConvertAll(found, static reading => reading.ToHistory());
    }

    private struct Reading
    {
        public byte[]? Snapshot;
        public long Version;
        public List<Entry>? Entries;

        public readonly AccountHistory ToHistory() => AccountHistory.Of(Snapshot, Version, Entries ?? []);
    }
}
