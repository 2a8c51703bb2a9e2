using Gongji.Simulation.Running;

namespace Gongji.Simulation.Oracle;

/// <summary>Refunds: in reverse order, never more than was paid, to everybody once.</summary>
internal sealed partial class LedgerModel
{
    private ModelVersion TakeRefund(Entry entry, RefundTerms terms, ModelVersion before, ModelVersion after)
    {
        bool isOther = IsDone(entry.Operation);
        if (!_refunds.TryAdd(entry.Operation, new ModelRefund(entry, terms, Sequence)) || isOther)
        {
            Fail("operation-once", entry, "the operation was done before.");
        }

        if (!_made.TryGetValue(terms.Payment, out ModelPayment? payment) || payment.Payer != entry.Account || payment.Attempt != terms.Attempt)
        {
            Fail("refund", entry, "a refund of a payment that this person has not made.");
            return after;
        }

        if (RequireAsked(entry) is { } record && !record.Refunds.Exists(asked => asked.Payment == terms.Payment && asked.AmountFen == terms.Parts.Sum(part => part.AmountFen)))
        {
            Fail("done-as-asked", entry, "nobody asked for this refund.");
        }

        (long personalFen, long walletFen) = (0, 0);
        int last = payment.LeftFen.Length - 1;
        for (int i = 0; i < terms.Parts.Count; i++)
        {
            (PaymentPart part, int place) = (terms.Parts[i], terms.Indexes[i]);
            bool isNext = place >= 0 && place <= last && payment.LeftFen.Skip(place + 1).All(left => left == 0);
            if (!isNext || part.AmountFen <= 0 || (payment.LeftFen[place] -= part.AmountFen) < 0
                || part.Account != payment.Terms.Parts[place].Account || part.Pocket != payment.Terms.Parts[place].Pocket)
            {
                Fail("refund", entry, $"part {place} of the payment is refunded more than was paid, or not in reverse order.");
                return after;
            }

            last = place;
            _outsideFen += part.AmountFen;
            AddDelta(DeltaOf(ActivityOf(terms.Bill, part.Account), entry, part.Region, payment.Terms.Bill.Region), -part.AmountFen, count: 0);
            if (part.Account == entry.Account)
            {
                (personalFen, walletFen) = part.Pocket == Pocket.Personal ? (personalFen + part.AmountFen, walletFen) : (personalFen, walletFen + part.AmountFen);
                if (part.Region.Value != before.Region)
                {
                    Fail("refund", entry, $"booked in {part.Region}, but the account is in {before.Region}.");
                }
            }
            else
            {
                _inTransitFen -= part.AmountFen;
                Touch(part.Region.Value).InTransitFen -= part.AmountFen;
            }
        }

        if (entry.Amounts != new Amounts(personalFen, walletFen, 0, 0))
        {
            Fail("refund", entry, $"{entry.Amounts} comes back of {personalFen}/{walletFen} own fen.");
        }

        Movements++;
        bool isWhole = payment.LeftFen.All(left => left == 0);
        bool isReleased = isWhole && payment.Terms.Bill.Contribution is not null;
        if (terms.Released != isReleased)
        {
            Fail("refund", entry, $"the contribution is released: {terms.Released}, refunded whole: {isWhole}.");
        }

        if (entry.Kind == EntryKind.Refunded)
        {
            core.Coverage.Hit(CoveragePoint.RefundedAlone);
        }

        if (before.Region != payment.Terms.Bill.Region.Value)
        {
            core.Coverage.Hit(CoveragePoint.RefundedAfterMove);
        }

        return isReleased && terms.Bill.Beneficiary == entry.Account
            ? after with { Family = after.Family with { Contributions = after.Family.Contributions.Remove(terms.Bill.Contribution!.Value) } }
            : after;
    }

    private ModelVersion TakeRefundPart(Entry entry, ModelVersion before, ModelVersion after)
    {
        if (!_refunds.TryGetValue(entry.Operation, out ModelRefund? refund) || !refund.Taken.TryAdd(entry.Account, entry))
        {
            Fail("refund", entry, "a part of a refund that nobody decided, or that was taken before.");
            return after;
        }

        Bill bill = refund.Terms.Bill;
        if (entry.Kind == EntryKind.ContributionReleased)
        {
            RequireNoMoney(entry);
            if (!refund.Terms.Released || bill.Beneficiary != entry.Account)
            {
                Fail("refund", entry, "a contribution is released that was not refunded.");
            }

            core.Coverage.Hit(CoveragePoint.ContributionReleased);
            return after with { Family = after.Family with { Contributions = after.Family.Contributions.Remove(bill.Contribution!.Value) } };
        }

        long personalFen = refund.Terms.Parts.Where(part => part.Account == entry.Account && part.Pocket == Pocket.Personal).Sum(part => part.AmountFen);
        long quotaFen = refund.Terms.Parts.Where(part => part.Account == entry.Account && part.Pocket == Pocket.Quota).Sum(part => part.AmountFen);
        if (personalFen + quotaFen == 0)
        {
            Fail("refund", entry, "nothing is due to this person.");
        }

        Entry? drawn = _made.GetValueOrDefault(refund.Terms.Payment)?.Opened.GetValueOrDefault(entry.Account);
        if (drawn is null || ((DrawRefundTerms)entry.Detail!).Attempt != drawn.Operation)
        {
            Fail("refund", entry, $"{entry.Detail} is not of what was drawn by {drawn?.Operation}.");
        }

        CheckReturn(entry, refund.Opening.Account, drawn, personalFen, quotaFen, 0, before);
        RegionCode planned = refund.Terms.Parts.First(part => part.Account == entry.Account).Region;
        _inTransitFen += personalFen + quotaFen;
        Touch(planned.Value).InTransitFen += personalFen + quotaFen;
        core.Coverage.Hit(entry.Amounts.QuotaFen > 0 ? CoveragePoint.RefundedToQuota : CoveragePoint.RefundedToRelative);
        if (planned.Value != before.Region)
        {
            AddDelta(DeltaOf(Activity.Move, entry, planned, RegionCode.FromValue(before.Region)), personalFen + quotaFen, count: 0);
        }

        return after with { Family = after.Family.Use(refund.Opening.Account, -entry.Amounts.QuotaFen) };
    }

    private ModelVersion TakeRefundDone(Entry entry, ModelVersion after)
    {
        RequireNoMoney(entry);
        if (!_refunds.TryGetValue(entry.Operation, out ModelRefund? refund) || refund.IsDone
            || !refund.Terms.Parts.Select(part => part.Account).Where(account => account != entry.Account).All(refund.Taken.ContainsKey))
        {
            Fail("refund", entry, "a refund is said to be done that is not.");
            return after;
        }

        refund.IsDone = true;
        core.Coverage.Hit(CoveragePoint.RefundDone);
        return after;
    }
}
