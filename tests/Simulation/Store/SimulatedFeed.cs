using System.Collections.Immutable;

namespace Gongji.Simulation.Store;

/// <summary>The feed of the simulated ledger. It never fails: nothing that moves money reads it.</summary>
internal sealed class SimulatedFeed(SimulatedDatabase database) : ILedgerFeed
{
    public Task<ImmutableSortedDictionary<int, long>> ReadHeadsAsync(CancellationToken cancellationToken) => Task.FromResult(
        Enumerable.Range(1, database.Chains.Count).Where(chain => database.Chains[chain - 1].Batches.Count > 0)
            .ToImmutableSortedDictionary(chain => chain, chain => (long)database.Chains[chain - 1].Batches.Count));

    public Task<BatchRun> ReadBatchesAsync(int chain, long after, long upTo, bool withPrevious, CancellationToken cancellationToken)
    {
        SealedBatch batch = database.Chains[chain - 1].Batches[(int)after];
        return Task.FromResult(new BatchRun(
            batch.Sequence,
            [.. batch.Entries.Select(encoded => new FeedEntry(encoded.Entry, batch.Sequence, withPrevious ? PreviousBatch(encoded.Entry) : 0))]));
    }

    public Task<IReadOnlyList<RegionCode?>> ReadRegionsAsync(IReadOnlyList<(string Account, long Version)> places, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<RegionCode?>>(
        [
            .. places.Select(place => database.Accounts[place.Account].Where(entry => entry.Version <= place.Version).Select(EntryRegions.Of).LastOrDefault(region => region is not null)),
        ]);

    private long PreviousBatch(Entry entry) => database.Chains.SelectMany(chain => chain.Batches)
        .Where(batch => batch.Entries.Any(other => other.Entry.Account == entry.Account && other.Entry.Version == entry.Version - 1))
        .Select(batch => HashChain.BatchId(batch.Chain, batch.Sequence)).FirstOrDefault();
}
