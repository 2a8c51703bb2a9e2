namespace Gongji.Ledger.Audit;

/// <summary>Payments, draws and refunds of one account (invariants 3, 4 and 6). Memory: one account's payments.</summary>
public sealed partial class AccountAuditor
{
    private readonly Dictionary<Guid, Paid> _paid = [];
    private readonly Dictionary<Guid, Guid> _made = [];
    private readonly HashSet<RegionCode> _regions = [];
    private readonly Dictionary<Guid, Int128> _credits = [];
    private readonly Dictionary<ContributionYear, Guid> _contributions = [];
    private readonly Dictionary<Guid, Drawn> _drawn = [];

    /// <param name="Terms">The terms of the payment that was made.</param>
    /// <param name="LeftFen">What has not been refunded of each of its parts.</param>
    private readonly record struct Paid(PaymentTerms Terms, long[] LeftFen);

    /// <param name="Payer">The person who drew.</param>
    /// <param name="Relation">The version at which the relation that it was drawn on was made.</param>
    /// <param name="LeftFen">What has not been refunded of it.</param>
    private readonly record struct Drawn(string Payer, long Relation, Int128 LeftFen);

    private void FoldPayment(Entry entry)
    {
        switch (entry.Detail)
        {
            case PaymentTerms terms when entry.Kind == EntryKind.PaymentMade:
                CheckMade(entry, terms);
                FoldOutcome(entry);
                TakePaid(entry, terms);
                break;
            case PaymentTerms terms:
                CheckPayment(entry, terms);
                break;
            case DrawTerms terms:
                CheckDraw(entry, terms);
                break;
            case RefundTerms terms:
                CheckRefund(entry, terms);
                break;
            case DrawRefundTerms terms:
                CheckDrawRefund(entry, terms);
                break;
            case CorrectionTerms terms:
                CheckCorrection(entry, terms);
                break;
            default:
                break;
        }
    }

    private void CheckPayment(Entry entry, PaymentTerms terms)
    {
        checks.Limits.Count();
        Amounts own = terms.OwnOf(entry.Account);
        Amounts expected = entry.Kind == EntryKind.Paid ? new(-own.PersonalFen, -own.WalletFen, 0, 0) : Amounts.Hold(own);
        Int128 paidFen = PaymentParts.TotalFen(terms.Parts);
        if (entry.Amounts != expected || paidFen + terms.CashFen != terms.AmountFen || terms.CashFen < 0 || (terms.CashFen > 0 && !terms.AllowCash))
        {
            checks.TransferOutcomes.Violate(
                $"{Name(entry)}: {terms.AmountFen} fen were to be paid, {paidFen} by accounts and {terms.CashFen} in cash, {Text(own)} of it by this one, which has {Text(entry.Amounts)}.");
        }

        if (entry.Kind == EntryKind.Paid != (terms.Parties(entry.Account).Count == 0))
        {
            checks.TransferOutcomes.Violate($"{Name(entry)}: {terms.Parties(entry.Account).Count} other parties pay, but the entry is {EntryKinds.ToText(entry.Kind)}.");
        }

        if (terms.Parts.Any(part => part.Account == entry.Account && (part.Region != _region || part.Pocket == Pocket.Quota))
            || (terms.Bill.Beneficiary == entry.Account && terms.Bill.Region != _region))
        {
            checks.RegionDeltas.Violate($"{Name(entry)}: the payment is not of region {_region}, where the account is.");
        }

        if (terms.Bill.Beneficiary != entry.Account)
        {
            CheckAid(entry, terms, own);
        }

        ClaimOwn(entry, terms.Bill);
        if (entry.Kind == EntryKind.Paid)
        {
            TakePaid(entry, terms);
        }
        else
        {
            Open(entry, entry.Account, autoAccept: true, terms);
        }
    }

    /// <summary>Paying for somebody else is aid: from relatives, of their own money, and of a personal account only if its person is an insured employee.</summary>
    private void CheckAid(Entry entry, PaymentTerms terms, Amounts own)
    {
        if (!_given.TryGetValue(terms.Bill.Beneficiary, out Given relation) || !relation.IsConsented)
        {
            checks.Limits.Violate($"{Name(entry)}: paid for {terms.Bill.Beneficiary}, to whom there is no relation.");
        }

        if (terms.Parts.Any(part => part.Account != entry.Account))
        {
            checks.Limits.Violate($"{Name(entry)}: paid for {terms.Bill.Beneficiary} with money of others.");
        }

        if (own.PersonalFen > 0 && (_insurance != Insurance.Employee || _status != InsuranceStatus.Active))
        {
            checks.Limits.Violate($"{Name(entry)}: paid for {terms.Bill.Beneficiary} with personal-account money of a person insured as {AuditWords.Of(_insurance, _status)}.");
        }
    }

    private void CheckMade(Entry entry, PaymentTerms terms)
    {
        // Records compare lists by reference, so the lists are compared separately.
        bool isSame = _openHolds.TryGetValue(entry.Operation, out OpenHold open) && open.Payment is { } opened
            && opened.Parts.SequenceEqual(terms.Parts) && terms with { Parts = opened.Parts, Sources = opened.Sources } == opened;
        if (!isSame)
        {
            checks.TransferOutcomes.Violate($"{Name(entry)}: the payment that is made is not the one that was opened.");
        }
    }

    private void TakePaid(Entry entry, PaymentTerms terms)
    {
        OutsideFen -= PaymentParts.TotalFen(terms.Parts);
        if (!_made.TryAdd(terms.Payment, entry.Operation))
        {
            checks.TransferOutcomes.Violate($"{Name(entry)}: payment {terms.Payment} is made by {entry.Operation}, but {_made[terms.Payment]} had made it.");
        }

        _paid[entry.Operation] = new Paid(terms, [.. terms.Parts.Select(part => part.AmountFen)]);
    }

    private void CheckDraw(Entry entry, DrawTerms terms)
    {
        checks.Limits.Count();
        RequireInsured(entry);
        RequireRoom(entry);
        if (_insurance != Insurance.Employee || terms.Region != _region)
        {
            checks.Limits.Violate($"{Name(entry)}: drawn in {terms.Region} from a person insured as {AuditWords.Of(_insurance, _status)} in {_region}.");
        }

        if (!_given.TryGetValue(terms.Payer, out Given relation) || !relation.IsConsented)
        {
            checks.Limits.Violate($"{Name(entry)}: drawn by {terms.Payer}, to whom there is no relation.");
        }
        else if (terms.Relation is { } since && since != relation.Since)
        {
            checks.Limits.Violate($"{Name(entry)}: drawn on a relation to {terms.Payer} of version {since}; the one that is there is of version {relation.Since}.");
        }

        _drawn[entry.Operation] = new Drawn(terms.Payer, relation.Since, entry.Amounts.HeldFen);
        Use(entry, terms.Payer);
        Open(entry, terms.Payer, autoAccept: true, relation: terms.Relation);
    }

    /// <summary>Checks that what was set aside went back to its pockets; what came from the quota of a relation that has ended goes to the personal account.</summary>
    private bool IsBack(Entry entry, OpenHold hold, Amounts back)
    {
        if (entry.Kind != EntryKind.DrawVoided)
        {
            return back == hold.Taken;
        }

        Amounts allPersonal = unchecked(new(hold.Taken.PersonalFen + hold.Taken.QuotaFen, hold.Taken.WalletFen, 0, 0));

        // Draws from before the relation was recorded may have gone back to the quota of a later relation.
        return hold.Relation is { } since
            ? back == (HasQuota(hold.Payee, since, hold.Taken.QuotaFen) ? hold.Taken : allPersonal)
            : back == hold.Taken || back == allPersonal;
    }

    private bool HasQuota(string recipient, long since, long usedFen) =>
        _given.TryGetValue(recipient, out Given relation) && relation.Since == since && relation.UsedFen >= usedFen;

    /// <summary>Ends what a payer's or a relative's part has left besides money.</summary>
    private void EndPart(Entry entry, OpenHold hold)
    {
        if (entry.Kind == EntryKind.DrawVoided)
        {
            _drawn.Remove(entry.Operation);
            Use(entry, hold.Payee);
        }
        else if (entry.Kind == EntryKind.PaymentAbandoned && hold.Payment is { Bill: { Contribution: { } contribution } bill } && bill.Beneficiary == entry.Account)
        {
            _contributions.Remove(contribution);
        }
    }

    private void CheckRefund(Entry entry, RefundTerms terms)
    {
        checks.Limits.Count();
        Amounts own = PaymentParts.Of(terms.Parts, entry.Account);
        OutsideFen += PaymentParts.TotalFen(terms.Parts);
        if (entry.Amounts != own)
        {
            checks.TransferOutcomes.Violate($"{Name(entry)}: {Text(own)} are refunded to this account, the entry has {Text(entry.Amounts)}.");
        }

        if (!_paid.TryGetValue(terms.Attempt, out Paid paid))
        {
            checks.TransferOutcomes.Violate($"{Name(entry)}: a refund of payment {terms.Attempt}, which this account has not made.");
            return;
        }

        CheckRefunded(entry, terms, paid.Terms);
        CheckParts(entry, terms, paid);
        bool isWhole = !paid.LeftFen.AsSpan().ContainsAnyExcept(0L);
        if (terms.Released != (paid.Terms.Bill.Contribution is not null && isWhole))
        {
            checks.TransferOutcomes.Violate(
                $"{Name(entry)}: the contribution of payment {terms.Attempt} can{(terms.Released ? "" : "not")} be paid again, though it is {(isWhole ? "" : "not ")}refunded whole.");
        }

        if (terms.Released && terms.Bill is { Contribution: { } contribution } bill && bill.Beneficiary == entry.Account)
        {
            _contributions.Remove(contribution);
        }
    }

    /// <summary>Checks that a refund says the same of its payment as the payment says of itself.</summary>
    private void CheckRefunded(Entry entry, RefundTerms terms, PaymentTerms paid)
    {
        if (terms.Payment != paid.Payment || terms.Bill != paid.Bill || terms.Institution != paid.Institution)
        {
            checks.TransferOutcomes.Violate(
                $"{Name(entry)}: a refund of payment {terms.Payment} to {AuditWords.Of(terms.Bill, terms.Institution)}, made by {terms.Attempt}; that made {paid.Payment} to {AuditWords.Of(paid.Bill, paid.Institution)}.");
        }
    }

    /// <summary>Each part goes back to the account and pocket it came from, the last used first; own parts in this account's region. Others' accounts check theirs.</summary>
    private void CheckParts(Entry entry, RefundTerms terms, Paid paid)
    {
        long[] leftFen = paid.LeftFen;
        int after = leftFen.Length;
        for (int i = 0; i < terms.Parts.Count; i++)
        {
            (PaymentPart part, int place) = (terms.Parts[i], terms.Indexes[i]);
            if (place < 0 || place >= leftFen.Length)
            {
                checks.TransferOutcomes.Violate($"{Name(entry)}: part {place} of payment {terms.Attempt} is refunded, which has {leftFen.Length}.");
                continue;
            }

            PaymentPart from = paid.Terms.Parts[place];
            if (part.Account != from.Account || part.Pocket != from.Pocket)
            {
                checks.TransferOutcomes.Violate(
                    $"{Name(entry)}: part {place} of payment {terms.Attempt} came from {from.Account} ({Pockets.ToText(from.Pocket)}), it goes back to {part.Account} ({Pockets.ToText(part.Pocket)}).");
            }

            if (part.Account == entry.Account && part.Region != _region)
            {
                checks.RegionDeltas.Violate($"{Name(entry)}: the refund is booked in {part.Region}, but the account is in {_region}.");
            }

            if (place >= after || leftFen.AsSpan(place + 1).ContainsAnyExcept(0L))
            {
                checks.TransferOutcomes.Violate($"{Name(entry)}: part {place} of payment {terms.Attempt} is refunded before what was used after it.");
            }

            after = place;
            if (part.AmountFen > leftFen[place])
            {
                checks.TransferOutcomes.Violate($"{Name(entry)}: part {place} of payment {terms.Attempt} is refunded more than was paid: {part.AmountFen} fen, {leftFen[place]} were left.");
            }

            leftFen[place] = Math.Max(0, leftFen[place] - part.AmountFen);
        }
    }

    private void CheckDrawRefund(Entry entry, DrawRefundTerms terms)
    {
        checks.Limits.Count();
        if (terms.Attempt is { } attempt)
        {
            CheckDrawn(entry, terms.Payer, attempt);
        }

        Use(entry, terms.Payer);
        if (terms.Region != _region)
        {
            checks.RegionDeltas.Violate($"{Name(entry)}: refunded in {terms.Region}, but the account is in {_region}.");
        }

        // The refund was booked where the person was insured when it was decided; they may have moved since.
        if (!_regions.Contains(terms.From))
        {
            checks.RegionDeltas.Violate($"{Name(entry)}: the refund was booked in {terms.From}, where the account has never been.");
        }
    }

    /// <summary>Checks that no more goes back than was drawn, and nothing to the quota of a relation other than the one it was drawn on.</summary>
    private void CheckDrawn(Entry entry, string payer, Guid attempt)
    {
        Int128 backFen = (Int128)entry.Amounts.PersonalFen + entry.Amounts.QuotaFen;
        if (!_drawn.TryGetValue(attempt, out Drawn drawn) || drawn.Payer != payer || drawn.LeftFen < backFen)
        {
            checks.TransferOutcomes.Violate($"{Name(entry)}: {backFen} fen of payment {attempt} by {payer} go back, of which {drawn.LeftFen} drawn by {drawn.Payer} are left.");
        }

        if (entry.Amounts.QuotaFen > 0 && !HasQuota(payer, drawn.Relation, entry.Amounts.QuotaFen))
        {
            checks.Pockets.Violate($"{Name(entry)}: {entry.Amounts.QuotaFen} fen go back to a quota for {payer} that they were not drawn from.");
        }

        _drawn[attempt] = drawn with { LeftFen = drawn.LeftFen - backFen };
    }

    private void CheckCorrection(Entry entry, CorrectionTerms terms)
    {
        checks.Limits.Count();
        OutsideFen += entry.Amounts.PersonalFen;
        Int128 creditFen = _credits.GetValueOrDefault(terms.Credit) + entry.Amounts.PersonalFen;
        if (!_credits.ContainsKey(terms.Credit) || creditFen < 0 || terms.Region != _region)
        {
            checks.Limits.Violate($"{Name(entry)}: credit {terms.Credit} is {creditFen} fen after a correction in {terms.Region}; the account is in {_region}.");
        }

        _credits[terms.Credit] = creditFen;
    }

    private void FoldContribution(Entry entry, ContributionTerms terms)
    {
        checks.Limits.Count();
        if (terms.Region is { } region && region != _region)
        {
            checks.RegionDeltas.Violate($"{Name(entry)}: the contribution is paid in {region}, but the account is in {_region}.");
        }

        switch (entry.Kind)
        {
            case EntryKind.ContributionClaimed when !_contributions.TryAdd(terms.Contribution, entry.Operation):
                checks.Limits.Violate($"{Name(entry)}: {AuditWords.Of(terms.Contribution)} is paid already, by {_contributions[terms.Contribution]}.");
                break;
            case EntryKind.ContributionKept or EntryKind.ContributionDropped when _contributions.GetValueOrDefault(terms.Contribution) != entry.Operation:
                checks.TransferOutcomes.Violate($"{Name(entry)}: {AuditWords.Of(terms.Contribution)} was not claimed by {entry.Operation}.");
                break;
            case EntryKind.ContributionDropped or EntryKind.ContributionReleased when !_contributions.Remove(terms.Contribution):
                checks.TransferOutcomes.Violate($"{Name(entry)}: {AuditWords.Of(terms.Contribution)} was not paid.");
                break;
            default:
                break;
        }
    }

    private void ClaimOwn(Entry entry, Bill bill)
    {
        if (bill.Contribution is { } contribution && bill.Beneficiary == entry.Account && !_contributions.TryAdd(contribution, entry.Operation))
        {
            checks.Limits.Violate($"{Name(entry)}: {AuditWords.Of(contribution)} is paid already, by {_contributions[contribution]}.");
        }
    }
}
