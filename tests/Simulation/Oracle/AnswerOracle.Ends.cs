using Gongji.Grains.Messages;

namespace Gongji.Simulation.Oracle;

/// <summary>Answers to acceptances, rejections, cancellations, and queries about transfers.</summary>
internal sealed partial class AnswerOracle
{
    public void EndEnding(Attempt attempt, EndTransfer command, Reply<TransferView> reply)
    {
        if (!IsDefinite(attempt, command.Action.ToString(), command.Id, reply.Code, reply.IsReplay))
        {
            return;
        }

        if (!model.Transfers.TryGetValue(command.Id, out ModelTransfer? transfer))
        {
            Require(reply.Code == RefusalCode.NoSuchTransfer, "answer-is-allowed", $"answered {reply} about a transfer that is not there.", command.Id);
            return;
        }

        TransferStatus wanted = WantedBy(command.Action);
        if (reply.Value is { } view)
        {
            Require(IsRightful(command, transfer), "answer-is-allowed", $"{command.By} may not {command.Action}.", command.Id, command.By);
            Require(
                transfer.Status == wanted && transfer.Outcome is not null,
                "answered-is-durable", $"answered {view.Status}; durable are {transfer.Answer?.Kind} and {transfer.Outcome?.Kind}.", command.Id, view.Payer, view.Payee);
            Require(view.Status == wanted && IsViewOf(view, transfer), "answer-is-allowed", $"answered {view}, the ledger has {transfer.Answer}.", command.Id, view.Payer);
            Require(
                reply.IsReplay || transfer.AnswerSequence > attempt.Sequence,
                "replay-is-told", "answered as done just now, but it was done before the call.", command.Id, view.Payer);
            Observe(transfer, answered: true);
            return;
        }

        Require(
            IsJustified(attempt, command, transfer, reply.Code!.Value),
            "answer-is-allowed",
            $"{command.Action} by {command.By} was answered {RefusalCodes.ToText(reply.Code!.Value)}, which nothing from the call to the answer justifies; it is {transfer.Status}.",
            command.Id, transfer.Hold.Account, transfer.Terms.Payee);
        Observe(transfer, answered: reply.Code == RefusalCode.WrongState);
    }

    public void EndQuestion(Attempt attempt, Guid id, Reply<TransferView> reply)
    {
        if (!IsDefinite(attempt, "question", id, reply.Code, reply.IsReplay))
        {
            return;
        }

        ModelTransfer? transfer = model.Transfers.GetValueOrDefault(id);
        if (reply.Code is { } code)
        {
            Require(
                code == RefusalCode.NoSuchTransfer && (transfer is null || transfer.HoldSequence > attempt.Sequence),
                "answer-is-allowed", $"a known transfer was answered {RefusalCodes.ToText(code)}.", id);
            return;
        }

        if (transfer is null)
        {
            core.Fail("answered-is-durable", "the answer shows a transfer of which nothing is durable.", id);
            return;
        }

        TransferView view = reply.Value!;
        bool wasHeld = view.Status == TransferStatus.Held && transfer.AnswerSequence > attempt.Sequence && view.EndedAt is null;
        Require(
            wasHeld || (transfer.Answer is not null && view.Status == transfer.Status && IsViewOf(view, transfer)),
            "answer-is-allowed", $"the answer {view} was true at no moment; it is {transfer.Status}.", id, view.Payer, view.Payee);
        Observe(transfer, answered: view.Status != TransferStatus.Held);
    }

    private static bool IsViewOf(TransferView view, ModelTransfer transfer) =>
        view.Payer == transfer.Hold.Account && view.Payee == transfer.Terms.Payee && view.AmountFen == transfer.AmountFen
        && view.Source == transfer.Source && view.HeldAt == transfer.Hold.At && view.EndedAt == transfer.Answer?.At;

    private bool IsJustified(Attempt attempt, EndTransfer command, ModelTransfer transfer, RefusalCode code)
    {
        bool wasOpen = transfer.Answer is null || transfer.Answer.Version > attempt.PayerFrom;
        ModelAccount payee = model.AccountOf(transfer.Terms.Payee);
        return code switch
        {
            RefusalCode.NoSuchTransfer => transfer.HoldSequence > attempt.Sequence,
            RefusalCode.OutsideScope => !IsRightful(command, transfer),
            RefusalCode.WrongState => transfer is { Answer: not null, Outcome: not null } && transfer.Status != WantedBy(command.Action),
            RefusalCode.RegionCapReached => wasOpen && command.Action == TransferAction.Accept
                && model.RegionOf(transfer.Terms.PayerRegion.Value)?.Rules.Exists(rules => rules.Record.NetDebitCapFen is not null) == true,
            RefusalCode.RegionNotLive => wasOpen && command.Action == TransferAction.Accept && HadMovedWhere(
                attempt, transfer, payee, (mine, theirs, tier) => ((int)(mine.Live & theirs.Live) >> (int)tier & 1) == 0),
            RefusalCode.KinshipNotAllowed => wasOpen && command.Action == TransferAction.Accept && HadMovedWhere(
                attempt, transfer, payee, (mine, theirs, _) => ((int)(mine.Kinships & theirs.Kinships) >> (int)transfer.Terms.Kinship & 1) == 0),
            RefusalCode.NotInsured => wasOpen && command.Action == TransferAction.Accept && payee.WasEver(attempt.PayerFrom, version => !version.IsActive),
            RefusalCode.WalletNotOpen => wasOpen && command.Action == TransferAction.Accept && payee.WasEver(attempt.PayerFrom, version => !version.HasWallet),
            _ => false,
        };
    }

    /// <summary>Whether, at any moment of an attempt, the payee was in another region than at the hold and rules of both regions then in force satisfied a condition.</summary>
    private bool HadMovedWhere(Attempt attempt, ModelTransfer transfer, ModelAccount payee, Func<RulesRecord, RulesRecord, Tier, bool> so)
    {
        int payer = transfer.Terms.PayerRegion.Value;
        return model.RegionOf(payer) is { } region && region.RulesSince(attempt.BeganAt).Any(mine => RulesDuring(attempt, payee, attempt.PayerFrom).Any(
            theirs => theirs.Region.Code != transfer.Terms.PayeeRegion.Value && so(mine, theirs.Rules, LedgerModel.TierOf(payer, theirs.Region.Code))));
    }

    private static bool IsRightful(EndTransfer command, ModelTransfer transfer) =>
        command.By == (command.Action == TransferAction.Cancel ? transfer.Hold.Account : transfer.Terms.Payee);

    private static TransferStatus WantedBy(TransferAction action) => action switch
    {
        TransferAction.Accept => TransferStatus.Settled,
        TransferAction.Reject => TransferStatus.Rejected,
        _ => TransferStatus.Cancelled,
    };
}
