using System.Runtime.InteropServices;

namespace Gongji.Ledger.Audit;

/// <summary>
/// Checks the figures of regions (invariant 5): the stored sums are those of the entries, a region's fund and net position add up to its
/// people's balances, and no net debit exceeds its cap. Memory: one sum per key.
/// </summary>
/// <param name="checks">Where violations go.</param>
/// <param name="capsFen">The most a region may owe others net, in fen, in addition to the caps in the store.</param>
public sealed class DeltaAuditor(InvariantChecks checks, IReadOnlyDictionary<RegionCode, long>? capsFen = null)
{
    private readonly Dictionary<DeltaKey, (Int128 Count, Int128 AmountFen)> _derived = [];
    private readonly Dictionary<DeltaKey, DeltaSum> _ofEntry = [];
    private readonly Dictionary<RegionCode, (Int128 FundFen, Int128 NetFen)> _positions = [];
    private readonly Dictionary<(DateOnly Day, RegionCode From, RegionCode To), Int128> _movedFen = [];
    private readonly Dictionary<RegionCode, long> _mostFen = new(capsFen ?? new Dictionary<RegionCode, long>());
    private readonly Dictionary<RegionCode, long> _capsFen = [];
    private readonly Dictionary<RegionCode, Int128> _openFen = [];

    /// <summary>What a region owes another for a clearing day by the stored sums, in fen; what went back is owed the other way round.</summary>
    public Int128 OwedFen(DateOnly day, RegionCode from, RegionCode to) => Int128.Max(0, MovedFen(day, from, to)) + Int128.Max(0, -MovedFen(day, to, from));

    private Int128 MovedFen(DateOnly day, RegionCode from, RegionCode to) => _movedFen.GetValueOrDefault((day, from, to));

    /// <summary>Derives the deltas of an entry in a batch with this open day.</summary>
    public void Add(Entry entry, DateOnly openDay = default)
    {
        if (!EntryShape.IsPlausible(entry.At))
        {
            checks.RegionDeltas.Violate($"account {entry.Account}/{entry.Version}: no delta can be of {entry.At:O}.");
            return;
        }

        if (entry.Detail is PaymentTerms or RefundTerms or DrawRefundTerms && !EntryShape.HasDetailOfKind(entry))
        {
            checks.RegionDeltas.Violate($"account {entry.Account}/{entry.Version}: no delta can be derived from its detail.");
            return;
        }

        try
        {
            _ofEntry.Clear();
            Deltas.AddTo(_ofEntry, entry, openDay);
            foreach ((DeltaKey key, DeltaSum sum) in _ofEntry)
            {
                ref (Int128 Count, Int128 AmountFen) derived = ref CollectionsMarshal.GetValueRefOrAddDefault(_derived, key, out _);
                derived = (derived.Count + sum.Count, derived.AmountFen + sum.AmountFen);
            }
        }
        catch (OverflowException)
        {
            checks.RegionDeltas.Violate($"account {entry.Account}/{entry.Version}: {EntryShape.Text(entry.Balances)} are past what can be added up.");
        }
    }

    /// <summary>Checks a stored sum, after every entry.</summary>
    public void AddStored(DeltaKey key, DeltaSum sum)
    {
        checks.RegionDeltas.Count();
        if (!_derived.Remove(key, out (Int128 Count, Int128 AmountFen) derived))
        {
            derived = default;
        }

        if (derived.Count != sum.Count || derived.AmountFen != sum.AmountFen)
        {
            checks.RegionDeltas.Violate($"{AuditWords.Of(key)}: the entries give {derived.AmountFen} fen in {derived.Count}, {sum.AmountFen} fen in {sum.Count} are stored.");
        }

        Post(key, sum.AmountFen);
        if (ClearingTable.IsCleared(key.Activity))
        {
            _movedFen[(key.Day, key.From, key.To)] = MovedFen(key.Day, key.From, key.To) + sum.AmountFen;
        }
    }

    /// <summary>Takes a region's cap, in fen.</summary>
    /// <param name="region">The region.</param>
    /// <param name="capFen">The most it may owe others net.</param>
    /// <param name="debtFen">What it owed when the cap was set. If the cap was set below that, the region may still owe that much.</param>
    public void AddCap(RegionCode region, long capFen, long debtFen)
    {
        _capsFen[region] = capFen;
        _mostFen[region] = Math.Max(_mostFen.GetValueOrDefault(region), Math.Max(capFen, debtFen));
    }

    /// <summary>Takes what a chain was granted of a region's headroom, and what it has used of it, in fen.</summary>
    public void AddSlice(RegionCode region, int chain, long grantedFen, long usedFen)
    {
        if (usedFen < 0 || usedFen > grantedFen)
        {
            checks.RegionDeltas.Violate($"region {region}, chain {chain}: {usedFen} fen of its slice are used, {grantedFen} were granted.");
        }

        _openFen[region] = _openFen.GetValueOrDefault(region) + grantedFen - usedFen;
    }

    /// <summary>Completes the sums: everything that the entries give must have been stored.</summary>
    public void Complete()
    {
        foreach ((DeltaKey key, (Int128 count, Int128 amountFen)) in _derived)
        {
            checks.RegionDeltas.Violate($"{AuditWords.Of(key)}: the entries give {amountFen} fen in {count}, nothing is stored.");
        }

        foreach ((RegionCode region, long capFen) in _capsFen)
        {
            (Int128 netFen, Int128 openFen) = (_positions.GetValueOrDefault(region).NetFen, _openFen.GetValueOrDefault(region));
            if (openFen > 0 && capFen + netFen < openFen)
            {
                checks.RegionDeltas.Violate($"region {region}: {openFen} fen are dealt out and not used, but its cap of {capFen} and its net position of {netFen} leave {capFen + netFen}.");
            }
        }

        foreach ((RegionCode region, long capFen) in _mostFen)
        {
            Int128 netFen = _positions.GetValueOrDefault(region).NetFen;
            if (netFen < -(Int128)capFen)
            {
                checks.RegionDeltas.Violate($"region {region}: owes {-netFen} fen net, its cap is {capFen}.");
            }
        }
    }

    /// <summary>
    /// Compares each region's fund and net position with the balances of its people. Money in transit already shows at the payee while
    /// the payer's hold still shows it, so it is deducted from the payer's region.
    /// </summary>
    public void CheckPositions(IReadOnlyDictionary<RegionCode, Int128> pocketsFen, IReadOnlyDictionary<RegionCode, Int128> inTransitFen)
    {
        foreach (RegionCode region in _positions.Keys.Union(pocketsFen.Keys))
        {
            (Int128 fundFen, Int128 netFen) = _positions.GetValueOrDefault(region);
            Int128 peopleFen = pocketsFen.GetValueOrDefault(region) - inTransitFen.GetValueOrDefault(region);
            if (fundFen + netFen != peopleFen)
            {
                checks.RegionDeltas.Violate($"region {region}: fund {fundFen} and net {netFen} fen, but its people have {peopleFen}.");
            }
        }
    }

    private void Post(DeltaKey key, long amountFen)
    {
        switch (key.Activity)
        {
            case Activity.Credit:
                AddFund(key.To, amountFen);
                break;
            case Activity.Transfer or Activity.Move:
                AddNet(key.To, amountFen);
                AddNet(key.From, -(Int128)amountFen);
                break;
            case Activity.Payment or Activity.Draw or Activity.PharmacyPayment or Activity.PharmacyDraw or Activity.Contribution or Activity.ContributionDraw:
                AddFund(key.To, -(Int128)amountFen);
                AddNet(key.To, amountFen);
                AddNet(key.From, -(Int128)amountFen);
                break;
            case Activity.WalletOpened:
                break;
            case Activity.Settlement:
                AddNet(key.To, amountFen);
                AddNet(key.From, -(Int128)amountFen);
                AddFund(key.To, -(Int128)amountFen);
                AddFund(key.From, amountFen);
                break;
            default:
                checks.RegionDeltas.Violate($"{AuditWords.Of(key)}: the activity is unknown.");
                break;
        }
    }

    private void AddFund(RegionCode region, Int128 amountFen)
    {
        (Int128 fundFen, Int128 netFen) = _positions.GetValueOrDefault(region);
        _positions[region] = (fundFen + amountFen, netFen);
    }

    private void AddNet(RegionCode region, Int128 amountFen)
    {
        (Int128 fundFen, Int128 netFen) = _positions.GetValueOrDefault(region);
        _positions[region] = (fundFen, netFen + amountFen);
    }
}
