using Gongji.Grains.Messages;
using Gongji.Simulation.Running;

namespace Gongji.Simulation.Oracle;

/// <summary>Answers about payments, refunds and relations.</summary>
internal sealed partial class AnswerOracle
{
    public Attempt BeginPayment(Pay command)
    {
        CommandRecord record = model.RecordOf(command.Id);
        Attempt attempt = Begin(record, command.Payer, command.Beneficiary);
        attempt.GiversFrom = model.AccountOf(command.Payer).Current.Family.Givers.ToDictionary(giver => giver, giver => model.AccountOf(giver).Observed);
        if (!record.Payments.Exists(asked => asked.Command == command))
        {
            record.Payments.Add(new AskedPayment(command, attempt));
        }

        return attempt;
    }

    public Attempt BeginRefund(RefundPayment command, string payer)
    {
        CommandRecord record = model.RecordOf(command.Id);
        if (!record.Refunds.Contains(command))
        {
            record.Refunds.Add(command);
        }

        return Begin(record, payer, null);
    }

    /// <summary>Begins a call about two persons that has no id of its own.</summary>
    public Attempt Begin(string person, string other) => Begin(null, person, other);

    public void EndPayment(Attempt attempt, Pay command, Reply<PaymentView> reply)
    {
        if (!IsDefinite(attempt, "payment", command.Id, reply.Code, reply.IsReplay))
        {
            return;
        }

        CommandRecord record = attempt.Record!;
        ModelPayment? payment = model.PaymentOf(command.Id);
        bool same = payment is not null && LedgerModel.IsSame(command, payment.Payer, payment.Terms);
        if (reply.Value is { } view)
        {
            if (payment is null)
            {
                core.Fail("answered-is-durable", "payment answered as made, but nothing is durable.", command.Id, command.Payer);
                return;
            }

            Require(same, "mismatch-is-told", "payment answered as made, but the id names something else.", command.Id, command.Payer);
            Require(payment.IsDone, "answered-is-durable", $"payment answered as made; {payment.Ended.Count} of {payment.Others.Count} parts are ended.", command.Id, command.Payer);
            Require(
                view.At == payment.Decision!.At && view.CashFen == payment.Terms.CashFen
                    && view.Parts.Select(part => (part.Account, part.Pocket, part.AmountFen)).SequenceEqual(payment.Terms.Parts.Select(part => (part.Account, part.Pocket, part.AmountFen)))
                    && view.Parts.Sum(part => part.AmountFen) + view.CashFen == command.AmountFen,
                "answer-is-allowed", $"the answer {view} is not the payment {payment.Terms}.", command.Id, command.Payer);

            // Who pays what is decided when the payment is opened. An earlier call without a definite answer may have opened it, when there was less; but no call before the first.
            Attempt opener = record.MayStillHappen || payment.OpenedAt <= attempt.Sequence ? record.Payments.Find(asked => asked.Command == command)!.First : attempt;
            Require(
                reply.IsReplay || view.CashFen == 0 || view.CashFen <= command.AmountFen - SureFen(opener, command),
                "answer-is-allowed", $"{view.CashFen} fen were left to cash, though accounts always had {SureFen(opener, command)} of {command.AmountFen} fen.", command.Id, command.Payer);
            JudgeOnce(attempt, command.Id, reply.IsReplay, payment.DecidedAt, command.Payer);
            record.FirstPayment ??= view;
            Require(record.FirstPayment.At == view.At && record.FirstPayment.Parts.SequenceEqual(view.Parts), "replay-equals-first", $"first answered {record.FirstPayment}, then {view}.", command.Id, command.Payer);
            model.AccountOf(command.Payer).Observe(payment.Decision);
            foreach ((string account, Entry end) in payment.Ended)
            {
                model.AccountOf(account).Observe(end);
            }

            return;
        }

        RefusalCode code = reply.Code!.Value;
        if (code == RefusalCode.IdempotencyMismatch)
        {
            Require(IsOtherwiseKnown(command.Id, same), "mismatch-is-told", "answered idempotency-mismatch, but the ledger has nothing else under this id.", command.Id, command.Payer);
            return;
        }

        Require(payment is null || payment.DecidedAt > attempt.Sequence, "replay-is-told", $"answered {RefusalCodes.ToText(code)} though the payment was made.", command.Id, command.Payer);
        Require(!model.IsOtherAttempt(command.Id, attempt.Sequence), "mismatch-is-told", $"answered {RefusalCodes.ToText(code)}, but the id is an attempt's at another payment.", command.Id, command.Payer);
        ModelAccount payer = model.AccountOf(command.Payer);
        ModelAccount beneficiary = model.AccountOf(command.Beneficiary);
        bool isOwn = command.Payer == command.Beneficiary;
        bool justified = code switch
        {
            RefusalCode.NoSuchPerson => !payer.Versions[attempt.PayerFrom].IsRegistered || !beneficiary.Versions[attempt.PayeeFrom].IsRegistered,
            RefusalCode.RegionNotLive when !isOwn => true,
            RefusalCode.RegionNotLive => payer.WasEver(attempt.PayerFrom, version => OwnFen(command, version) < command.AmountFen),
            RefusalCode.InsufficientFunds => SureFen(attempt, command) < command.AmountFen,
            RefusalCode.NoRelation => payer.WasEver(attempt.PayerFrom, version => isOwn || !version.Family.Given.TryGetValue(command.Beneficiary, out ModelRelation? relation) || !relation.IsConsented),
            RefusalCode.WrongState => (command.Scheme is not null && beneficiary.WasEver(attempt.PayeeFrom, version => PaidBy(command, version) is not null))
                || (isOwn && payer.WasEver(attempt.PayerFrom, version => version.Family.Givers.Count > 0)),
            RefusalCode.NotInsured => payer.WasEver(attempt.PayerFrom, version => version.Family.Givers.Count > 0 || (!isOwn && !(version.IsEmployee && version.IsActive))),
            RefusalCode.RegionCapReached => model.Regions.Any(region => region.Rules.Exists(rules => rules.Record.NetDebitCapFen is not null)),
            _ => false,
        };
        Require(justified, "answer-is-allowed", $"payment answered {RefusalCodes.ToText(code)}, which nothing justifies.", command.Id, command.Payer);
        if (!isOwn && code == RefusalCode.WrongState && beneficiary.WasAlways(attempt.PayeeFrom, version => PaidBy(command, version) is { } paid && !model.IsAttemptAt(command.Id, paid)))
        {
            core.Coverage.Hit(CoveragePoint.ContributionPaidByAnother);

            // A stale activation, which only faults leave behind, may not know that the contribution is paid.
            Require(!MustBeDefinite || !model.WasOpenedSince(command.Id, attempt.Sequence), "no-trace", "refused as paid by another since before it was asked, but money was set aside for it.", command.Id, command.Payer);
        }
    }

    public void EndRefund(Attempt attempt, RefundPayment command, string payer, Reply<RefundView> reply)
    {
        // A relative who moves at that very moment takes their part along once the prepayment of the region that they leave covers it; until then the answer may be 'unknown'.
        bool mayWait = model.RefundOf(command.Id) is { IsDone: false } decided && decided.Terms.Parts.Any(part =>
            part.Account != payer && part.Region.Value != model.AccountOf(part.Account).Current.Region
            && model.RegionOf(part.Region.Value)?.Rules.Exists(rules => rules.Record.NetDebitCapFen is not null) == true);
        if (!IsDefinite(attempt, "refund", command.Id, reply.Code, reply.IsReplay, mayWait))
        {
            return;
        }

        CommandRecord record = attempt.Record!;
        ModelRefund? refund = model.RefundOf(command.Id);
        bool same = refund is not null && refund.Terms.Payment == command.Payment && refund.Terms.Parts.Sum(part => part.AmountFen) == command.AmountFen;
        if (reply.Value is { } view)
        {
            if (refund is null)
            {
                core.Fail("answered-is-durable", "refund answered as made, but nothing is durable.", command.Id, payer);
                return;
            }

            Require(same, "mismatch-is-told", "refund answered as made, but the id names something else.", command.Id, payer);
            Require(refund.IsDone, "answered-is-durable", "refund answered as made, but not everybody has their part.", command.Id, payer);
            Require(view.Parts.Sum(part => part.AmountFen) == command.AmountFen && view.At == refund.Opening.At, "answer-is-allowed", $"the answer {view} is not the refund {refund.Terms}.", command.Id, payer);
            JudgeOnce(attempt, command.Id, reply.IsReplay, refund.Sequence, payer);
            record.FirstRefund ??= view;
            Require(record.FirstRefund.Parts.SequenceEqual(view.Parts), "replay-equals-first", $"first answered {record.FirstRefund}, then {view}.", command.Id, payer);
            model.AccountOf(payer).Observe(refund.Opening);
            return;
        }

        RefusalCode code = reply.Code!.Value;
        if (code == RefusalCode.IdempotencyMismatch)
        {
            Require(IsOtherwiseKnown(command.Id, same), "mismatch-is-told", "answered idempotency-mismatch, but the ledger has nothing else under this id.", command.Id, payer);
            return;
        }

        Require(refund is null || refund.Sequence > attempt.Sequence, "replay-is-told", $"answered {RefusalCodes.ToText(code)} though the refund was made.", command.Id, payer);
        ModelPayment? payment = model.PaymentOf(command.Payment);
        bool justified = code switch
        {
            RefusalCode.NoSuchPayment => payment is null || payment.DecidedAt > attempt.Sequence,
            RefusalCode.RefundOverPayment => payment is not null && payment.LeftFen.Sum() < command.AmountFen,
            RefusalCode.RegionCapReached => model.Regions.Any(region => region.Rules.Exists(rules => rules.Record.NetDebitCapFen is not null)),
            RefusalCode.AmountOverLimit => model.AccountOf(payer).WasEver(attempt.PayerFrom, version => version.TotalFen + command.AmountFen > Limits.BalanceFenMax),
            _ => false,
        };
        Require(justified, "answer-is-allowed", $"refund answered {RefusalCodes.ToText(code)}, which nothing justifies.", command.Id, payer);
    }

    /// <summary>A payment can be looked up by the id that its caller chose, and by no other id that entries show.</summary>
    public void EndPaymentQuestion(Attempt attempt, Guid id, Reply<PaymentView> reply)
    {
        if (!IsDefinite(attempt, "payment's question", id, reply.Code, reply.IsReplay))
        {
            return;
        }

        ModelPayment? payment = model.PaymentOf(id);
        if (reply.Value is not { } view)
        {
            Require(
                reply.Code == RefusalCode.NoSuchPayment && (payment is null || payment.DecidedAt > attempt.Sequence),
                "answer-is-allowed", $"a payment that was made was answered {RefusalCodes.ToText(reply.Code!.Value)}.", id);
            return;
        }

        if (payment is null)
        {
            core.Fail("answered-is-durable", "the answer shows a payment that was not made.", id, view.Payer);
            return;
        }

        Require(
            view.Id == id && view.Payer == payment.Payer && payment.IsMade && view.At == payment.Decision!.At
                && view.Parts.Select(part => (part.Account, part.Pocket, part.AmountFen)).SequenceEqual(payment.Terms.Parts.Select(part => (part.Account, part.Pocket, part.AmountFen))),
            "answer-is-allowed", $"the answer {view} is not the payment {payment.Terms}.", id, view.Payer);
        model.AccountOf(payment.Payer).Observe(payment.Decision!);
    }

    /// <summary>Begins a recipient's consent.</summary>
    public Attempt BeginConsent(string giver, string recipient)
    {
        Attempt attempt = Begin(giver, recipient);
        model.BeginConsent(giver, recipient, attempt.BeganAt);
        return attempt;
    }

    /// <summary>Judges a relation: the answer must be one that the giver's account durably had during the call. <paramref name="proposed"/> is the kinship of a proposal.</summary>
    public void EndRelation(Attempt attempt, string giver, string recipient, Reply<RelationView> reply, Kinship? proposed = null)
    {
        if (!IsDefinite(attempt, "relation", default, reply.Code, reply.IsReplay))
        {
            return;
        }

        ModelAccount account = model.AccountOf(giver);
        if (reply.Value is { } view)
        {
            Require(
                account.WasEver(attempt.PayerFrom, version => IsShownBy(version, recipient, view)),
                "answer-is-allowed", $"the relation {view} is shown, which {giver}'s account had at no moment of the call.", default, giver, recipient);
            return;
        }

        RefusalCode code = reply.Code!.Value;
        ModelAccount other = model.AccountOf(recipient);
        bool justified = code switch
        {
            RefusalCode.NoSuchPerson => !account.Versions[attempt.PayerFrom].IsRegistered || !other.Versions[attempt.PayeeFrom].IsRegistered,
            RefusalCode.NotInsured => account.WasEver(attempt.PayerFrom, version => !version.IsEmployee || !version.IsActive) || other.WasEver(attempt.PayeeFrom, version => !version.IsActive),
            RefusalCode.SamePerson => giver == recipient,
            RefusalCode.NoRelation => account.WasEver(attempt.PayerFrom, version => !version.Family.Given.ContainsKey(recipient)),
            RefusalCode.RegionNotLive => AnyRulePair(attempt, account, other, (mine, theirs, tier) => ((int)(mine.Live & theirs.Live) >> (int)tier & 1) == 0),
            RefusalCode.KinshipNotAllowed => AnyRulePair(attempt, account, other, (mine, theirs, _) => account.WasEver(
                attempt.PayerFrom, version => (proposed ?? version.Family.Given.GetValueOrDefault(recipient)?.Kinship) is { } kinship && ((int)(mine.Kinships & theirs.Kinships) >> (int)kinship & 1) == 0)),
            RefusalCode.InsufficientFunds or RefusalCode.WrongState => true,
            _ => false,
        };
        Require(justified, "answer-is-allowed", $"relation answered {RefusalCodes.ToText(code)}, which nothing justifies.", default, giver, recipient);
    }

    /// <summary>Judges an order of relatives: first those asked for, then all others whom the account had at the time.</summary>
    public void EndOrder(Attempt attempt, string person, string[] asked, Reply<RelativesOrderView> reply)
    {
        if (!IsDefinite(attempt, "relatives' order", default, reply.Code, reply.IsReplay))
        {
            return;
        }

        ModelAccount account = model.AccountOf(person);
        bool justified = reply.Value is { } view
            ? account.WasEver(attempt.PayerFrom, version => version.Family.First.SequenceEqual(asked) && version.Family.InOrder.SequenceEqual(view.Order))
            : reply.Code switch
            {
                RefusalCode.NoSuchPerson => !account.Versions[attempt.PayerFrom].IsRegistered,
                RefusalCode.NoRelation => account.WasEver(attempt.PayerFrom, version => asked.Except(version.Family.Givers).Any()),
                _ => false,
            };
        Require(justified, "answer-is-allowed", $"the order {string.Join(", ", asked)} was answered {reply.Value?.ToString() ?? RefusalCodes.ToText(reply.Code!.Value)}.", default, person);
    }

    private void JudgeOnce(Attempt attempt, Guid id, bool isReplay, long doneAt, string person)
    {
        CommandRecord record = attempt.Record!;
        Require(isReplay || doneAt > attempt.Sequence, "replay-is-told", "answered as done just now, but it was done before the call.", id, person);
        Require(isReplay || !record.DoneOnce, "operation-once", "answered as done just now for the second time.", id, person);
        record.DoneOnce |= !isReplay;
    }

    /// <summary>Whether an id names, or an unfinished attempt under it may still make it name, something other than what was asked.</summary>
    private bool IsOtherwiseKnown(Guid id, bool same) => (model.IsDone(id) && !same) || model.HasOpenAttempt(id);

    private static bool IsShownBy(ModelVersion version, string recipient, RelationView view) =>
        version.Family.Given.TryGetValue(recipient, out ModelRelation? relation)
            ? view.Status == (relation.IsConsented ? RelationStatus.Consented : RelationStatus.Proposed) && view.Kinship == relation.Kinship
                && view.GrantedFen == relation.GrantedFen && view.UsedFen == relation.UsedFen
            : view.Status == RelationStatus.Dissolved;

    private static Guid? PaidBy(Pay command, ModelVersion beneficiary) =>
        command.Scheme is { } scheme && beneficiary.Family.Contributions.TryGetValue(new ContributionYear(scheme, command.Year), out Guid operation) ? operation : null;

    /// <summary>The money that was available to a payment at every moment of an attempt: the payer's own and relatives'.</summary>
    private long SureFen(Attempt attempt, Pay command)
    {
        ModelAccount payer = model.AccountOf(command.Payer);
        long sureFen = payer.LeastFrom(attempt.PayerFrom, version => OwnFen(command, version));
        if (command.Payer != command.Beneficiary || command.Sources?.Contains(PaymentSource.Relatives) == false)
        {
            return sureFen;
        }

        foreach ((string person, int from) in attempt.GiversFrom!)
        {
            ModelAccount giver = model.AccountOf(person);
            bool isUsable = payer.WasAlways(attempt.PayerFrom, version => version.Family.Givers.Contains(person))
                && !RulesDuring(attempt, payer, attempt.PayerFrom).Any(mine => RulesDuring(attempt, giver, from).Any(
                    theirs => ((int)(mine.Rules.Live & theirs.Rules.Live) >> (int)LedgerModel.TierOf(mine.Region.Code, theirs.Region.Code) & 1) == 0));
            sureFen += isUsable ? giver.LeastFrom(from, version => DrawableFen(version, command.Payer)) : 0;
        }

        return sureFen;
    }

    private static long DrawableFen(ModelVersion giver, string recipient) =>
        giver is { IsEmployee: true, IsActive: true } && giver.Family.Given.TryGetValue(recipient, out ModelRelation? relation) && relation.IsConsented
            ? relation.LeftFen + giver.PersonalFen
            : 0;

    private static long OwnFen(Pay command, ModelVersion version) =>
        (command.Sources is null || command.Sources.Contains(PaymentSource.Personal) ? version.PersonalFen : 0)
        + (command.Sources is null || command.Sources.Contains(PaymentSource.Wallet) ? version.WalletFen : 0);
}
