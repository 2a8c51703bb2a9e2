namespace Gongji.Ledger;

/// <summary>
/// What an entry does to regions: money that one region's fund answers for and another's people now have. A region's fund and
/// clearing position are sums of deltas; journal batches carry them aggregated, in the same transaction as their entries. The day is the
/// clearing day (<see cref="ClearingDays"/>).
/// </summary>
public readonly record struct DeltaKey(Activity Activity, Tier Tier, DateOnly Day, RegionCode From, RegionCode To);

/// <summary>How often and how much, in fen. A refund or a correction counts 0 times a negative amount, on the day it is made.</summary>
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

    /// <summary>A person's own money paid a hospital.</summary>
    Payment = 5,

    /// <summary>A relative's money paid a hospital (aid). From the relative's region to the patient's, whose fund pays.</summary>
    Draw = 6,

    /// <summary>A person's own money paid a pharmacy.</summary>
    PharmacyPayment = 7,

    /// <summary>A relative's money paid a pharmacy (aid).</summary>
    PharmacyDraw = 8,

    /// <summary>A person's own money paid their contribution.</summary>
    Contribution = 9,

    /// <summary>A relative's money paid somebody's contribution (aid).</summary>
    ContributionDraw = 10,

    /// <summary>
    /// Regions settled a part of a closed day: from the region that was paid to the one that paid. The position moves against the money, so that
    /// here too the region it comes from is the one that has less headroom afterwards.
    /// </summary>
    Settlement = 20,
}

/// <summary>Derives the deltas of entries.</summary>
public static class Deltas
{
    /// <summary>The deltas of an entry: none, one, or several where one entry decides what happens to several regions.</summary>
    public static IReadOnlyDictionary<DeltaKey, DeltaSum> Of(Entry entry, DateOnly openDay = default) => Aggregate([entry], openDay);

    /// <summary>Adds what an entry does to regions. A transfer counts where it is received: that entry decides it.</summary>
    /// <param name="sums">Where to.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="openDay">The open day of its batch: nothing counts on a day before it, since those are closed.</param>
    public static void AddTo(Dictionary<DeltaKey, DeltaSum> sums, Entry entry, DateOnly openDay = default)
    {
        DateOnly day = ClearingDays.DayOf(entry.At, openDay);
        switch (entry.Detail)
        {
            case ReceiveTerms terms:
                Add(Activity.Transfer, terms.PayerRegion, terms.PayeeRegion, entry.Amounts.WalletFen);
                break;
            case CreditTerms terms:
                Add(Activity.Credit, RegionCode.Outside, terms.Region, entry.Amounts.PersonalFen);
                break;
            case Registration { From: { } from } terms:
                Add(Activity.Move, from, terms.Region, entry.Balances.TotalFen);
                break;
            case WalletTerms terms when entry.Kind == EntryKind.WalletOpened:
                Add(Activity.WalletOpened, RegionCode.Outside, terms.UsePlace, 0);
                break;
            case CorrectionTerms terms:
                Add(Activity.Credit, RegionCode.Outside, terms.Region, entry.Amounts.PersonalFen, count: 0);
                break;
            case PaymentTerms terms when entry.Kind is EntryKind.Paid or EntryKind.PaymentMade:
                // A payment is counted once, where its beneficiary is, also when others pay all of it; aid once for each who gives.
                Add(terms.ActivityOf(terms.Bill.Beneficiary), terms.Region, terms.Region, PaymentParts.Of(terms.Parts, terms.Bill.Beneficiary).TotalFen);
                foreach (IGrouping<(string Account, RegionCode Region), PaymentPart> aid in terms.Parts
                    .Where(part => part.Account != terms.Bill.Beneficiary).GroupBy(part => (part.Account, part.Region)))
                {
                    Add(terms.ActivityOf(aid.Key.Account), aid.Key.Region, terms.Region, PaymentParts.TotalFen(aid));
                }

                break;
            case RefundTerms terms when entry.Kind is EntryKind.Refunded or EntryKind.RefundOpened:
                foreach (PaymentPart part in terms.Parts)
                {
                    Add(terms.Bill.ActivityOf(part.Account), part.Region, terms.Bill.Region, -part.AmountFen, count: 0);
                }

                break;
            case DrawRefundTerms terms when terms.From != terms.Region:
                Add(Activity.Move, terms.From, terms.Region, entry.Amounts.TotalFen, count: 0);
                break;
            case SettlementTerms terms:
                Add(Activity.Settlement, terms.To, terms.From, terms.AmountFen);
                break;
            default:
                break;
        }

        void Add(Activity activity, RegionCode from, RegionCode to, long amountFen, long count = 1)
        {
            Tier tier = from == RegionCode.Outside ? Tier.SameRegion : Tiers.Between(from, to);
            DeltaKey key = new(activity, tier, day, from, to);
            sums[key] = sums.GetValueOrDefault(key) + new DeltaSum(count, amountFen);
        }
    }

    /// <summary>Adds what a set of entries does to regions.</summary>
    public static Dictionary<DeltaKey, DeltaSum> Aggregate(IEnumerable<Entry> entries, DateOnly openDay = default)
    {
        Dictionary<DeltaKey, DeltaSum> sums = [];
        foreach (Entry entry in entries)
        {
            AddTo(sums, entry, openDay);
        }

        return sums;
    }
}
