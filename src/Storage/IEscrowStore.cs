using Gongji.Ledger;

namespace Gongji.Storage;

/// <summary>
/// The caps of regions and the slices of their headroom, which chains use up. When a batch debits a region with a cap,
/// <see cref="ILedgerStore.CommitAsync"/> takes the debit from the slice of the batch's chain, in the batch's own transaction, and refuses a batch that would
/// take more than the slice has. So it does not matter who granted a slice, when it expired, or by whose clock: nobody can use a revoked slice any more.
/// </summary>
public interface IEscrowStore
{
    /// <summary>
    /// Sets the most that a region may owe others net, in fen; null for no cap. A changed cap revokes all open slices. A region may already be past a cap
    /// when it is set; then nothing is dealt out until it no longer is. Does nothing when the cap of this or a later revision is already set.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The cap may or may not be set: set it again.</exception>
    Task SetCapAsync(RegionCode region, long? capFen, long revision, CancellationToken cancellationToken);

    /// <summary>
    /// First revokes expired slices of other chains. Then adds to this chain's slice at least what is needed and at most what is wanted, if there is
    /// enough headroom. Null: the region has no cap. The answer is absolute, so the next answer makes up for one that was lost.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The headroom may or may not be granted.</exception>
    Task<EscrowSlice?> LeaseAsync(SliceRequest request, CancellationToken cancellationToken);
}

/// <summary>A request for a slice of a region's headroom; amounts in fen.</summary>
/// <param name="Region">Whose.</param>
/// <param name="Chain">For whom.</param>
/// <param name="NeedFen">The least that is of use, on top of what the chain has.</param>
/// <param name="WantFen">What would be better to have, on top of what the chain has.</param>
/// <param name="Now">The current time: slices that have expired by then are revoked.</param>
/// <param name="ExpiresAt">When this chain's slice may be revoked.</param>
public sealed record SliceRequest(RegionCode Region, int Chain, long NeedFen, long WantFen, DateTimeOffset Now, DateTimeOffset ExpiresAt);

/// <summary>A chain's slice; amounts in fen.</summary>
/// <param name="GrantedFen">All it was ever granted, less what was revoked.</param>
/// <param name="UsedFen">All it has ever used.</param>
/// <param name="HeadroomFen">What could still be dealt out to anybody.</param>
public readonly record struct EscrowSlice(long GrantedFen, long UsedFen, long HeadroomFen);

/// <summary>A region's cap as it is stored; amounts in fen.</summary>
/// <param name="Region">Whose.</param>
/// <param name="CapFen">The most it may owe others net.</param>
/// <param name="DebtFen">What it owed when the cap was set. More than the cap if the cap was set below the debt.</param>
public readonly record struct EscrowCap(RegionCode Region, long CapFen, long DebtFen);

/// <summary>A slice as it is stored; amounts in fen.</summary>
/// <param name="Region">Of whose headroom.</param>
/// <param name="Chain">For whom.</param>
/// <param name="GrantedFen">All it was ever granted, less what was revoked.</param>
/// <param name="UsedFen">All it has ever used.</param>
public readonly record struct StoredSlice(RegionCode Region, int Chain, long GrantedFen, long UsedFen);
