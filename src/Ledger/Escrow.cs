namespace Gongji.Ledger;

/// <summary>
/// How the headroom of a region with a cap (预付金: the most it may owe others net) is dealt out. At every moment either
/// <c>cap + net position - open slices</c> is 0 or more, or no slice is open: debits use up slices, and only the remainder can be dealt out. The
/// proof is in ARCHITECTURE.md, "Regions with a cap".
/// </summary>
public static class Escrow
{
    /// <summary>One slice takes at most this fraction of the headroom, so that silos working side by side all get some.</summary>
    private const int Share = 4;

    /// <summary>What can still be dealt out, in fen; never negative.</summary>
    /// <param name="capFen">The most the region may owe others net.</param>
    /// <param name="netFen">What others owe it (positive) or it owes others (negative), net.</param>
    /// <param name="openFen">What has been dealt out and not used.</param>
    public static long HeadroomFen(long capFen, long netFen, long openFen) =>
        (long)Int128.Clamp((Int128)capFen + netFen - openFen, 0, long.MaxValue);

    /// <summary>
    /// How much one more slice gets, in fen: nothing when the headroom does not cover the need; otherwise what is wanted, limited to a part of the headroom. So
    /// slices shrink with the headroom, down to what a single transfer needs.
    /// </summary>
    /// <param name="headroomFen">What can be dealt out.</param>
    /// <param name="needFen">The least with which the slice is of use.</param>
    /// <param name="wantFen">What the asker could use soon, at least its need.</param>
    public static long SliceFen(long headroomFen, long needFen, long wantFen)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(headroomFen);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(needFen);
        return needFen > headroomFen ? 0 : Math.Max(needFen, Math.Min(wantFen, headroomFen / Share));
    }

    /// <summary>What a set of deltas takes from regions in favour of others: the fen that slices must cover, by region.</summary>
    public static Dictionary<RegionCode, long> Debits(IEnumerable<KeyValuePair<DeltaKey, DeltaSum>> deltas)
    {
        Dictionary<RegionCode, long> debits = [];
        foreach ((DeltaKey key, DeltaSum sum) in deltas)
        {
            if (IsDebit(key) && sum.AmountFen != 0)
            {
                RegionCode debtor = Debtor(key, sum);
                debits[debtor] = checked(debits.GetValueOrDefault(debtor) + Math.Abs(sum.AmountFen));
            }
        }

        return debits;
    }

    /// <summary>The activities that move net positions; stores sum deltas of these.</summary>
    public static IReadOnlyList<Activity> Activities { get; } = [Activity.Transfer, Activity.Move, Activity.Draw, Activity.PharmacyDraw, Activity.ContributionDraw, Activity.Settlement,

        // Own money changes positions only when it comes back to a person who has moved in between.
        Activity.Payment, Activity.PharmacyPayment, Activity.Contribution];

    /// <summary>Whether a delta changes net positions.</summary>
    public static bool IsDebit(DeltaKey key) => key.From != key.To && Activities.Contains(key.Activity);

    /// <summary>The region whose net position a delta lowers: the one that the money comes from or, when money goes back, the one that it had gone to.</summary>
    public static RegionCode Debtor(DeltaKey key, DeltaSum sum) => sum.AmountFen < 0 ? key.To : key.From;

    /// <summary>Whether an entry takes something from one of these regions in favour of another.</summary>
    public static bool IsDebitOf(IReadOnlySet<RegionCode> regions, Entry entry) =>
        Deltas.Of(entry).Any(delta => IsDebit(delta.Key) && regions.Contains(Debtor(delta.Key, delta.Value)));

    /// <summary>Whether money that goes from one region to another must come out of a slice.</summary>
    /// <param name="rules">The rules of the region that it comes from.</param>
    /// <param name="from">The region that it comes from.</param>
    /// <param name="to">The region that it goes to.</param>
    public static bool IsCapped(RegionRules? rules, RegionCode from, RegionCode to) => rules?.NetDebitCapFen is not null && from != to;
}
