using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Gongji.Ledger;
using Npgsql;
using NpgsqlTypes;

namespace Gongji.Storage;

/// <summary>
/// Batches read back from PostgreSQL. A tree of entries by batch would cost every insert more than events are worth, so there is none. Nearly always a
/// batch lies where the one before it ended, so a look at those blocks is enough if it finds as many entries as the batch row counts. Otherwise a block
/// range index (BRIN) finds them wherever they are.
/// </summary>
internal sealed class PostgresFeed(PostgresConnections connections) : ILedgerFeed
{
    /// <summary>The fewest entries that a block of 8 kB holds, nearly always. A wrong guess only costs the slower way.</summary>
    private const int EntriesPerBlockMin = 16;

    /// <summary>Blocks to look at before the place where a chain was read last, and after what its next entries fill: other chains write in between.</summary>
    private const int BlocksAround = 128;

    /// <summary>For each chain: the sequence up to which some reader of this process last read it, and the last block of that read.</summary>
    private readonly ConcurrentDictionary<int, (long Sequence, long Block)> _places = [];

    /// <summary>The last block in which anything was found.</summary>
    private long _newest;

    private static readonly string NamingKinds = string.Join(", ", EntryRegions.Kinds.Select(kind => ((short)kind).ToString(CultureInfo.InvariantCulture)));

    /// <inheritdoc/>
    public Task<ImmutableSortedDictionary<int, long>> ReadHeadsAsync(CancellationToken cancellationToken) => connections.RunAsync(
        async (connection, token) =>
        {
            // One statement, so one snapshot; a probe of the key for each chain, from the last one down. What is in the ledger is found by the batches
            // alone: a chain that is missing in the table of chains is read all the same.
            await using NpgsqlCommand command = new(
                """
                WITH RECURSIVE heads AS (
                    (SELECT id FROM batches ORDER BY id DESC LIMIT 1)
                    UNION ALL
                    SELECT (SELECT id FROM batches WHERE id < (h.id >> 32) << 32 ORDER BY id DESC LIMIT 1) FROM heads h WHERE h.id IS NOT NULL)
                SELECT (id >> 32)::integer, id & 4294967295 FROM heads WHERE id IS NOT NULL
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
            (long first, long last, long count) = await FindAsync(
                connection, HashChain.BatchId(chain, after), HashChain.BatchId(chain, upTo), token).ConfigureAwait(false);
            (List<FeedEntry> Entries, long Block) found = ([], 0);
            if (count > 0)
            {
                long block = _places.TryGetValue(chain, out (long Sequence, long Block) place) && place.Sequence == after ? place.Block : Volatile.Read(ref _newest);
                found = await ReadAsync(connection, BlocksFrom(block, count), first, last, withPrevious, token).ConfigureAwait(false);
                if (found.Entries.Count < count)
                {
                    found = await ReadAsync(connection, "", first, last, withPrevious, token).ConfigureAwait(false);
                }

                _places[chain] = (last & uint.MaxValue, found.Block);
                Volatile.Write(ref _newest, Math.Max(Volatile.Read(ref _newest), found.Block));
            }

            return found.Entries.Count == count
                ? new BatchRun(last & uint.MaxValue, found.Entries)
                : throw new StoreUnavailableException($"Chain {chain} says it has {count} entries after batch {after}, but {found.Entries.Count} are there. Run the audit.");
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<RegionCode?>> ReadRegionsAsync(IReadOnlyList<(string Account, long Version)> places, CancellationToken cancellationToken) => connections.RunAsync(
        async (connection, token) =>
        {
            await using NpgsqlCommand command = new(
                $"""
                SELECT {PostgresRows.EntryColumns}, n::int - 1 FROM unnest($1, $2) WITH ORDINALITY AS f(of_account, up_to, n)
                CROSS JOIN LATERAL (SELECT * FROM entries WHERE account = {PostgresAccounts.NumberOf("of_account")} AND version <= up_to AND kind IN ({NamingKinds}) ORDER BY version DESC LIMIT 1) e
                """,
                connection);
            command.Add<string[]>([.. places.Select(place => place.Account)]).Add<long[]>([.. places.Select(place => place.Version)]);
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(token).ConfigureAwait(false);
            RegionCode?[] regions = new RegionCode?[places.Count];
            while (await reader.ReadAsync(token).ConfigureAwait(false))
            {
                regions[reader.GetInt32(PostgresRows.EntryColumnsCount)] = EntryRegions.Of(PostgresRows.ReadEntry(reader));
            }

            return (IReadOnlyList<RegionCode?>)regions;
        },
        cancellationToken);

    /// <summary>Chooses whole batches: at least one.</summary>
    private static async Task<(long First, long Last, long Count)> FindAsync(NpgsqlConnection connection, long after, long upTo, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new("SELECT id, entry_count FROM batches WHERE id > $1 AND id <= $2 ORDER BY id LIMIT $3", connection);
        command.Add(after).Add(upTo).Add(StorageLimits.FeedPageBatches);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        (long first, long last, long count) = (0, 0, 0);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false) && (last == 0 || count + reader.GetInt32(1) <= StorageLimits.FeedPageEntries))
        {
            (first, last) = (first == 0 ? reader.GetInt64(0) : first, reader.GetInt64(0));
            count += reader.GetInt32(1);
        }

        return last == 0 ? throw new StoreUnavailableException($"The batches after {after} are gone. Run the audit.") : (first, last, count);
    }

    private static string BlocksFrom(long block, long entries) => string.Create(
        CultureInfo.InvariantCulture,
        $"ctid >= '({Math.Max(0, block - BlocksAround)},0)' AND ctid < '({block + entries / EntriesPerBlockMin + BlocksAround},0)' AND");

    private static async Task<(List<FeedEntry> Entries, long Block)> ReadAsync(
        NpgsqlConnection connection, string where, long first, long last, bool withPrevious, CancellationToken cancellationToken)
    {
        string previous = withPrevious ? "(SELECT p.batch FROM entries p WHERE p.account = e.account AND p.version < e.version ORDER BY p.version DESC LIMIT 1)" : "NULL::bigint";
        await using NpgsqlCommand command = new(
            $"SELECT {PostgresRows.EntryColumns}, batch, coalesce({previous}, 0), ctid FROM entries e WHERE {where} batch BETWEEN $1 AND $2", connection);
        command.Add(first).Add(last);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        List<(int Position, FeedEntry Entry)> found = [];
        long block = 0;
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            PostgresRow row = PostgresRows.ReadRow(reader);
            long batch = reader.GetInt64(PostgresRows.EntryColumnsCount);
            found.Add((row.Position, new FeedEntry(row.First.Entry, batch & uint.MaxValue, reader.GetInt64(PostgresRows.EntryColumnsCount + 1))));
            if (row.Outcome is { } outcome)
            {
                found.Add((row.OutcomePosition, new FeedEntry(outcome.Entry, batch & uint.MaxValue, batch)));
            }

            block = Math.Max(block, reader.GetFieldValue<NpgsqlTid>(PostgresRows.EntryColumnsCount + 2).BlockNumber);
        }

        found.Sort((one, other) => (one.Entry.Sequence, one.Position).CompareTo((other.Entry.Sequence, other.Position)));
        return ([.. found.Select(item => item.Entry)], block);
    }
}
