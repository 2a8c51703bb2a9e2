using Gongji.Ledger;
using Gongji.Ledger.Audit;

namespace Gongji.Storage;

/// <summary>One consistent view of a whole ledger, streamed in several orders.</summary>
public interface ILedgerScan : IAsyncDisposable
{
    /// <summary>Keys and triggers of entries and batches that should be there and in force, but are not.</summary>
    Task<IReadOnlyList<MissingGuard>> MissingGuardsAsync(CancellationToken cancellationToken);

    /// <summary>The first day that is not closed, as the store goes by it; null when it has none.</summary>
    Task<DateOnly?> OpenDayAsync(CancellationToken cancellationToken);

    /// <summary>Every entry with the open day of its batch: those of an account one after the other, by version. Accounts come in any order.</summary>
    IAsyncEnumerable<(Entry Entry, DateOnly OpenDay)> ByAccountAsync(CancellationToken cancellationToken);

    /// <summary>Every snapshot: those of accounts with entries, in the order in which <see cref="ByAccountAsync"/> has these; then those of accounts without.</summary>
    IAsyncEnumerable<AccountSnapshot> SnapshotsAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Every entry of operations that may have several (<see cref="OpenWork.HasCompany"/>), by operation, then leg; and of all others those whose operation and
    /// leg more than one entry has. However many entries stand alone, they cost no more than their keys.
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

    /// <summary>What was ever dealt out of them.</summary>
    IAsyncEnumerable<StoredSlice> SlicesAsync(CancellationToken cancellationToken);

    /// <summary>Sums of deltas of one day that concern a region (as from or as to).</summary>
    IAsyncEnumerable<KeyValuePair<DeltaKey, DeltaSum>> DeltasAsync(RegionCode region, DateOnly day, CancellationToken cancellationToken);

    /// <summary>
    /// Entries decided from a time on until before another, by the id that callers know (of an entry that has a payment's terms the payment, of others the
    /// operation), then operation, then leg: every one whose detail has a code in it (of a region, or of an
    /// institution), and by chance some others; each with the open day of its batch. Regions of deltas are named in details, so none with such
    /// a delta is missed.
    /// </summary>
    /// <exception cref="ArgumentException">The code is not of ASCII letters and digits alone.</exception>
    IAsyncEnumerable<(Entry Entry, DateOnly OpenDay)> NamingAsync(string code, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken);
}
