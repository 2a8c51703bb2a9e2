using Gongji.Grains.Messages;
using Gongji.Ledger;
using Gongji.Storage;
using Microsoft.Extensions.Logging;

namespace Gongji.Grains;

/// <inheritdoc cref="ITransferGrain"/>
/// <remarks>
/// A transfer has three legs, each one entry: hold on the giver, receive or decline on the recipient, post or void on the giver. The
/// recipient's entry decides. This grain only drives; wherever it is interrupted, the ledger tells how to go on, and a second
/// activation doing the same meets the uniqueness of (operation, leg).
/// </remarks>
[Reentrant]
internal sealed class TransferGrain(ILedgerStore store, LedgerClock clock, ILogger<TransferGrain> logger) : Grain, ITransferGrain
{
    private readonly OneAtATime _transfers = new();

    public Task<Reply<TransferView>> CreateAsync(CreateTransfer command) =>
        _transfers.RunAsync(command.Id, isRepeated =>
            AnswerAsync(async () => (isRepeated ? await ReplayAsync(command) : null) ?? await HoldAsync(command), Refusals.Unknown));

    public Task<Reply<TransferView>> EndAsync(EndTransfer command) =>
        _transfers.RunAsync(command.Id, _ => AnswerAsync(() => EndHeldAsync(command), Refusals.Unknown));

    public Task<Reply<TransferView>> GetAsync(Guid transfer) =>
        _transfers.RunAsync(transfer, _ => AnswerAsync(
            async () => await FindAsync(transfer) is { } state
                ? Reply.Of(TransferView.Of(state.IsInterrupted ? await FollowAsync(state) : state))
                : NoSuchTransfer(transfer),
            Refusals.Unavailable));

    public Task<bool> ResumeAsync(Guid transfer) =>
        _transfers.RunAsync(transfer, async _ =>
        {
            TransferState? state = await FindAsync(transfer);
            if (state is null || state.Outcome is not null)
            {
                return true;
            }

            state = state.Answer is not null ? await FollowAsync(state)
                : clock.Now >= state.Terms.ExpiresAt ? await DeclineAsync(state, EndReason.Returned)
                : state.Terms.AutoAccept ? (await ReceiveAsync(state)).State
                : state;
            if (state.Outcome is not null)
            {
                logger.TransferResumed(transfer, state.Status);
            }

            return state.Outcome is not null;
        });

    private async Task<Reply<TransferView>> HoldAsync(CreateTransfer command)
    {
        Reply<StandingView> payee;
        try
        {
            payee = await GrainFactory.GetGrain<IInsuredPersonGrain>(command.Payee).GetStandingAsync();
        }
        catch (Exception failure) when (CallFailures.IsFailure(failure))
        {
            // A question changes nothing: here it is certain that nothing was decided.
            return Reply.Refused<TransferView>(Refusals.Unavailable);
        }

        if (payee.IsRefused)
        {
            return await ReplayAsync(command) ?? Reply.Refused<TransferView>(payee.Refusal);
        }

        LegReply hold = await GrainFactory.GetGrain<IInsuredPersonGrain>(command.Payer).HoldAsync(new HoldLeg(command, payee.Value));
        for (int attempt = 1; hold.Status != LegStatus.Done; attempt++)
        {
            // A repeated command gets its first answer, whatever the rules would say today; so the ledger is asked before any refusal is given.
            bool undecided = hold is { Status: LegStatus.Refused, Code: RefusalCode.LedgerUnavailable or RefusalCode.OutcomeUnknown };
            if (!undecided && await ReplayAsync(command) is { } replay)
            {
                return replay;
            }

            if (hold.Status == LegStatus.Refused || attempt == GrainLimits.Attempts)
            {
                return Reply.Refused<TransferView>(hold.Status == LegStatus.Refused ? hold.Refusal : Refusals.Unavailable);
            }

            // Whoever took the id first is in the same batch and not durable yet, or will never be: it is decided anew, behind it.
            hold = await GrainFactory.GetGrain<IInsuredPersonGrain>(command.Payer).HoldAsync(new HoldLeg(command, payee.Value));
        }

        TransferView held = ViewOf(command, payee.Value, hold);
        if (!payee.Value.AutoAccept)
        {
            return Reply.Of(held);
        }

        return await SettleAtOnceAsync(held, hold.Region!);
    }

    /// <summary>
    /// The way of a transfer that is accepted automatically. When the recipient can no longer receive it at this very moment, it stays
    /// held: it can still be accepted, or goes back at 06:00.
    /// </summary>
    private async Task<Reply<TransferView>> SettleAtOnceAsync(TransferView held, string payerRegion)
    {
        ReceiveLeg receive = new(held.Id, held.Payer, payerRegion, held.AmountFen, held.ExpiresAt);
        LegReply received = await GrainFactory.GetGrain<IInsuredPersonGrain>(held.Payee).ReceiveAsync(receive);
        if (received.Status == LegStatus.Refused)
        {
            return received.Code is RefusalCode.LedgerUnavailable or RefusalCode.OutcomeUnknown
                ? Reply.Refused<TransferView>(Refusals.Unknown)
                : Reply.Of(held);
        }

        LegReply posted = received.Status == LegStatus.Done
            ? await GrainFactory.GetGrain<IInsuredPersonGrain>(held.Payer).PostAsync(held.Id)
            : default;
        if (received.Status == LegStatus.Done && posted.Status == LegStatus.Done)
        {
            return Reply.Of(held with { Status = TransferStatus.Settled, EndedAt = received.At });
        }

        // Someone else was here too (a sweeper, a second activation), or a commit did not come through: the ledger knows.
        TransferState? state = await FindAsync(held.Id);
        state = state is null ? null : await FollowAsync(state);
        return state?.Outcome is not null ? Reply.Of(TransferView.Of(state)) : Reply.Refused<TransferView>(Refusals.Unknown);
    }

    private async Task<Reply<TransferView>> EndHeldAsync(EndTransfer command)
    {
        TransferState? state = await FindAsync(command.Id);
        if (state is null)
        {
            return NoSuchTransfer(command.Id);
        }

        string rightful = command.Action == TransferAction.Cancel ? state.Payer : state.Terms.Payee;
        if (command.By != rightful)
        {
            return Reply.Refused<TransferView>(
                RefusalCode.OutsideScope, $"Only the {(command.Action == TransferAction.Cancel ? "payer" : "payee")} may {Verb(command.Action)} this transfer.");
        }

        bool isReplay = state.Answer is not null;
        if (state.Answer is null)
        {
            Refusal? refusal = null;
            (state, refusal) = command.Action switch
            {
                TransferAction.Accept => await AcceptAsync(state),
                TransferAction.Reject => (await DeclineAsync(state, EndReason.Rejected), null),
                _ => (await DeclineAsync(state, EndReason.Cancelled), null),
            };
            if (refusal is not null)
            {
                return Reply.Refused<TransferView>(refusal);
            }
        }
        else if (state.Outcome is null)
        {
            state = await FollowAsync(state);
        }

        if (state.Outcome is null)
        {
            return Reply.Refused<TransferView>(Refusals.Unknown);
        }

        return state.Status == Wanted(command.Action)
            ? Reply.Of(TransferView.Of(state), isReplay)
            : Reply.Refused<TransferView>(RefusalCode.WrongState, $"The transfer is {TransferStatuses.ToText(state.Status)}; it cannot be {TransferStatuses.ToText(Wanted(command.Action))}.");
    }

    private async Task<(TransferState State, Refusal? Refusal)> AcceptAsync(TransferState state)
    {
        if (clock.Now < state.Terms.ExpiresAt)
        {
            (TransferState received, Refusal? refusal) = await ReceiveAsync(state);
            if (refusal is not { Code: RefusalCode.WrongState })
            {
                return (received, refusal);
            }
        }

        // Too late, by this clock or the recipient's: the money goes back now, it need not wait for the sweeper.
        return (await DeclineAsync(state, EndReason.Returned), null);
    }

    /// <summary>Recipient's receipt, then giver's post.</summary>
    private async Task<(TransferState State, Refusal? Refusal)> ReceiveAsync(TransferState state)
    {
        ReceiveLeg receive = new(state.Id, state.Payer, state.Terms.PayerRegion.ToString(), state.AmountFen, state.Terms.ExpiresAt);
        LegReply reply = await GrainFactory.GetGrain<IInsuredPersonGrain>(state.Terms.Payee).ReceiveAsync(receive);
        return reply.Status == LegStatus.Refused ? (state, reply.Refusal) : (await FollowLedgerAsync(state), null);
    }

    /// <summary>Decline at the recipient, then void at the giver; or whatever the recipient had decided before.</summary>
    private async Task<TransferState> DeclineAsync(TransferState state, EndReason reason)
    {
        LegReply reply = await GrainFactory.GetGrain<IInsuredPersonGrain>(state.Terms.Payee).DeclineAsync(state.Id, reason);
        return reply.Status == LegStatus.Refused ? state : await FollowLedgerAsync(state);
    }

    private async Task<TransferState> FollowLedgerAsync(TransferState state) => await FollowAsync(await FindAsync(state.Id) ?? state);

    /// <summary>Makes the giver's account follow what the recipient's has decided.</summary>
    private async Task<TransferState> FollowAsync(TransferState state)
    {
        if (state.Answer is null || state.Outcome is not null)
        {
            return state;
        }

        IInsuredPersonGrain payer = GrainFactory.GetGrain<IInsuredPersonGrain>(state.Payer);
        LegReply reply = state.Reason is { } reason ? await payer.VoidAsync(state.Id, reason) : await payer.PostAsync(state.Id);
        if (reply.Status == LegStatus.Refused)
        {
            logger.TransferNotResumed(state.Id, reply.Refusal.Detail);
            return state;
        }

        return await FindAsync(state.Id) ?? state;
    }

    /// <summary>The first answer again, when the id is already in the ledger; null when it is not.</summary>
    private async Task<Reply<TransferView>?> ReplayAsync(CreateTransfer command)
    {
        IReadOnlyList<Entry> entries = await store.ReadOperationAsync(command.Id, CancellationToken.None);
        if (entries.Count == 0)
        {
            return null;
        }

        TransferState? state = TransferState.From(entries);
        if (state is null || !state.IsSameAs(command.ToOrder()))
        {
            return Reply.Refused<TransferView>(Refusals.Mismatch(command.Id));
        }

        if (state.Outcome is null && (state.Terms.AutoAccept || state.Answer is not null))
        {
            // Interrupted before its first answer, perhaps: take it to its end.
            (state, Refusal? refusal) = state.Answer is null ? await ReceiveAsync(state) : (await FollowAsync(state), null);
            if (state.IsInterrupted || refusal is { Code: RefusalCode.LedgerUnavailable or RefusalCode.OutcomeUnknown })
            {
                return Reply.Refused<TransferView>(Refusals.Unknown);
            }
        }

        // The first answer said "held", unless the transfer was settled at once.
        bool settledAtOnce = state.Terms.AutoAccept && state.Status == TransferStatus.Settled;
        TransferView first = TransferView.Of(state);
        return Reply.Of(settledAtOnce ? first : first with { Status = TransferStatus.Held, EndedAt = null }, isReplay: true);
    }

    private async Task<TransferState?> FindAsync(Guid transfer) =>
        TransferState.From(await store.ReadOperationAsync(transfer, CancellationToken.None));

    /// <summary>Turns a call that did not come through into an answer that is true whatever became of it.</summary>
    private static async Task<Reply<TransferView>> AnswerAsync(Func<Task<Reply<TransferView>>> work, Refusal otherwise)
    {
        try
        {
            return await work();
        }
        catch (Exception failure) when (CallFailures.IsFailure(failure))
        {
            return Reply.Refused<TransferView>(otherwise);
        }
    }

    private static TransferView ViewOf(CreateTransfer command, StandingView payee, LegReply hold) => new()
    {
        Id = command.Id,
        Payer = command.Payer,
        Payee = command.Payee,
        Source = command.Source,
        AmountFen = command.AmountFen,
        Tier = Tiers.Between(RegionCode.Parse(hold.Region!), RegionCode.Parse(payee.Region)),
        Status = TransferStatus.Held,
        HeldAt = hold.At,
        ExpiresAt = hold.ExpiresAt,
    };

    private static TransferStatus Wanted(TransferAction action) => action switch
    {
        TransferAction.Accept => TransferStatus.Settled,
        TransferAction.Reject => TransferStatus.Rejected,
        _ => TransferStatus.Cancelled,
    };

    private static string Verb(TransferAction action) => action switch
    {
        TransferAction.Accept => "accept",
        TransferAction.Reject => "reject",
        _ => "cancel",
    };

    private static Reply<TransferView> NoSuchTransfer(Guid transfer) =>
        Reply.Refused<TransferView>(RefusalCode.NoSuchTransfer, $"There is no transfer {transfer}.");
}
