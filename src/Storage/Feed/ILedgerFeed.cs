using System.Collections.Immutable;
using Gongji.Ledger;

namespace Gongji.Storage;

/// <summary>
/// The ledger as it grows, for streams of events. Batches never change, so only the heads must be of one moment. Every method may throw
/// <see cref="StoreUnavailableException"/>.
/// </summary>
public interface ILedgerFeed
{
    /// <summary>The last durable sequence of every chain that has one, all in one consistent view.</summary>
    Task<ImmutableSortedDictionary<int, long>> ReadHeadsAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Whole batches of one chain, in order: those after sequence <paramref name="after"/> up to <paramref name="upTo"/>, which must be there. At least
    /// one, whatever its size; otherwise no more than make <see cref="StorageLimits.FeedPageEntries"/> entries.
    /// </summary>
    /// <param name="chain">The chain.</param>
    /// <param name="after">The last sequence that was read.</param>
    /// <param name="upTo">The last sequence wanted.</param>
    /// <param name="withPrevious">Whether to find the batch of each entry's predecessor: an index probe each.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<BatchRun> ReadBatchesAsync(int chain, long after, long upTo, bool withPrevious, CancellationToken cancellationToken);

    /// <summary>
    /// For each account and version: where the person was insured then, by the nearest entry at or before it that says so
    /// (<see cref="EntryRegions"/>); null when none does.
    /// </summary>
    Task<IReadOnlyList<RegionCode?>> ReadRegionsAsync(IReadOnlyList<(string Account, long Version)> places, CancellationToken cancellationToken);
}

/// <summary>Consecutive whole batches of one chain.</summary>
/// <param name="Last">The sequence of the last of them; batches may be empty.</param>
/// <param name="Entries">In the order of the chain.</param>
public sealed record BatchRun(long Last, IReadOnlyList<FeedEntry> Entries);

/// <summary>An entry, and where it is.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Sequence">The sequence of its batch in the chain that was asked for.</param>
/// <param name="PreviousBatch">The id of the batch that holds the account's previous version; 0 when there is none, or it was not asked for.</param>
public readonly record struct FeedEntry(Entry Entry, long Sequence, long PreviousBatch);
