namespace Gongji.Ledger.Audit;

/// <summary>
/// Checks each payment, refund and end of relations across its accounts (invariant 4): all parts or none, each once, each as the deciding
/// entry says. Memory: one operation.
/// </summary>
internal static class PaymentAuditor
{
    /// <summary>Whether the entries of an operation are for this auditor.</summary>
    public static bool IsFor(List<Entry> entries)
    {
        foreach (Entry entry in entries)
        {
            if (entry.Kind is (>= EntryKind.Paid and <= EntryKind.RelationsEnded) or EntryKind.Moved or EntryKind.InsuranceChanged)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Checks one operation.</summary>
    /// <param name="check">Where violations go.</param>
    /// <param name="entries">All entries of the operation, by leg.</param>
    /// <param name="addInTransit">
    /// Called with a region and an amount in fen: positive for money that has been paid but still shows on the account it was drawn from, negative for money
    /// that has been refunded but does not show yet.
    /// </param>
    public static void Check(InvariantCheck check, IReadOnlyList<Entry> entries, Action<RegionCode, long> addInTransit)
    {
        // The entries by themselves are checked, and their violations reported, by account.
        if (entries.FirstOrDefault(entry => !EntryShape.HasDetailOfKind(entry)) is { } damaged)
        {
            check.Violate($"{Name(damaged)}: the operation cannot be checked, since this entry has no detail of its kind.");
            return;
        }

        switch (entries[0])
        {
            case { Kind: EntryKind.PaymentOpened, Detail: PaymentTerms terms }:
                CheckPayment(check, entries, terms, addInTransit);
                break;
            case { Kind: EntryKind.RefundOpened, Detail: RefundTerms terms }:
                CheckRefund(check, entries, terms, addInTransit);
                break;
            case { Detail: Registration registration }:
                if (entries.Skip(1).Any(entry => entry.Kind != EntryKind.RelationsEnded || entry.Account != entries[0].Account || registration.Leaving is null))
                {
                    check.Violate($"{Name(entries[^1])}: no end of the relations that {Name(entries[0])} ended.");
                }

                break;
            default:
                check.Violate($"{Name(entries[0])}: an operation that a {AuditWords.Of(entries[0].Kind)} cannot begin.");
                break;
        }
    }

    private static void CheckPayment(InvariantCheck check, IReadOnlyList<Entry> entries, PaymentTerms terms, Action<RegionCode, long> addInTransit)
    {
        Entry opening = entries[0];
        IReadOnlyList<string> parties = terms.Parties(opening.Account);
        Entry? answer = entries.FirstOrDefault(entry => entry.Leg == Leg.Answer);
        if (answer is not null && answer.Account != opening.Account)
        {
            check.Violate($"{Name(answer)}: opened on {opening.Account}, decided on {answer.Account}.");
        }

        HashSet<int> opened = [];
        HashSet<int> ended = [];
        foreach (Entry entry in entries.Skip(1).Where(entry => entry != answer))
        {
            bool isPart = Legs.IsPart(entry.Leg, out int party);
            if (!isPart && !Legs.IsPartOutcome(entry.Leg, out party))
            {
                check.Violate($"{Name(entry)}: {AuditWords.Of(entry.Leg)} is none of a payment's.");
            }
            else if (party >= parties.Count || parties[party] != entry.Account)
            {
                check.Violate($"{Name(entry)}: party {party} of the payment is somebody else.");
            }
            else if (isPart)
            {
                opened.Add(party);
                CheckPart(check, entry, opening, terms);
            }
            else
            {
                ended.Add(party);
                CheckEnd(check, entry, answer, opened.Contains(party));
            }
        }

        for (int party = 0; party < parties.Count && answer is { Kind: EntryKind.PaymentMade }; party++)
        {
            if (!opened.Contains(party))
            {
                check.Violate($"{Name(answer)}: the payment is made, but {parties[party]} has no part in it.");
            }
            else if (!ended.Contains(party))
            {
                foreach (PaymentPart part in terms.Parts.Where(part => part.Account == parties[party]))
                {
                    addInTransit(part.Region, part.AmountFen);
                }
            }
        }
    }

    private static void CheckPart(InvariantCheck check, Entry entry, Entry opening, PaymentTerms terms)
    {
        Amounts planned = PaymentParts.Of(terms.Parts, entry.Account);
        bool agrees = entry.Detail switch
        {
            DrawTerms draw => draw.Payer == opening.Account && draw.Bill == terms.Bill && entry.Amounts == Amounts.Hold(planned)
                && terms.Parts.Where(part => part.Account == entry.Account).All(part => part.Region == draw.Region),
            ContributionTerms claim => claim.Payer == opening.Account && claim.Contribution == terms.Bill.Contribution && planned == Amounts.Zero
                && (claim.Region is null || claim.Region == terms.Bill.Region),
            _ => false,
        };
        if (!agrees)
        {
            check.Violate($"{Name(entry)}: {EntryShape.Text(planned)} were planned, the part has {EntryShape.Text(entry.Amounts)} and says {AuditWords.Of(entry.Detail)}.");
        }
    }

    private static void CheckEnd(InvariantCheck check, Entry entry, Entry? answer, bool isOpened)
    {
        bool agrees = answer?.Kind switch
        {
            EntryKind.PaymentMade => entry.Kind is EntryKind.DrawPosted or EntryKind.ContributionKept,
            EntryKind.PaymentAbandoned => entry.Kind is EntryKind.DrawVoided or EntryKind.ContributionDropped,
            _ => false,
        };
        if (!agrees || !isOpened)
        {
            check.Violate($"{Name(entry)}: a {AuditWords.Of(entry.Kind)} does not follow from the decision, which is {(answer is null ? "missing" : AuditWords.Of(answer.Kind))}.");
        }
    }

    private static void CheckRefund(InvariantCheck check, IReadOnlyList<Entry> entries, RefundTerms terms, Action<RegionCode, long> addInTransit)
    {
        Entry opening = entries[0];
        IReadOnlyList<string> parties = terms.Parties(opening.Account);
        HashSet<int> there = [];
        foreach (Entry entry in entries.Skip(1).Where(entry => entry.Kind != EntryKind.RefundDone))
        {
            Amounts due = PaymentParts.Of(terms.Parts, entry.Account);
            bool agrees = Legs.IsPart(entry.Leg, out int party) && party < parties.Count && parties[party] == entry.Account && entry.Detail switch
            {
                // If the quota no longer exists, the money goes to the personal account.
                DrawRefundTerms back => back.Payer == opening.Account && (back.Attempt is null || back.Attempt == terms.Attempt)
                    && terms.Parts.All(part => part.Account != entry.Account || part.Region == back.From)
                    && (Int128)entry.Amounts.PersonalFen + entry.Amounts.QuotaFen == due.TotalFen && (entry.Amounts.QuotaFen == due.QuotaFen || entry.Amounts.QuotaFen == 0),
                ContributionTerms released => terms.Released && released.Contribution == terms.Bill.Contribution && due == Amounts.Zero,
                _ => false,
            };
            if (!agrees || !there.Add(party))
            {
                check.Violate($"{Name(entry)}: {EntryShape.Text(due)} are due, the part has {EntryShape.Text(entry.Amounts)} and says {AuditWords.Of(entry.Detail)}.");
            }
        }

        // Booked, but not on the account yet.
        foreach (PaymentPart part in terms.Parts.Where(part => part.Account != opening.Account && !entries.Any(entry => entry.Kind == EntryKind.DrawRefunded && entry.Account == part.Account)))
        {
            addInTransit(part.Region, -part.AmountFen);
        }

        // In the order of legs, the parts come after it.
        foreach (Entry done in entries.Where(entry => entry.Kind == EntryKind.RefundDone && (entry.Account != opening.Account || there.Count != parties.Count)))
        {
            check.Violate($"{Name(done)}: the refund is done, but {there.Count} of {parties.Count} parties have their part.");
        }
    }

    private static string Name(Entry entry) => $"operation {entry.Operation}, account {entry.Account}/{entry.Version}";
}
