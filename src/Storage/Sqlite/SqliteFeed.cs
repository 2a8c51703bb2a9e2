using System.Collections.Immutable;
using System.Globalization;
using Gongji.Ledger;

namespace Gongji.Storage;

/// <summary>Batches read back from SQLite, where a batch's entries have consecutive ids.</summary>
internal sealed class SqliteFeed(SqliteSessions sessions) : ILedgerFeed
{
    /// <summary>A probe of the key for each chain, from the last one down: a chain that is missing in the table of chains is read all the same.</summary>
    private const string Heads = """
        WITH RECURSIVE heads (id) AS (
            SELECT max(id) FROM batches
            UNION ALL
            SELECT (SELECT max(id) FROM batches WHERE id < (h.id >> 32) << 32) FROM heads h WHERE h.id IS NOT NULL)
        SELECT id >> 32, id FROM heads WHERE id IS NOT NULL
        """;

    private const string PreviousBatch = """
        (SELECT b.id FROM entries p JOIN batches b ON b.first_entry <= p.id AND b.entry_count > 0
            WHERE p.account = e.account AND p.version = e.version - 1 ORDER BY b.first_entry DESC LIMIT 1)
        """;

    private static readonly string NamingKinds = string.Join(", ", EntryRegions.Kinds.Select(kind => ((short)kind).ToString(CultureInfo.InvariantCulture)));

    /// <inheritdoc/>
    public Task<ImmutableSortedDictionary<int, long>> ReadHeadsAsync(CancellationToken cancellationToken) => sessions.ReadAsync(
        session => SqliteRows.ReadAll(session.Statement(Heads), row => KeyValuePair.Create(row.GetInt32(0), row.GetInt64(1) & uint.MaxValue)).ToImmutableSortedDictionary(),
        cancellationToken);

    /// <inheritdoc/>
    public Task<BatchRun> ReadBatchesAsync(int chain, long after, long upTo, bool withPrevious, CancellationToken cancellationToken) => sessions.ReadAsync(
        session =>
        {
            (long first, long last) = Find(session, HashChain.BatchId(chain, after), HashChain.BatchId(chain, upTo));
            string previous = withPrevious ? PreviousBatch : "NULL";
            SqliteStatement entries = session.Statement(
                $"""
                SELECT {SqliteRows.EntryColumns}, o.id, coalesce({previous}, 0) FROM batches o
                CROSS JOIN entries e ON e.id BETWEEN o.first_entry AND o.first_entry + o.entry_count - 1 WHERE o.id BETWEEN ?1 AND ?2 ORDER BY o.id, e.id
                """).Bind(1, first).Bind(2, last);
            return new BatchRun(
                last & uint.MaxValue,
                SqliteRows.ReadAll(entries, row => new FeedEntry(SqliteRows.ReadEntry(row), row.GetInt64(15) & uint.MaxValue, row.GetInt64(16))));
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<RegionCode?>> ReadRegionsAsync(IReadOnlyList<(string Account, long Version)> places, CancellationToken cancellationToken) => sessions.ReadAsync(
        session =>
        {
            SqliteStatement nearest = session.Statement(
                $"SELECT {SqliteRows.EntryColumns} FROM entries WHERE account = ?1 AND version <= ?2 AND +kind IN ({NamingKinds}) ORDER BY version DESC LIMIT 1");
            List<RegionCode?> regions = new(places.Count);
            foreach ((string account, long version) in places)
            {
                List<Entry> found = SqliteRows.ReadAll(nearest.Bind(1, account).Bind(2, version), SqliteRows.ReadEntry);
                regions.Add(found.Count == 0 ? null : EntryRegions.Of(found[0]));
            }

            return (IReadOnlyList<RegionCode?>)regions;
        },
        cancellationToken);

    /// <summary>Chooses whole batches: at least one.</summary>
    private static (long First, long Last) Find(SqliteSession session, long after, long upTo)
    {
        SqliteStatement batches = session.Statement("SELECT id, entry_count FROM batches WHERE id > ?1 AND id <= ?2 ORDER BY id LIMIT ?3")
            .Bind(1, after).Bind(2, upTo).Bind(3, StorageLimits.FeedPageBatches);
        (long first, long last, long count) = (0, 0, 0);
        foreach ((long id, long entries) in SqliteRows.ReadAll(batches, row => (row.GetInt64(0), row.GetInt64(1))))
        {
            count += entries;
            if (last != 0 && count > StorageLimits.FeedPageEntries)
            {
                break;
            }

            (first, last) = (first == 0 ? id : first, id);
        }

        return last == 0 ? throw new StoreUnavailableException($"The batches after {after} are gone. Run the audit.") : (first, last);
    }
}
