using Gongji.Grains.Messages;
using Gongji.Ledger;

namespace Gongji.Grains;

/// <content>
/// Refunds: the payer's account decides how much goes back to whom, and takes its own share at once. Then every other party takes its part, which no
/// rule can refuse.
/// </content>
internal sealed partial class PaymentGrain
{
    public Task<Reply<RefundView>> RefundAsync(RefundPayment command) => _refunds.RunAsync(command.Id, isRepeated => CallFailures.AnswerAsync(
        async () => await ReplayRefundAsync(command) ?? await DecideRefundAsync(command), Refusals.Unknown));

    public Task<bool> ResumeRefundAsync(Guid refund) => _refunds.RunAsync(refund, _ => CallFailures.CarryAsync(
        async () => RefundState.From(await store.ReadOperationAsync(refund, CancellationToken.None)) is not { } state || await FollowAsync(state) is null));

    private async Task<Reply<RefundView>> DecideRefundAsync(RefundPayment command)
    {
        // Ask the payment's own grain first. Anybody who read a payment under way from the ledger would take it for interrupted, and abandon it.
        Reply<PaymentView> made = await GrainFactory.GetPayment(command.Payment).GetAsync(command.Payment);
        if (made.IsRefused)
        {
            return Reply.Refused<RefundView>(made.Refusal);
        }

        // Refund only once the payment's last leg is there: a contribution that was released before it was kept could never be kept.
        if (await FindAsync(command.Payment) is not { State: { IsMade: true, IsDone: true } payment })
        {
            return Reply.Refused<RefundView>(Refusals.Unavailable);
        }

        string[] relatives = [.. payment.Terms.Parts.Select(part => part.Account).Where(account => account != payment.Payer).Distinct()];
        Reply<StandingView>[] found = await Task.WhenAll(relatives.Select(relative => persons.GetStandingAsync(relative).AsTask()));
        if (Array.Find(found, standing => standing.IsRefused) is { Refusal: { } refusal })
        {
            return Reply.Refused<RefundView>(refusal);
        }

        PersonRegion[] regions = [.. relatives.Zip(found, (relative, standing) => new PersonRegion(relative, standing.Value!.Region))];
        LegReply decided = await persons.CallAsync(payment.Payer, grain => grain.RefundAsync(new RefundLeg(command.Id, payment.Attempt, command.AmountFen, regions)));
        if (IsUndecided(decided))
        {
            return Reply.Refused<RefundView>(decided.Refusal);
        }

        // Also after a refusal: this may be a repeat of a refund that another silo decided first.
        Reply<RefundView>? there = await ReplayRefundAsync(command);
        return there is { } reply ? decided.Status == LegStatus.Done ? reply with { IsReplay = false } : reply
            : Reply.Refused<RefundView>(decided.Status == LegStatus.Refused ? decided.Refusal : Refusals.Unknown);
    }

    /// <summary>The first answer again when the id is already in the ledger; null when it is not.</summary>
    private async Task<Reply<RefundView>?> ReplayRefundAsync(RefundPayment command)
    {
        Entry[] entries = [.. (await store.ReadOperationAsync(command.Id, CancellationToken.None)).OfCommand()];
        if (entries.Length == 0)
        {
            return null;
        }

        return RefundState.From(entries) is not { } state || state.Terms.Payment != command.Payment || state.Terms.AmountFen != command.AmountFen
            ? Reply.Refused<RefundView>(Refusals.Mismatch(command.Id))
            : await FollowAsync(state) is { } undecided ? Reply.Refused<RefundView>(undecided)
            : Reply.Of(RefundView.Of(state), isReplay: true);
    }

    /// <summary>Gives every other party its part. Null when all have theirs; otherwise the reason why that is not known yet.</summary>
    private async Task<Refusal?> FollowAsync(RefundState state)
    {
        if (state.IsDone)
        {
            return null;
        }

        for (int party = 0; party < state.Parties.Count; party++)
        {
            if (!state.Has(party))
            {
                Amounts due = PaymentParts.Of(state.Terms.Parts, state.Parties[party]);
                RegionCode? region = state.Terms.Parts.FirstOrDefault(part => part.Account == state.Parties[party])?.Region;
                RefundPart part = new(state.Id, party, state.Payer, BillMessage.Of(state.Terms.Bill), region?.ToString(), due.PersonalFen, due.QuotaFen, state.Terms.Attempt);
                LegReply taken = await persons.CallAsync(state.Parties[party], grain => grain.TakeRefundAsync(part));
                if (taken.Status == LegStatus.Refused)
                {
                    return taken.Code == RefusalCode.RegionCapReached ? Refusals.WaitsForPrepayment(region!.Value) : Refusals.Unknown;
                }
            }
        }

        // A part that someone else wrote first may not be durable yet: only the ledger can tell.
        RefundState? there = RefundState.From(await store.ReadOperationAsync(state.Id, CancellationToken.None));
        bool isDone = there is { IsDone: true }
            || (there is not null && Enumerable.Range(0, there.Parties.Count).All(there.Has)
                && (await persons.CallAsync(state.Payer, grain => grain.EndRefundAsync(state.Id))).Status == LegStatus.Done);
        return isDone ? null : Refusals.Unknown;
    }
}
