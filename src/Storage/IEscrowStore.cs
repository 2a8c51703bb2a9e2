using Gongji.Ledger;

namespace Gongji.Storage;

/// <summary>
/// The caps of regions and the slices of their headroom, which chains use up: <see cref="ILedgerStore.CommitAsync"/> takes what a batch debits a
/// region with a cap from its chain's slice, in the batch's own transaction, and refuses a batch that would take more. So it is of no
/// importance who granted a slice, when it expired, or by whose clock: what is revoked cannot be used any more, by anybody.
/// </summary>
public interface IEscrowStore
{
    /// <summary>
    /// Sets the most that a region may owe others net, in fen; null for no cap. Another cap revokes what is open. A region may be past a cap when
    /// it is set; then nothing is dealt out until it is not. Does nothing when the cap of this or a later revision is set already.
    /// </summary>
    /// <exception cref="StoreUnavailableException">It may be set or not: set it again.</exception>
    Task SetCapAsync(RegionCode region, long? capFen, long revision, CancellationToken cancellationToken);

    /// <summary>
    /// Adds to a chain's slice what is needed, up to what is wanted, when there is as much; revokes what of other chains has expired, first. Null:
    /// the region has no cap. The answer is absolute, so an answer that was lost is made good by the next one.
    /// </summary>
    /// <exception cref="StoreUnavailableException">It may be granted or not.</exception>
    Task<EscrowSlice?> LeaseAsync(SliceRequest request, CancellationToken cancellationToken);
}

/// <summary>Asks for a slice of a region's headroom; amounts in fen.</summary>
/// <param name="Region">Whose.</param>
/// <param name="Chain">For whom.</param>
/// <param name="NeedFen">Without this much more it is of no use.</param>
/// <param name="WantFen">What would be better to have.</param>
/// <param name="Now">What has expired by now is revoked.</param>
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
/// <param name="DebtFen">What it owed when the cap was set; more than the cap when that was lowered below.</param>
public readonly record struct EscrowCap(RegionCode Region, long CapFen, long DebtFen);

/// <summary>A slice as it is stored; amounts in fen.</summary>
/// <param name="Region">Of whose headroom.</param>
/// <param name="Chain">For whom.</param>
/// <param name="GrantedFen">All it was ever granted, less what was revoked.</param>
/// <param name="UsedFen">All it has ever used.</param>
public readonly record struct StoredSlice(RegionCode Region, int Chain, long GrantedFen, long UsedFen);
