namespace Gongji.Ledger;

/// <summary>A region's fund and clearing position, summed from deltas.</summary>
/// <param name="FundFen">
/// What the region's fund holds, in fen: credits in, payments of its people out, and what was settled. Money that moved to or from other regions is not in it until it is
/// settled, so fund + net position = the balances of the region's people.
/// </param>
/// <param name="NetFen">What other regions owe this one (positive) or this one owes others (negative), in fen.</param>
public readonly record struct RegionPosition(long FundFen, long NetFen)
{
    /// <summary>The use of the cap, in percent, from which operators are warned (2022 cross-province procedure).</summary>
    public const int YellowPercent = 70;

    /// <summary>The use of the cap, in percent, from which a region may ask for a top-up.</summary>
    public const int RedPercent = 90;

    /// <summary>Adds one delta, as seen from a region.</summary>
    public RegionPosition Add(RegionCode region, DeltaKey key, long amountFen) => checked(key.Activity switch
    {
        Activity.Credit when key.To == region => this with { FundFen = FundFen + amountFen },
        Activity.Transfer or Activity.Move => AddNet(region, key, amountFen),
        Activity.Payment or Activity.Draw or Activity.PharmacyPayment or Activity.PharmacyDraw or Activity.Contribution or Activity.ContributionDraw =>
            (key.To == region ? this with { FundFen = FundFen - amountFen } : this).AddNet(region, key, amountFen),
        Activity.Settlement when key.To == region => new(FundFen - amountFen, NetFen + amountFen),
        Activity.Settlement when key.From == region => new(FundFen + amountFen, NetFen - amountFen),
        _ => this,
    });

    private RegionPosition AddNet(RegionCode region, DeltaKey key, long amountFen) => checked(
        key.From == key.To ? this
        : key.To == region ? this with { NetFen = NetFen + amountFen }
        : key.From == region ? this with { NetFen = NetFen - amountFen }
        : this);

    /// <summary>How much of a cap the net debit uses, in whole percent rounded down; 0 without a cap or without debt.</summary>
    public int UsedPercent(long? capFen)
    {
        if (capFen is not { } cap || NetFen >= 0)
        {
            return 0;
        }

        return cap == 0 ? 100 : (int)Int128.Min(int.MaxValue, (Int128)(-NetFen) * 100 / cap);
    }

    /// <summary>The alert for a use of the cap: <c>none</c>, <c>yellow</c> or <c>red</c>.</summary>
    public static string Alert(int usedPercent) => usedPercent >= RedPercent ? "red" : usedPercent >= YellowPercent ? "yellow" : "none";
}
