using System.Collections.Immutable;
using System.Globalization;
using Gongji.Ledger;
using Npgsql;
using NpgsqlTypes;

namespace Gongji.Storage;

/// <summary>
/// Batches read back from PostgreSQL. An index of entries by batch would cost every insert, so there is none: an index of first entries, one row a
/// batch, says where in the table a batch begins, and a batch lies there together. Where it does not, its count of entries says so, and a block
/// range index (BRIN) finds the rest.
/// </summary>
internal sealed class PostgresFeed(PostgresConnections connections) : ILedgerFeed
{
    /// <summary>Entries that a block of 8 kB holds at least, nearly always; a wrong guess only costs the slower way.</summary>
    private const int EntriesPerBlockMin = 16;

    /// <summary>Blocks that other chains may have put between those of one batch.</summary>
    private const int BlocksBetween = 512;

    private static readonly string NamingKinds = string.Join(", ", EntryRegions.Kinds.Select(kind => ((short)kind).ToString(CultureInfo.InvariantCulture)));

    /// <inheritdoc/>
    public Task<ImmutableSortedDictionary<int, long>> ReadHeadsAsync(CancellationToken cancellationToken) => connections.RunAsync(
        async (connection, token) =>
        {
            // One statement, so one snapshot; a probe of the key for each chain.
            await using NpgsqlCommand command = new(
                """
                SELECT c.id, b.id & 4294967295 FROM chains c
                CROSS JOIN LATERAL (SELECT id FROM batches WHERE id > c.id::bigint << 32 AND id < (c.id::bigint + 1) << 32 ORDER BY id DESC LIMIT 1) b
                """,
                connection);
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(token).ConfigureAwait(false);
            ImmutableSortedDictionary<int, long>.Builder heads = ImmutableSortedDictionary.CreateBuilder<int, long>();
            while (await reader.ReadAsync(token).ConfigureAwait(false))
            {
                heads.Add(reader.GetInt32(0), reader.GetInt64(1));
            }

            return heads.ToImmutable();
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<BatchRun> ReadBatchesAsync(int chain, long after, long upTo, bool withPrevious, CancellationToken cancellationToken) => connections.RunAsync(
        async (connection, token) =>
        {
            (long first, long last, long count, string? blocks) = await FindAsync(
                connection, HashChain.BatchId(chain, after), HashChain.BatchId(chain, upTo), token).ConfigureAwait(false);
            List<FeedEntry> entries = [];
            if (count > 0 && blocks is not null)
            {
                entries = await ReadAsync(connection, $"{blocks} AND", first, last, withPrevious, token).ConfigureAwait(false);
            }

            if (entries.Count < count)
            {
                entries = await ReadAsync(connection, "", first, last, withPrevious, token).ConfigureAwait(false);
            }

            return entries.Count == count
                ? new BatchRun(last & uint.MaxValue, entries)
                : throw new StoreUnavailableException($"Chain {chain} says it has {count} entries after batch {after}, but {entries.Count} are there. Run the audit.");
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<RegionCode?>> ReadRegionsAsync(IReadOnlyList<(string Account, long Version)> places, CancellationToken cancellationToken) => connections.RunAsync(
        async (connection, token) =>
        {
            await using NpgsqlCommand command = new(
                $"""
                SELECT {PostgresRows.EntryColumns}, n::int - 1 FROM unnest($1, $2) WITH ORDINALITY AS f(of_account, up_to, n)
                CROSS JOIN LATERAL (SELECT * FROM entries WHERE account = of_account AND version <= up_to AND kind IN ({NamingKinds}) ORDER BY version DESC LIMIT 1) e
                """,
                connection);
            command.Add<string[]>([.. places.Select(place => place.Account)]).Add<long[]>([.. places.Select(place => place.Version)]);
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(token).ConfigureAwait(false);
            RegionCode?[] regions = new RegionCode?[places.Count];
            while (await reader.ReadAsync(token).ConfigureAwait(false))
            {
                regions[reader.GetInt32(15)] = EntryRegions.Of(PostgresRows.ReadEntry(reader));
            }

            return (IReadOnlyList<RegionCode?>)regions;
        },
        cancellationToken);

    /// <summary>Chooses whole batches, and says in which blocks they should lie.</summary>
    private static async Task<(long First, long Last, long Count, string? Blocks)> FindAsync(NpgsqlConnection connection, long after, long upTo, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new(
            """
            SELECT b.id, b.entry_count, (SELECT e.ctid FROM entries e WHERE e.batch = b.id AND e.position = 0 LIMIT 1)
            FROM batches b WHERE b.id > $1 AND b.id <= $2 ORDER BY b.id LIMIT $3
            """,
            connection);
        command.Add(after).Add(upTo).Add(StorageLimits.FeedPageBatches);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        (long first, long last, long count) = (0, 0, 0);
        (long from, long until) = (long.MaxValue, 0);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false) && (last == 0 || count + reader.GetInt32(1) <= StorageLimits.FeedPageEntries))
        {
            (first, last) = (first == 0 ? reader.GetInt64(0) : first, reader.GetInt64(0));
            count += reader.GetInt32(1);
            if (!reader.IsDBNull(2))
            {
                long block = reader.GetFieldValue<NpgsqlTid>(2).BlockNumber;
                (from, until) = (Math.Min(from, block), Math.Max(until, block + reader.GetInt32(1) / EntriesPerBlockMin + BlocksBetween));
            }
        }

        return last == 0
            ? throw new StoreUnavailableException($"The batches after {after} are gone. Run the audit.")
            : (first, last, count, until == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"ctid >= '({from},0)' AND ctid < '({until},0)'"));
    }

    private static async Task<List<FeedEntry>> ReadAsync(NpgsqlConnection connection, string where, long first, long last, bool withPrevious, CancellationToken cancellationToken)
    {
        string previous = withPrevious ? "(SELECT p.batch FROM entries p WHERE p.account = e.account AND p.version = e.version - 1)" : "NULL::bigint";
        await using NpgsqlCommand command = new(
            $"SELECT {PostgresRows.EntryColumns}, batch, coalesce({previous}, 0) FROM entries e WHERE {where} batch BETWEEN $1 AND $2 ORDER BY batch, position", connection);
        command.Add(first).Add(last);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        List<FeedEntry> entries = [];
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            entries.Add(new FeedEntry(PostgresRows.ReadEntry(reader), reader.GetInt64(15) & uint.MaxValue, reader.GetInt64(16)));
        }

        return entries;
    }
}
