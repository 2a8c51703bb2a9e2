namespace Gongji.Ledger;

/// <summary>
/// What an entry does to regions: money that one region's fund answers for and another's people now have. A region's fund and
/// clearing position are sums of deltas; journal batches carry them aggregated, in the same transaction as their entries.
/// </summary>
public readonly record struct DeltaKey(Activity Activity, Tier Tier, DateOnly Day, RegionCode From, RegionCode To);

/// <summary>How often and how much, in fen.</summary>
public readonly record struct DeltaSum(long Count, long AmountFen)
{
    public static DeltaSum operator +(DeltaSum left, DeltaSum right) => checked(new(left.Count + right.Count, left.AmountFen + right.AmountFen));

    /// <summary>The named alternative to the operator.</summary>
    public static DeltaSum Add(DeltaSum left, DeltaSum right) => left + right;
}

/// <summary>What kind of activity a delta counts. The numbers are stored.</summary>
public enum Activity : short
{
    /// <summary>From outside into a region's fund.</summary>
    Credit = 1,

    /// <summary>From a giver's region to a recipient's.</summary>
    Transfer = 2,

    /// <summary>A person's balances, from the region left to the new one.</summary>
    Move = 3,

    /// <summary>A wallet opened; no money.</summary>
    WalletOpened = 4,
}

/// <summary>Derives the delta of an entry.</summary>
public static class Deltas
{
    /// <summary>The delta an entry carries, if its kind carries one. A transfer counts where it is received: that entry decides it.</summary>
    public static bool TryGet(Entry entry, out DeltaKey key, out DeltaSum sum)
    {
        DateOnly day = BusinessTime.DayOf(entry.At);
        switch (entry.Detail)
        {
            case ReceiveTerms terms:
                key = new(Activity.Transfer, Tiers.Between(terms.PayerRegion, terms.PayeeRegion), day, terms.PayerRegion, terms.PayeeRegion);
                sum = new(1, entry.Amounts.WalletFen);
                return true;
            case CreditTerms terms:
                key = new(Activity.Credit, Tier.SameRegion, day, RegionCode.Outside, terms.Region);
                sum = new(1, entry.Amounts.PersonalFen);
                return true;
            case Registration { From: { } from } terms:
                key = new(Activity.Move, Tiers.Between(from, terms.Region), day, from, terms.Region);
                sum = new(1, entry.Balances.TotalFen);
                return true;
            case WalletTerms terms when entry.Kind == EntryKind.WalletOpened:
                key = new(Activity.WalletOpened, Tier.SameRegion, day, RegionCode.Outside, terms.UsePlace);
                sum = new(1, 0);
                return true;
            default:
                (key, sum) = (default, default);
                return false;
        }
    }

    /// <summary>Adds what a set of entries does to regions.</summary>
    public static Dictionary<DeltaKey, DeltaSum> Aggregate(IEnumerable<Entry> entries)
    {
        Dictionary<DeltaKey, DeltaSum> sums = [];
        foreach (Entry entry in entries)
        {
            if (TryGet(entry, out DeltaKey key, out DeltaSum sum))
            {
                sums[key] = sums.GetValueOrDefault(key) + sum;
            }
        }

        return sums;
    }
}
