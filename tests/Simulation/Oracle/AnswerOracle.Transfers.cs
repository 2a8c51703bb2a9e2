using Gongji.Grains.Messages;
using Gongji.Simulation.Running;

namespace Gongji.Simulation.Oracle;

/// <summary>Answers to the creation of transfers.</summary>
internal sealed partial class AnswerOracle
{
    public void EndTransfer(Attempt attempt, CreateTransfer command, Reply<TransferView> reply)
    {
        if (!IsDefinite(attempt, "transfer", command.Id, reply.Code, reply.IsReplay))
        {
            return;
        }

        if (reply.Code is { } code)
        {
            JudgeRefusal(attempt, command, code);
        }
        else
        {
            JudgeMade(attempt, command, reply.Value!, reply.IsReplay);
        }
    }

    private void JudgeMade(Attempt attempt, CreateTransfer command, TransferView view, bool isReplay)
    {
        CommandRecord record = attempt.Record!;
        if (!model.Transfers.TryGetValue(command.Id, out ModelTransfer? transfer))
        {
            core.Fail("answered-is-durable", $"transfer answered {view.Status}, but no hold is durable.", command.Id, command.Payer, command.Payee);
            return;
        }

        Require(
            LedgerModel.IsSame(command, transfer),
            "mismatch-is-told", $"answered {view.Status} though the id names another transfer: {transfer.Hold.Amounts} to {transfer.Terms.Payee}.", command.Id, command.Payer);
        Require(
            view.Id == command.Id && view.Payer == command.Payer && view.Payee == command.Payee && view.Source == command.Source
            && view.AmountFen == command.AmountFen && view.Tier == transfer.Terms.Tier && view.HeldAt == transfer.Hold.At && view.ExpiresAt == transfer.Terms.ExpiresAt,
            "answer-is-allowed", $"the answer {view} is not the transfer held as {transfer.Hold}.", command.Id, command.Payer);
        JudgeStatus(attempt, transfer, view, isReplay);
        if (!isReplay)
        {
            Require(transfer.HoldSequence > attempt.Sequence, "replay-is-told", "answered as done just now, but it was done before the call.", command.Id, command.Payer);
            Require(!record.DoneOnce, "operation-once", "answered as done just now for the second time.", command.Id, command.Payer);
            record.DoneOnce = true;
        }

        JudgeReplay(record, transfer, view);
        Observe(transfer, answered: view.Status != TransferStatus.Held);
    }

    /// <summary>The transfer is held, or settled at once. Everything that the answer says is durable, including the post.</summary>
    private void JudgeStatus(Attempt attempt, ModelTransfer transfer, TransferView view, bool isReplay)
    {
        Guid id = view.Id;
        if (view.Status == TransferStatus.Held)
        {
            if (transfer.Terms.AutoAccept && !isReplay)
            {
                core.Coverage.Hit(CoveragePoint.AutoAcceptStayedHeld);
                (_, long untilMs) = ClockDuring(attempt);
                Require(
                    untilMs >= transfer.ExpiresAtMs
                        || model.RegionOf(transfer.Terms.PayerRegion.Value)?.Rules.Exists(rules => rules.Record.NetDebitCapFen is not null) == true
                        || model.AccountOf(view.Payee).WasEver(attempt.PayeeFrom, version => !version.IsActive || !version.HasWallet || !version.AutoAccepts || version.Region != transfer.Terms.PayeeRegion.Value),
                    "answer-is-allowed", "stays held though the payee accepts automatically and always could.", id, view.Payer, view.Payee);
            }

            return;
        }

        Require(transfer.Terms.AutoAccept, "answer-is-allowed", $"answered {view.Status} though nobody accepts automatically.", id, view.Payer);
        Require(
            transfer.Answer is not null && transfer.Outcome is not null && transfer.Status == view.Status,
            "answered-is-durable", $"answered {view.Status}; durable are {transfer.Answer?.Kind} and {transfer.Outcome?.Kind}.", id, view.Payer, view.Payee);
        core.Coverage.Hit(CoveragePoint.SettledAtOnce);
    }

    /// <summary>
    /// Every answer equals the first one. Only the status may differ, and only for a recipient with automatic acceptance to whom the transfer could not
    /// be settled at first: no entry records that first answer.
    /// </summary>
    private void JudgeReplay(CommandRecord record, ModelTransfer transfer, TransferView view)
    {
        if (record.FirstTransfer is not { } first)
        {
            record.FirstTransfer = view;
            return;
        }

        bool same = transfer.Terms.AutoAccept
            ? first with { Status = default, EndedAt = null } == view with { Status = default, EndedAt = null }
            : first == view;
        Require(same, "replay-equals-first", $"first answered {first}, then {view}.", view.Id, view.Payer, view.Payee);
    }

    private void JudgeRefusal(Attempt attempt, CreateTransfer command, RefusalCode code)
    {
        Guid id = command.Id;
        bool known = model.Transfers.TryGetValue(id, out ModelTransfer? transfer);
        bool knownAsOther = model.HasOpenAttempt(id) || (!known && model.IsDone(id));
        if (code == RefusalCode.IdempotencyMismatch)
        {
            Require(
                knownAsOther || (known && !LedgerModel.IsSame(command, transfer!)),
                "mismatch-is-told", "answered idempotency-mismatch, but the ledger has nothing else under this id.", id, command.Payer);
            return;
        }

        Require(
            !known || transfer!.HoldSequence > attempt.Sequence,
            "replay-is-told", $"answered {RefusalCodes.ToText(code)} though the id was known before the call.", id, command.Payer);
        Require(
            IsJustified(attempt, command, code),
            "answer-is-allowed", $"answered {RefusalCodes.ToText(code)}, which nothing from the call to the answer justifies: {command}.", id, command.Payer, command.Payee);
    }

    private bool IsJustified(Attempt attempt, CreateTransfer command, RefusalCode code)
    {
        ModelAccount payer = model.AccountOf(command.Payer);
        ModelAccount payee = model.AccountOf(command.Payee);
        int from = attempt.PayerFrom;
        (long fromMs, long untilMs) = ClockDuring(attempt);
        bool fromPersonal = command.Source == TransferSource.Personal;
        return code switch
        {
            RefusalCode.SamePerson => command.Payer == command.Payee,
            RefusalCode.NoSuchPerson => !payer.Versions[from].IsRegistered || !payee.Versions[attempt.PayeeFrom].IsRegistered,
            RefusalCode.NotInsured => (fromPersonal && payer.WasEver(from, version => !version.IsEmployee || !version.IsActive))
                || payee.WasEver(attempt.PayeeFrom, version => !version.IsActive),
            RefusalCode.WalletNotOpen => payer.WasEver(from, version => !version.HasWallet) || payee.WasEver(attempt.PayeeFrom, version => !version.HasWallet),
            RefusalCode.InsufficientFunds => payer.WasEver(from, version => (fromPersonal ? version.PersonalFen : version.WalletFen) < command.AmountFen),
            RefusalCode.AmountOverLimit => AnyRules(attempt, payer, from, rules => command.AmountFen > rules.MaxTransferFen),
            RefusalCode.OutsideHours => AnyRules(
                attempt, payer, from, rules => ModelTime.IsClosedWithin(fromMs, untilMs, LedgerModel.MinuteOf(rules.ClosedFrom), LedgerModel.MinuteOf(rules.ClosedUntil))),
            RefusalCode.DailyCountExceeded => AnyRules(attempt, payer, from, rules => HadTransfers(payer, from, fromMs, untilMs, rules.MaxTransfersPerDay)),
            RefusalCode.PreviousTransferWaiting => payer.GivenTo.TryGetValue(command.Payee, out List<ModelTransfer>? given)
                && given.Exists(other => !other.Terms.AutoAccept && other.Hold.Operation != command.Id && (other.Outcome is null || other.Outcome.Version > from)),
            RefusalCode.KinshipNotAllowed => AnyRulePair(
                attempt, payer, payee, (mine, theirs, _) => ((int)(mine.Kinships & theirs.Kinships) >> (int)command.Kinship & 1) == 0),
            RefusalCode.RegionCapReached => AnyRules(attempt, payer, from, rules => rules.NetDebitCapFen is not null),
            RefusalCode.RegionNotLive => AnyRulePair(attempt, payer, payee, (mine, theirs, tier) => ((int)(mine.Live & theirs.Live) >> (int)tier & 1) == 0),
            _ => false,
        };
    }

    private static bool HadTransfers(ModelAccount payer, int from, long fromMs, long untilMs, int count)
    {
        for (int day = ModelTime.DayOf(fromMs); day <= ModelTime.DayOf(untilMs); day++)
        {
            int counted = day;
            if (payer.WasEver(from, version => version.TransfersOn(counted) >= count))
            {
                return true;
            }
        }

        return false;
    }

    private IEnumerable<(ModelRegion Region, RulesRecord Rules)> RulesDuring(Attempt attempt, ModelAccount account, int from)
    {
        int last = -1;
        for (int i = from; i < account.Versions.Count; i++)
        {
            int code = account.Versions[i].Region;
            if (code != last && account.Versions[i].IsRegistered && model.RegionOf(code) is { } region)
            {
                last = code;
                foreach (RulesRecord rules in region.RulesSince(attempt.BeganAt))
                {
                    yield return (region, rules);
                }
            }
        }
    }

    private bool AnyRules(Attempt attempt, ModelAccount account, int from, Func<RulesRecord, bool> so) =>
        RulesDuring(attempt, account, from).Any(pair => so(pair.Rules));

    private bool AnyRulePair(Attempt attempt, ModelAccount payer, ModelAccount payee, Func<RulesRecord, RulesRecord, Tier, bool> so) =>
        RulesDuring(attempt, payer, attempt.PayerFrom).Any(mine => RulesDuring(attempt, payee, attempt.PayeeFrom).Any(
            theirs => so(mine.Rules, theirs.Rules, LedgerModel.TierOf(mine.Region.Code, theirs.Region.Code))));
}
