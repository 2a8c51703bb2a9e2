using System.Collections.Concurrent;
using Gongji.Ledger;
using Gongji.Storage;

namespace Gongji.Grains;

/// <summary>The desk's answer to a debit of a region.</summary>
public enum EscrowTake
{
    /// <summary>The debit is covered: report its outcome afterwards.</summary>
    Taken,

    /// <summary>The region has no cap in the store; there is nothing to report afterwards.</summary>
    NotNeeded,

    /// <summary>The region's remaining headroom does not cover it, or is leased to other silos.</summary>
    Refused,
}

/// <summary>
/// This silo's desk. It takes debits of regions with a cap from slices of their headroom, in memory, before they are queued, and leases more from the
/// store when a slice is short. It only avoids failed batches: whatever it gets wrong, the batch's own transaction refuses (see
/// <see cref="IEscrowStore"/>). Thread-safe. Regions without a cap never come here.
/// </summary>
/// <param name="store">Grants the leases.</param>
/// <param name="time">Measures the age of leases.</param>
/// <param name="debitsPerSlice">How many debits of the requested size a slice should cover.</param>
public sealed class EscrowDesk(ILedgerStore store, TimeProvider time, int debitsPerSlice = GrainLimits.DebitsPerSlice)
{
    private readonly ConcurrentDictionary<(RegionCode Region, int Chain), Slice> _slices = new();
    private readonly ConcurrentDictionary<Guid, Reservation> _reservations = new();

    /// <summary>Takes a debit from a chain's slice, and leases more when the slice is short.</summary>
    /// <exception cref="StoreUnavailableException">Nothing can be leased at present.</exception>
    public async ValueTask<EscrowTake> TakeAsync(RegionCode region, int chain, long fen)
    {
        Slice slice = _slices.GetOrAdd((region, chain), static _ => new Slice());
        for (int attempt = 0; attempt < GrainLimits.Attempts;)
        {
            lock (slice)
            {
                if (slice.IsFresh(time) && slice.TryTake(fen))
                {
                    // Lease ahead, so that on a busy pair of regions the next lease has arrived by the time this slice runs out.
                    if (slice.Leasing is null && slice.IsRunningOut(WantFen(fen) / 2))
                    {
                        _ = LeaseAheadAsync(region, chain, slice, fen);
                    }

                    return EscrowTake.Taken;
                }
            }

            // Outside this slice's lock, because it takes the locks of other slices.
            FreeForgotten();
            Task<EscrowSlice?> leasing;
            bool isMine = false;
            lock (slice)
            {
                if (slice.IsFresh(time) && slice.TryTake(fen))
                {
                    return EscrowTake.Taken;
                }

                if (slice.Leasing is null)
                {
                    (slice.Leasing, isMine) = (LeaseAsync(region, chain, slice, fen), true);
                    attempt++;
                }

                leasing = slice.Leasing;
            }

            EscrowSlice? leased;
            try
            {
                leased = await leasing;
            }
            finally
            {
                lock (slice)
                {
                    slice.Leasing = ReferenceEquals(slice.Leasing, leasing) ? null : slice.Leasing;
                }
            }

            if (leased is null)
            {
                return EscrowTake.NotNeeded;
            }

            if (isMine && !slice.Covers(fen) && leased.Value.HeadroomFen < fen)
            {
                return EscrowTake.Refused;
            }
        }

        return EscrowTake.Refused;
    }

    /// <summary>
    /// Makes sure, before a hold, that the receipt will be covered. A transfer that settles at once keeps the headroom reserved until <see cref="TryClaim"/>. A
    /// transfer that waits for its recipient keeps none while it waits, and takes it when it is accepted.
    /// </summary>
    /// <exception cref="StoreUnavailableException">Nothing can be leased at present.</exception>
    public async ValueTask<bool> TryReserveAsync(Guid transfer, RegionCode region, int chain, long fen, bool settlesAtOnce)
    {
        EscrowTake take = await TakeAsync(region, chain, fen);
        if (take == EscrowTake.Taken && !(settlesAtOnce && _reservations.TryAdd(transfer, new Reservation(region, chain, fen, time.GetTimestamp()))))
        {
            Free(region, chain, fen);
        }

        return take != EscrowTake.Refused;
    }

    /// <summary>Takes over the reservation of a transfer; false when this desk has none for the same debit.</summary>
    public bool TryClaim(Guid transfer, RegionCode region, int chain, long fen)
    {
        if (!_reservations.TryRemove(transfer, out Reservation reserved))
        {
            return false;
        }

        if (reserved.Region == region && reserved.Chain == chain && reserved.Fen == fen)
        {
            return true;
        }

        Free(reserved.Region, reserved.Chain, reserved.Fen);
        return false;
    }

    /// <summary>Gives back what was reserved for a transfer that was not held.</summary>
    public void Release(Guid transfer)
    {
        if (_reservations.TryRemove(transfer, out Reservation reserved))
        {
            Free(reserved.Region, reserved.Chain, reserved.Fen);
        }
    }

    /// <summary>Reports the outcome of a debit that was taken; null when it was never queued.</summary>
    public void End(RegionCode region, int chain, long fen, AppendOutcome? outcome)
    {
        Slice slice = _slices[(region, chain)];
        lock (slice)
        {
            // A debit with an unknown outcome stays taken until a lease, requested while nothing is on its way, tells what was used.
            slice.End(outcome is AppendOutcome.Durable or AppendOutcome.Unknown ? 0 : fen, mustAsk: outcome is AppendOutcome.OverCap or AppendOutcome.Unknown);
        }
    }

    private void Free(RegionCode region, int chain, long fen) => End(region, chain, fen, null);

    /// <summary>Leases more while the slice still has headroom left. Called under the slice's lock.</summary>
    private async Task LeaseAheadAsync(RegionCode region, int chain, Slice slice, long fen)
    {
        Task<EscrowSlice?> leasing = slice.Leasing = LeaseAsync(region, chain, slice, fen);
        try
        {
            await leasing;
        }
        catch (StoreUnavailableException)
        {
            // The next caller that needs the headroom asks again.
        }
        finally
        {
            lock (slice)
            {
                slice.Leasing = ReferenceEquals(slice.Leasing, leasing) ? null : slice.Leasing;
            }
        }
    }

    /// <summary>How much a slice should cover, in fen, for debits of the given size.</summary>
    private long WantFen(long fen) => Math.Min(fen, Limits.AmountFenMax / debitsPerSlice) * debitsPerSlice;

    private async Task<EscrowSlice?> LeaseAsync(RegionCode region, int chain, Slice slice, long fen)
    {
        long asked = time.GetTimestamp();
        (long version, long needFen, bool isQuiet) = slice.Plan(fen);
        DateTimeOffset now = time.GetUtcNow();
        long wantFen = WantFen(fen);
        EscrowSlice? leased = await store.Escrow.LeaseAsync(
            new SliceRequest(region, chain, needFen, Math.Max(needFen, wantFen), now, now + GrainLimits.EscrowLease), CancellationToken.None);
        lock (slice)
        {
            slice.Take(leased ?? default, version, isQuiet, asked, wantFen);
        }

        return leased;
    }

    /// <summary>Frees what was reserved for receipts that never came, or came to another silo.</summary>
    private void FreeForgotten()
    {
        foreach ((Guid transfer, Reservation reserved) in _reservations)
        {
            if (time.GetElapsedTime(reserved.At) > GrainLimits.EscrowLease)
            {
                Release(transfer);
            }
        }
    }

    private readonly record struct Reservation(RegionCode Region, int Chain, long Fen, long At);

    /// <summary>A chain's slice as this desk knows it. Guarded by its own lock.</summary>
    private sealed class Slice
    {
        private long _grantedFen;
        private long _takenFen;
        private long _version;
        private int _onTheirWay;
        private long _leasedAt;
        private bool _mustAsk = true;
        private bool _isAmple;

        public Task<EscrowSlice?>? Leasing { get; set; }

        /// <summary>Whether the lease is recent enough that nobody has revoked it, as far as clocks can be trusted.</summary>
        public bool IsFresh(TimeProvider time) => !_mustAsk && time.GetElapsedTime(_leasedAt) < GrainLimits.EscrowLease / 2;

        public bool Covers(long fen)
        {
            lock (this)
            {
                return _grantedFen - _takenFen >= fen;
            }
        }

        /// <summary>Whether less than this is left although the last lease granted all that was wanted: where headroom is short, nothing is leased before it is needed.</summary>
        public bool IsRunningOut(long fen) => _isAmple && _grantedFen - _takenFen < fen;

        public bool TryTake(long fen)
        {
            if (_grantedFen - _takenFen < fen)
            {
                return false;
            }

            _takenFen += fen;
            _onTheirWay++;
            _version++;
            return true;
        }

        public void End(long freedFen, bool mustAsk)
        {
            _takenFen -= freedFen;
            _onTheirWay--;
            _version++;
            _mustAsk |= mustAsk;
        }

        /// <summary>What to ask for, and whether nothing is on its way, in which case the answer tells all that was used.</summary>
        public (long Version, long NeedFen, bool IsQuiet) Plan(long fen) => (_version, Math.Max(1, fen - Math.Max(0, _grantedFen - _takenFen)), _onTheirWay == 0);

        public void Take(EscrowSlice leased, long version, bool isQuiet, long askedAt, long wantFen)
        {
            _grantedFen = leased.GrantedFen;
            _takenFen = isQuiet && version == _version ? leased.UsedFen : Math.Max(_takenFen, leased.UsedFen);
            (_leasedAt, _mustAsk, _isAmple) = (askedAt, false, _grantedFen - _takenFen >= wantFen);
        }
    }
}
