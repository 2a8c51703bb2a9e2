namespace Gongji.Ledger;

/// <summary>
/// What an entry does to regions: money that one region's fund answers for and that another region's people now have. A region's fund and
/// clearing position are sums of deltas. Journal batches carry the deltas aggregated, in the same transaction as their entries. The day is the
/// clearing day (<see cref="ClearingDays"/>).
/// </summary>
public readonly record struct DeltaKey(Activity Activity, Tier Tier, DateOnly Day, RegionCode From, RegionCode To);

/// <summary>A count and an amount in fen. A refund or a correction has the count 0; a refund's amount is negative. Both count on the day they are made.</summary>
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

    /// <summary>A wallet was opened; no money moved.</summary>
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
    /// Regions settled a part of a closed day. The delta goes from the region that was paid to the one that paid, against the money, so that
    /// here too the region that it comes from has less headroom afterwards.
    /// </summary>
    Settlement = 20,
}

/// <summary>Derives the deltas of entries.</summary>
public static class Deltas
{
    /// <summary>The deltas of an entry: none, one, or several where one entry affects several regions.</summary>
    public static IReadOnlyDictionary<DeltaKey, DeltaSum> Of(Entry entry, DateOnly openDay = default) => Aggregate([entry], openDay);

    /// <summary>Adds what an entry does to regions. A transfer counts with its receipt, which decides it.</summary>
    /// <param name="sums">The sums to add to.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="openDay">The open day of its batch: nothing counts on an earlier day, since those are closed.</param>
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
                // A payment is counted once, in its beneficiary's region, even when others pay all of it. Aid is counted once for each giver.
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

    /// <summary>The sums of what a set of entries does to regions.</summary>
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
