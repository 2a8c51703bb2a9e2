using Gongji.Ledger;
using Gongji.Ledger.Audit;

namespace Gongji.Storage;

/// <summary>One consistent view of a whole ledger, streamed in several orders.</summary>
public interface ILedgerScan : IAsyncDisposable
{
    /// <summary>Keys and triggers on entries and batches that should be there and in force, but are not.</summary>
    Task<IReadOnlyList<MissingGuard>> MissingGuardsAsync(CancellationToken cancellationToken);

    /// <summary>The first day that is not closed, by the store's own record; null when it has none.</summary>
    Task<DateOnly?> OpenDayAsync(CancellationToken cancellationToken);

    /// <summary>Every entry with the open day of its batch. The entries of an account come one after the other, by version; accounts come in any order.</summary>
    IAsyncEnumerable<(Entry Entry, DateOnly OpenDay)> ByAccountAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Every snapshot: first those of accounts with entries, in the order in which <see cref="ByAccountAsync"/> returns these accounts; then those of
    /// accounts without entries.
    /// </summary>
    IAsyncEnumerable<AccountSnapshot> SnapshotsAsync(CancellationToken cancellationToken);

    /// <summary>
    /// By operation, then leg: every entry of operations that may have several (<see cref="OpenWork.HasCompany"/>), and of all other entries those that
    /// share their operation and leg with another entry. Entries that stand alone, however many, cost no more than their keys.
    /// </summary>
    IAsyncEnumerable<Entry> ByOperationAsync(CancellationToken cancellationToken);

    /// <summary>Every batch by chain, then sequence, each with its entries in batch order and their details as stored bytes.</summary>
    IAsyncEnumerable<StoredBatch> ByBatchAsync(CancellationToken cancellationToken);

    /// <summary>The index of open holds, by operation.</summary>
    IAsyncEnumerable<StoredHold> HoldsAsync(CancellationToken cancellationToken);

    /// <summary>Sums of deltas per key over all chains.</summary>
    IAsyncEnumerable<KeyValuePair<DeltaKey, DeltaSum>> DeltasAsync(CancellationToken cancellationToken);

    /// <summary>Every cap of a region.</summary>
    IAsyncEnumerable<EscrowCap> CapsAsync(CancellationToken cancellationToken);

    /// <summary>Every slice that was ever dealt out under a cap.</summary>
    IAsyncEnumerable<StoredSlice> SlicesAsync(CancellationToken cancellationToken);

    /// <summary>Sums of deltas of one day that concern a region (as from or as to).</summary>
    IAsyncEnumerable<KeyValuePair<DeltaKey, DeltaSum>> DeltasAsync(RegionCode region, DateOnly day, CancellationToken cancellationToken);

    /// <summary>
    /// Entries that were decided from a time on until before another, and whose detail contains a code (of a region or of an institution), and by chance
    /// some others; each with the open day of its batch. They are ordered by the id that callers know (the payment for an entry that has a payment's
    /// terms, otherwise the operation), then operation, then leg. The regions of a delta are named in its entry's detail, so no entry with a delta of the
    /// region is missed.
    /// </summary>
    /// <exception cref="ArgumentException">The code does not consist of ASCII letters and digits alone.</exception>
    IAsyncEnumerable<(Entry Entry, DateOnly OpenDay)> NamingAsync(string code, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken);
}
