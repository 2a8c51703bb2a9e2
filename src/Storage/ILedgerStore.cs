using Gongji.Ledger;

namespace Gongji.Storage;

/// <summary>
/// A durable ledger: entries, the batches that carried them, deltas, open holds and snapshots. Only <see cref="CommitAsync"/> writes money. Every method
/// may throw <see cref="StoreUnavailableException"/>; then nothing was decided, except where a method says so.
/// </summary>
public interface ILedgerStore : IAsyncDisposable
{
    /// <summary>
    /// Brings the schema up to date: numbered migrations, forward only, each compared with the checksum that it was applied with. Then checks that the
    /// keys and triggers on entries and batches are there and in force.
    /// </summary>
    /// <exception cref="MigrationException">An applied migration differs from the shipped one, the store is newer than this program, or lacks a key or trigger.</exception>
    Task MigrateAsync(CancellationToken cancellationToken);

    /// <summary>Compares the schema with that of this program and changes nothing: for callers that only read.</summary>
    /// <exception cref="MigrationException">There is no ledger, or it is older or newer than this program, or an applied migration was altered.</exception>
    Task VerifySchemaAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Starts a new chain for one journal partition and returns its number, never used before: not even by a chain that the ledger has lost, because it
    /// was restored to an earlier moment.
    /// </summary>
    Task<int> OpenChainAsync(string writer, int partition, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>The last durable batch of a chain; sequence 0 and the genesis hash before the first.</summary>
    Task<ChainHead> ReadChainHeadAsync(int chain, CancellationToken cancellationToken);

    /// <summary>
    /// Appends a batch: entries, batch row with its hash, aggregated deltas and the index of open holds, in one transaction that is on disk when this
    /// returns <see cref="CommitStatus.Committed"/>. A conflict writes nothing and names the entries in the way. Debits of a region with a cap come out
    /// of the slice of the batch's chain (see <see cref="IEscrowStore"/>); too small a slice is a conflict too. So are deltas made with an open day other
    /// than the store's. A batch that closes a day sets the open day in the same transaction, with no other batch beside it. A batch may be sent while
    /// the one before it is under way (<see cref="SealedBatch.IsSuccessor"/>): it lands after that one, or is refused like any other batch whose
    /// predecessor is not there.
    /// </summary>
    /// <exception cref="StoreUnavailableException">Nothing was written.</exception>
    /// <exception cref="StoreOutcomeUnknownException">The batch may or may not be written: ask <see cref="ReadChainHeadAsync"/>.</exception>
    Task<CommitResult> CommitAsync(SealedBatch batch, CancellationToken cancellationToken);

    /// <summary>An account's newest snapshot, if any, with the entry of its version, and the entries after it in order.</summary>
    Task<AccountHistory> LoadAccountAsync(string account, CancellationToken cancellationToken);

    /// <summary>Entries of an account with a version greater than <paramref name="after"/>, in order, at most <paramref name="limit"/>.</summary>
    Task<IReadOnlyList<Entry>> ReadEntriesAsync(string account, long after, int limit, CancellationToken cancellationToken);

    /// <summary>All entries of one operation, by leg.</summary>
    Task<IReadOnlyList<Entry>> ReadOperationAsync(Guid operation, CancellationToken cancellationToken);

    /// <summary>All entries of several operations, by leg; operations that the ledger does not know are left out. One query reads many, as sweepers need.</summary>
    Task<IReadOnlyDictionary<Guid, IReadOnlyList<Entry>>> ReadOperationsAsync(IReadOnlyCollection<Guid> operations, CancellationToken cancellationToken);

    /// <summary>Writes snapshots behind the ledger; an older version never replaces a newer one.</summary>
    Task WriteSnapshotsAsync(IReadOnlyList<AccountSnapshot> snapshots, CancellationToken cancellationToken);

    /// <summary>
    /// Holds without outcome that need attention: those that expire at or before <paramref name="dueBy"/>, and those with automatic acceptance held at or
    /// before <paramref name="interruptedBefore"/>. Ordered by operation id, only those after <paramref name="after"/>, at most <paramref name="limit"/>:
    /// a bounded, resumable sweep.
    /// </summary>
    Task<IReadOnlyList<StoredHold>> FindUnfinishedAsync(
        DateTimeOffset dueBy, DateTimeOffset interruptedBefore, Guid after, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Holds without outcome whose recipient has already answered (the operation has an entry of <see cref="Leg.Answer"/> decided at or before
    /// <paramref name="answeredBefore"/>): their coordinator was interrupted between the two. Looks at no more than <paramref name="scanned"/> open holds after
    /// <paramref name="after"/>, in the order of operation ids (one index probe each), so that millions of waiting holds are checked a few at a time; the
    /// page says where to go on.
    /// </summary>
    Task<HoldPage> FindAnsweredAsync(DateTimeOffset answeredBefore, Guid after, int scanned, CancellationToken cancellationToken);

    /// <summary>Sums of deltas per key that concern a region (as from or as to), over all chains; of every region for null.</summary>
    Task<IReadOnlyList<KeyValuePair<DeltaKey, DeltaSum>>> ReadDeltasAsync(RegionCode? region, CancellationToken cancellationToken);

    /// <summary>Sums of deltas per key over all chains, of the days from one to another, both included.</summary>
    Task<IReadOnlyList<KeyValuePair<DeltaKey, DeltaSum>>> ReadDeltasAsync(DateOnly first, DateOnly last, CancellationToken cancellationToken);

    /// <summary>The first day that is not closed (see <see cref="ClearingDays"/>). It never goes back.</summary>
    Task<DateOnly> ReadOpenDayAsync(CancellationToken cancellationToken);

    /// <summary>Reads the whole ledger for an audit, in one consistent view, as streams: its memory hardly grows with entries.</summary>
    Task<ILedgerScan> OpenScanAsync(CancellationToken cancellationToken);

    /// <summary>The ledger as it grows.</summary>
    ILedgerFeed Feed { get; }

    /// <summary>Caps of regions, and the slices of their headroom.</summary>
    IEscrowStore Escrow { get; }

    /// <summary>Small state of grains that is not money.</summary>
    IGrainStateStore GrainState { get; }
}
