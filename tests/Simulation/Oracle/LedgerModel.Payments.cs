using System.Collections.Immutable;
using Gongji.Grains.Messages;
using Gongji.Simulation.Running;

namespace Gongji.Simulation.Oracle;

/// <summary>Payments, draws, contributions, refunds and corrections: all parts or none, each once, each as requested.</summary>
internal sealed partial class LedgerModel
{
    private readonly Dictionary<Guid, ModelPayment> _attempts = [];
    private readonly List<ModelPayment> _laterAttempts = [];
    private readonly Dictionary<Guid, ModelPayment> _made = [];
    private readonly Dictionary<Guid, ModelRefund> _refunds = [];
    private readonly Dictionary<Guid, long> _creditFen = [];

    /// <summary>A payment that was made, by the id that its caller chose.</summary>
    public ModelPayment? PaymentOf(Guid id) => _made.GetValueOrDefault(id);

    public ModelRefund? RefundOf(Guid id) => _refunds.GetValueOrDefault(id);

    /// <summary>Whether an id names something that was done.</summary>
    public bool IsDone(Guid id) => _transfers.ContainsKey(id) || _credits.ContainsKey(id) || _made.ContainsKey(id) || _refunds.ContainsKey(id);

    /// <summary>Whether an id names an attempt at a payment that was opened, however it ended.</summary>
    public bool HasOpenAttempt(Guid id) => _attempts.ContainsKey(id);

    /// <summary>Attempts whose id is not their payment's. Entries show these ids, but no caller can ask for anything by them.</summary>
    public IReadOnlyList<ModelPayment> LaterAttempts => _laterAttempts;

    /// <summary>Whether, as of a commit, an id was that of an attempt at another payment.</summary>
    public bool IsOtherAttempt(Guid id, long sequence) =>
        _attempts.TryGetValue(id, out ModelPayment? attempt) && attempt.Terms.Payment != id && attempt.OpenedAt <= sequence;

    /// <summary>Whether an operation is an attempt at a payment.</summary>
    public bool IsAttemptAt(Guid payment, Guid operation) => _attempts.TryGetValue(operation, out ModelPayment? attempt) && attempt.Terms.Payment == payment;

    /// <summary>Whether an attempt at a payment was opened after a commit.</summary>
    public bool WasOpenedSince(Guid payment, long sequence) => _attempts.Values.Any(attempt => attempt.Terms.Payment == payment && attempt.OpenedAt > sequence);

    public IReadOnlyCollection<ModelRegion> Regions => _regions.Values;

    /// <summary>The commit that did what an id names; 0 when it was not done.</summary>
    public long DoneAt(Guid id) =>
        _transfers.TryGetValue(id, out ModelTransfer? transfer) ? transfer.HoldSequence
        : _credits.TryGetValue(id, out (Entry, long Sequence) credit) ? credit.Sequence
        : _made.TryGetValue(id, out ModelPayment? payment) ? payment.DecidedAt
        : _refunds.TryGetValue(id, out ModelRefund? refund) ? refund.Sequence
        : 0;

    private ModelVersion TakeCorrection(Entry entry, ModelVersion before, ModelVersion after)
    {
        CorrectionTerms terms = (CorrectionTerms)entry.Detail!;
        long leftFen = _creditFen.GetValueOrDefault(terms.Credit) + entry.Amounts.PersonalFen;
        if (!_credits.TryGetValue(terms.Credit, out (Entry Entry, long) credit) || credit.Entry.Account != entry.Account || credit.Entry.Kind != EntryKind.Credit
            || leftFen < 0 || terms.Region.Value != before.Region || entry.Amounts with { PersonalFen = 0 } != Amounts.Zero)
        {
            Fail("limits", entry, $"credit {terms.Credit} becomes {leftFen} fen by {terms}.");
        }

        if (RequireAsked(entry) is { } record && !record.Credits.Exists(asked =>
            asked.Person == entry.Account && asked.Command.AmountFen == entry.Amounts.PersonalFen && asked.Command.Corrects == terms.Credit))
        {
            Fail("done-as-asked", entry, "nobody asked for this correction.");
        }

        TakeCreditOnce(entry);
        _creditFen[terms.Credit] = leftFen;
        _outsideFen += entry.Amounts.PersonalFen;
        core.Coverage.Hit(CoveragePoint.CreditCorrected);
        AddDelta(new DeltaKey(Activity.Credit, Tier.SameRegion, ClearingDayOf(entry), RegionCode.Outside, terms.Region), entry.Amounts.PersonalFen, count: 0);
        return after;
    }

    private ModelVersion TakePayment(Entry entry, ModelVersion before, ModelVersion after) => entry.Kind switch
    {
        EntryKind.Paid or EntryKind.PaymentOpened => TakeOpening(entry, (PaymentTerms)entry.Detail!, before, after),
        EntryKind.PaymentMade or EntryKind.PaymentAbandoned => TakeDecision(entry, after),
        EntryKind.DrawHeld or EntryKind.ContributionClaimed => TakePart(entry, before, after),
        EntryKind.DrawPosted or EntryKind.DrawVoided or EntryKind.ContributionKept or EntryKind.ContributionDropped => TakePartEnd(entry, before, after),
        EntryKind.Refunded or EntryKind.RefundOpened => TakeRefund(entry, (RefundTerms)entry.Detail!, before, after),
        EntryKind.DrawRefunded or EntryKind.ContributionReleased => TakeRefundPart(entry, before, after),
        EntryKind.RefundDone => TakeRefundDone(entry, after),
        _ => FailUnknown(entry, after),
    };

    private ModelVersion TakeOpening(Entry entry, PaymentTerms terms, ModelVersion before, ModelVersion after)
    {
        ModelPayment payment = new(entry, terms, Sequence);
        bool isAlone = entry.Kind == EntryKind.Paid;
        if (!_attempts.TryAdd(entry.Operation, payment) || IsDone(terms.Payment) || IsDone(entry.Operation) || IsOtherAttempt(terms.Payment, Sequence))
        {
            Fail("operation-once", entry, "the operation was done before.");
        }

        if (RequireAsked(entry, terms.Payment) is { } record && !record.Payments.Exists(asked => IsSame(asked.Command, entry.Account, terms)))
        {
            Fail("done-as-asked", entry, "nobody asked for this payment.");
        }

        (long personalFen, long walletFen) = CheckOrder(entry, terms, before);
        Amounts expected = isAlone ? new Amounts(-personalFen, -walletFen, 0, 0) : new Amounts(-personalFen, -walletFen, personalFen + walletFen, 0);
        if (entry.Amounts != expected || isAlone != (payment.Others.Count == 0))
        {
            Fail("account-continuity", entry, $"{entry.Amounts} is not the own part {expected} of a payment with {payment.Others.Count} other parties.");
        }

        bool isOwn = terms.Bill.Beneficiary == entry.Account;
        if (isOwn ? terms.Bill.Region.Value != before.Region : !IsRelated(before, terms.Bill.Beneficiary))
        {
            Fail("limits", entry, $"paid for {terms.Bill.Beneficiary} in {terms.Bill.Region}, to whom there is no relation, or who is elsewhere.");
        }

        if (isOwn && terms.Bill.Contribution is { } contribution)
        {
            after = Claim(entry, contribution, before, after);
            core.Coverage.Hit(CoveragePoint.ContributionOfSelf);
        }

        core.Coverage.Hit(isAlone ? CoveragePoint.PaidAlone : CoveragePoint.PaymentOpened);
        if (entry.Operation != terms.Payment)
        {
            _laterAttempts.Add(payment);
            core.Coverage.Hit(CoveragePoint.PaymentTriedAgain);
        }

        if (isAlone)
        {
            Pay(entry, payment);
            return after;
        }

        return after with { OpenHolds = after.OpenHolds + 1 };
    }

    /// <summary>Checks the order of use: own sources as far as they go, in the requested order; relatives' quotas before their personal accounts; cash last.</summary>
    private (long PersonalFen, long WalletFen) CheckOrder(Entry entry, PaymentTerms terms, ModelVersion before)
    {
        (long personalFen, long walletFen) = (0, 0);
        long leftFen = terms.AmountFen;
        int at = 0;
        bool isRight = true;
        ImmutableList<string> givers = before.Family.InOrder;
        foreach (PaymentSource source in terms.Sources ?? [PaymentSource.Personal, PaymentSource.Wallet, PaymentSource.Relatives])
        {
            if (source == PaymentSource.Relatives)
            {
                Pocket last = Pocket.Quota;
                int place = -1;
                for (; at < terms.Parts.Count && terms.Parts[at].Account != entry.Account; at++)
                {
                    PaymentPart part = terms.Parts[at];
                    int next = givers.IndexOf(part.Account);
                    place = part.Pocket == last ? place : -1;
                    isRight &= next > place && (part.Pocket == last || part.Pocket == Pocket.Personal);
                    if (place >= 0 && before.Family.Givers.IndexOf(part.Account) < before.Family.Givers.IndexOf(givers[place]))
                    {
                        core.Coverage.Hit(CoveragePoint.PaidInChosenOrder);
                    }

                    (last, place) = (part.Pocket, next);
                    leftFen -= part.AmountFen;
                }

                continue;
            }

            long fen = Math.Min(leftFen, source == PaymentSource.Personal ? before.PersonalFen : before.WalletFen);
            if (fen > 0)
            {
                Pocket pocket = source == PaymentSource.Personal ? Pocket.Personal : Pocket.Wallet;
                isRight &= at < terms.Parts.Count && terms.Parts[at] == new PaymentPart(entry.Account, pocket, fen, RegionCode.FromValue(before.Region));
                at++;
                leftFen -= fen;
                (personalFen, walletFen) = pocket == Pocket.Personal ? (fen, walletFen) : (personalFen, fen);
            }
        }

        if (!isRight || at != terms.Parts.Count || leftFen != terms.CashFen || leftFen < 0 || (leftFen > 0 && !terms.AllowCash))
        {
            Fail("limits", entry, $"the parts {string.Join(" ", terms.Parts)} and {terms.CashFen} in cash are not what the order of use gives, with {before.PersonalFen}/{before.WalletFen} fen there.");
        }

        return (personalFen, walletFen);
    }

    private ModelVersion TakeDecision(Entry entry, ModelVersion after)
    {
        if (!_attempts.TryGetValue(entry.Operation, out ModelPayment? payment) || payment.Decision is not null || payment.Payer != entry.Account)
        {
            Fail("payment-whole", entry, "a decision of a payment that is decided, or not opened here.");
            return after;
        }

        (payment.Decision, payment.DecidedAt) = (entry, Sequence);
        bool isMade = entry.Kind == EntryKind.PaymentMade;
        Amounts opened = payment.Opening.Amounts;
        Amounts expected = isMade ? new Amounts(0, 0, -opened.HeldFen, 0) : new Amounts(-opened.PersonalFen, -opened.WalletFen, -opened.HeldFen, 0);
        if (entry.Amounts != expected)
        {
            Fail("payment-whole", entry, $"{entry.Amounts} does not follow from {opened}.");
        }

        core.Coverage.Hit(isMade ? CoveragePoint.PaymentMade : CoveragePoint.PaymentAbandoned);
        if (isMade)
        {
            foreach (string other in payment.Others.Where(other => !payment.Opened.ContainsKey(other) || payment.Ended.ContainsKey(other)))
            {
                Fail("payment-whole", entry, $"the payment is made, but the part of {other} is not set aside.");
            }

            Pay(entry, payment);
        }
        else if (payment.Terms.Bill is { Contribution: { } contribution } bill && bill.Beneficiary == entry.Account)
        {
            after = after with { Family = after.Family with { Contributions = after.Family.Contributions.Remove(contribution) } };
        }

        return after with { OpenHolds = after.OpenHolds - 1 };
    }

    /// <summary>The money leaves for the institution or the scheme; relatives' accounts still hold their parts.</summary>
    private void Pay(Entry entry, ModelPayment payment)
    {
        Movements++;
        PaymentTerms terms = payment.Terms;
        if (!_made.TryAdd(terms.Payment, payment))
        {
            Fail("operation-once", entry, "the payment was made before.");
        }

        foreach (PaymentPart part in terms.Parts)
        {
            _outsideFen -= part.AmountFen;
            bool isOwn = part.Account == payment.Payer;
            if (!isOwn)
            {
                _inTransitFen += part.AmountFen;
                Touch(part.Region.Value).InTransitFen += part.AmountFen;
            }

            core.Coverage.Hit((isOwn, part.Pocket) switch
            {
                (true, Pocket.Personal) => CoveragePoint.PaidFromPersonal,
                (true, _) => CoveragePoint.PaidFromWallet,
                (_, Pocket.Quota) => CoveragePoint.PaidFromQuota,
                _ => CoveragePoint.PaidFromRelative,
            });
            bool isFirst = part.Account != terms.Bill.Beneficiary && terms.Parts.First(other => other.Account == part.Account) == part;
            AddDelta(DeltaOf(ActivityOf(terms.Bill, part.Account), entry, part.Region, terms.Bill.Region), part.AmountFen, isFirst ? 1 : 0);
        }

        AddDelta(DeltaOf(ActivityOf(terms.Bill, terms.Bill.Beneficiary), entry, terms.Bill.Region, terms.Bill.Region), 0);
        if (terms.CashFen > 0)
        {
            core.Coverage.Hit(CoveragePoint.PaidInCash);
        }
    }

    private ModelVersion TakePart(Entry entry, ModelVersion before, ModelVersion after)
    {
        if (!_attempts.TryGetValue(entry.Operation, out ModelPayment? payment) || !payment.Others.Contains(entry.Account) || !payment.Opened.TryAdd(entry.Account, entry))
        {
            Fail("payment-whole", entry, "a part of a payment that has it, or is not opened, or has no part for this person.");
            return after;
        }

        if (entry.Kind == EntryKind.ContributionClaimed)
        {
            RequireNoMoney(entry);
            return Claim(entry, ((ContributionTerms)entry.Detail!).Contribution, before, after);
        }

        long personalFen = payment.Terms.Parts.Where(part => part.Account == entry.Account && part.Pocket == Pocket.Personal).Sum(part => part.AmountFen);
        long quotaFen = payment.Terms.Parts.Where(part => part.Account == entry.Account && part.Pocket == Pocket.Quota).Sum(part => part.AmountFen);
        if (entry.Amounts != new Amounts(-personalFen, 0, personalFen + quotaFen, -quotaFen) || ((DrawTerms)entry.Detail!).Payer != payment.Payer)
        {
            Fail("payment-whole", entry, $"{entry.Amounts} is drawn, planned were {personalFen} fen and {quotaFen} of the quota for {payment.Payer}.");
        }

        if (!IsRelated(before, payment.Payer) || !before.IsEmployee || !before.IsActive
            || payment.Terms.Parts.Any(part => part.Account == entry.Account && part.Region.Value != before.Region))
        {
            Fail("limits", entry, $"drawn by {payment.Payer} from somebody who is no insured employee, has moved, or has no relation.");
        }

        if (before.Family.Given.TryGetValue(payment.Payer, out ModelRelation? relation) && (((DrawTerms)entry.Detail!).Relation != relation.Since || relation.LeftFen < quotaFen))
        {
            Fail("limits", entry, $"{quotaFen} fen drawn on {entry.Detail} of the relation {relation}.");
        }

        return after with { OpenHolds = after.OpenHolds + 1, Family = after.Family.Use(payment.Payer, quotaFen) };
    }

    private ModelVersion TakePartEnd(Entry entry, ModelVersion before, ModelVersion after)
    {
        if (!_attempts.TryGetValue(entry.Operation, out ModelPayment? payment) || payment.Decision is null || !payment.Opened.TryGetValue(entry.Account, out Entry? opened)
            || !payment.Ended.TryAdd(entry.Account, entry) || payment.IsMade != entry.Kind is EntryKind.DrawPosted or EntryKind.ContributionKept)
        {
            Fail("payment-whole", entry, "the end of a part that is not open, of a payment that is not decided so.");
            return after;
        }

        switch (entry.Kind)
        {
            case EntryKind.ContributionKept:
                core.Coverage.Hit(CoveragePoint.ContributionForRelative);
                return after;
            case EntryKind.ContributionDropped:
                core.Coverage.Hit(CoveragePoint.ContributionDropped);
                return after with { Family = after.Family with { Contributions = after.Family.Contributions.Remove(((ContributionTerms)entry.Detail!).Contribution) } };
            case EntryKind.DrawPosted:
                if (entry.Amounts != new Amounts(0, 0, -opened.Amounts.HeldFen, 0))
                {
                    Fail("payment-whole", entry, $"{entry.Amounts} does not follow from {opened.Amounts}.");
                }

                _inTransitFen -= opened.Amounts.HeldFen;
                Touch(before.Region).InTransitFen -= opened.Amounts.HeldFen;
                core.Coverage.Hit(CoveragePoint.DrawPosted);
                return after with { OpenHolds = after.OpenHolds - 1 };
            default:
                CheckReturn(entry, payment.Payer, opened, -opened.Amounts.PersonalFen, -opened.Amounts.QuotaFen, opened.Amounts.HeldFen, before);
                core.Coverage.Hit(CoveragePoint.DrawVoided);
                return after with { OpenHolds = after.OpenHolds - 1, Family = after.Family.Use(payment.Payer, -entry.Amounts.QuotaFen) };
        }
    }

    /// <summary>A relative's money returns to the quota it came from, or to the personal account when that quota is gone. A later relation's quota is a different one.</summary>
    private void CheckReturn(Entry entry, string recipient, Entry? drawn, long personalFen, long quotaFen, long heldFen, ModelVersion before)
    {
        bool hasQuota = before.Family.Given.TryGetValue(recipient, out ModelRelation? relation) && relation.Since < drawn?.Version;
        if (!hasQuota && relation is not null && quotaFen > 0)
        {
            core.Coverage.Hit(CoveragePoint.CameBackAfterNewRelation);
        }

        Amounts expected = hasQuota ? new Amounts(personalFen, 0, -heldFen, quotaFen) : new Amounts(personalFen + quotaFen, 0, -heldFen, 0);
        if (entry.Amounts != expected)
        {
            Fail("payment-whole", entry, $"{entry.Amounts} comes back, expected was {expected}.");
        }
    }

    private ModelVersion Claim(Entry entry, ContributionYear contribution, ModelVersion before, ModelVersion after)
    {
        if (before.Family.Contributions.ContainsKey(contribution))
        {
            Fail("limits", entry, $"{contribution} is paid, or being paid, already.");
        }

        return after with { Family = after.Family with { Contributions = after.Family.Contributions.SetItem(contribution, entry.Operation) } };
    }

    private static bool IsRelated(ModelVersion giver, string recipient) => giver.Family.Given.TryGetValue(recipient, out ModelRelation? relation) && relation.IsConsented;

    internal static bool IsSame(Pay asked, string payer, PaymentTerms terms) =>
        asked.Id == terms.Payment && asked.Payer == payer && asked.Institution == terms.Institution && asked.Purpose == terms.Bill.Purpose
        && asked.Beneficiary == terms.Bill.Beneficiary && asked.Scheme == terms.Bill.Contribution?.Scheme && asked.Year == (terms.Bill.Contribution?.Year ?? 0)
        && asked.AmountFen == terms.AmountFen && asked.AllowCash == terms.AllowCash && (asked.Sources ?? []).SequenceEqual(terms.Sources ?? []);

    private static Activity ActivityOf(Bill bill, string account)
    {
        bool isOwn = account == bill.Beneficiary;
        return bill.Purpose switch
        {
            PaymentPurpose.Hospital => isOwn ? Activity.Payment : Activity.Draw,
            PaymentPurpose.Pharmacy => isOwn ? Activity.PharmacyPayment : Activity.PharmacyDraw,
            _ => isOwn ? Activity.Contribution : Activity.ContributionDraw,
        };
    }

    private ModelVersion FailUnknown(Entry entry, ModelVersion after)
    {
        Fail("account-continuity", entry, "a kind that the model does not know.");
        return after;
    }
}
