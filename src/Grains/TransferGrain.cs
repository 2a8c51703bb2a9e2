using Gongji.Grains.Messages;
using Gongji.Ledger;
using Gongji.Storage;
using Microsoft.Extensions.Logging;

namespace Gongji.Grains;

/// <inheritdoc cref="ITransferGrain"/>
/// <remarks>
/// A transfer has three legs, each one entry: hold on the giver, receive or decline on the recipient, post or void on the giver. The
/// recipient's entry decides. This grain only drives. Wherever it is interrupted, the ledger tells how to continue, and a second
/// activation that does the same work is stopped by the uniqueness of (operation, leg).
/// <para>
/// Inside one silo the legs are queued one behind the other and become durable together, with one wait for the disk at the end. When a leg
/// loses its place because another writer has written to the account, the legs behind it fail too. The transfer then continues from what
/// the ledger says, leg by leg.
/// </para>
/// </remarks>
[Reentrant]
internal sealed partial class TransferGrain(
    IJournal journal, ILedgerStore store, LedgerClock clock, LocalPersons persons, SweepCounts swept, ILogger<TransferGrain> logger)
    : Grain, ITransferGrain
{
    private readonly LegChain _legs = new(journal);
    private readonly OneAtATime _transfers = new();

    public async Task<Reply<TransferView>> CreateAsync(CreateTransfer command)
    {
        bool isRepeated = await _transfers.EnterAsync(command.Id);
        try
        {
            return (isRepeated ? await ReplayAsync(command) : null) ?? await HoldAsync(command, _legs.First);
        }
        catch (Exception failure) when (CallFailures.IsFailure(failure))
        {
            return Reply.Refused<TransferView>(Refusals.Unknown);
        }
        finally
        {
            _transfers.Leave(command.Id);
        }
    }

    public Task<Reply<TransferView>> EndAsync(EndTransfer command) =>
        _transfers.RunAsync(command.Id, _ => CallFailures.AnswerAsync(() => EndHeldAsync(command), Refusals.Unknown));

    public Task<Reply<TransferView>> GetAsync(Guid transfer) =>
        _transfers.RunAsync(transfer, _ => CallFailures.AnswerAsync(
            async () => await FindAsync(transfer) is { } state
                ? Reply.Of(TransferView.Of(state.IsInterrupted ? await FollowAsync(state) : state))
                : NoSuchTransfer(transfer),
            Refusals.Unavailable));

    public async Task<bool> ResumeAsync(ResumeTransfers command)
    {
        IReadOnlyDictionary<Guid, IReadOnlyList<Entry>> found = await CallFailures.CarryAsync(
            () => store.ReadOperationsAsync(command.Transfers, CancellationToken.None));
        bool[] ended = await Task.WhenAll(command.Transfers.Select(transfer => _transfers.RunAsync(
            transfer, isRepeated => ResumeAsync(transfer, isRepeated ? null : found.GetValueOrDefault(transfer, [])))));
        return ended.All(isEnded => isEnded);
    }

    /// <param name="transfer">The operation that the sweeper has found.</param>
    /// <param name="entries">Its entries in the ledger; null when this grain has worked on it since they were read. Work of other silos meets the uniqueness of legs.</param>
    private async Task<bool> ResumeAsync(Guid transfer, IReadOnlyList<Entry>? entries)
    {
        try
        {
            entries ??= await store.ReadOperationAsync(transfer, CancellationToken.None);
            bool isPlaceDone = entries.OfPlace() is not { Detail: Registration } place || await GrainFactory.GetRelations().ResumeAsync(place.Account, transfer);
            TransferState? state = TransferState.From(entries);
            if (state is null)
            {
                return await ResumeOtherAsync(transfer, [.. entries.OfCommand()]) && isPlaceDone;
            }

            if (state.HasOutcome)
            {
                return isPlaceDone;
            }

            bool isDue = !state.IsAnswered && state.IsDueAt(clock.Now);
            state = state.IsAnswered ? await FollowAsync(state)
                : isDue ? (await DeclineAsync(state, EndReason.Returned)).State
                : state.Terms.AutoAccept ? (await ReceiveAsync(state, isAutomatic: true)).State
                : state;
            if (state.HasOutcome)
            {
                swept.Ended(state.Status);
                if (isDue && state.Status == TransferStatus.Returned)
                {
                    logger.TransferReturned(transfer);
                }
                else
                {
                    logger.TransferResumed(transfer, state.Status);
                }
            }

            return state.HasOutcome && isPlaceDone;
        }
        catch (Exception failure) when (CallFailures.IsFailure(failure))
        {
            logger.TransferNotResumed(transfer, CallFailures.Describe(failure));
            return false;
        }
    }

    /// <summary>What a sweeper finds need not be a transfer: passes it on to the grain that knows how to continue it.</summary>
    private async Task<bool> ResumeOtherAsync(Guid operation, IReadOnlyList<Entry> entries) => entries switch
    {
        [{ Detail: PaymentTerms terms }, ..] => await GrainFactory.GetPayment(terms.Payment).ResumePaymentAsync(terms.Payment, operation),
        [{ Kind: EntryKind.RefundOpened }, ..] => await GrainFactory.GetPayment(operation).ResumeRefundAsync(operation),
        _ => true,
    };

    /// <param name="command">The transfer.</param>
    /// <param name="first">What the hold follows: nothing, and it is answered once queued; if that failed, <see cref="LegTicket.Durable"/>, and it is answered once durable.</param>
    private async Task<Reply<TransferView>> HoldAsync(CreateTransfer command, LegTicket first)
    {
        Reply<StandingView> payee;
        try
        {
            payee = await persons.GetStandingAsync(command.Payee);
        }
        catch (Exception failure) when (CallFailures.IsFailure(failure))
        {
            // A question changes nothing, so it is certain that nothing was decided.
            return Reply.Refused<TransferView>(Refusals.Unavailable);
        }

        bool isProven = payee.IsRefused;
        if (isProven)
        {
            payee = await ProveStandingAsync(command.Payee);
        }

        if (payee.IsRefused)
        {
            return await ReplayAsync(command) ?? Reply.Refused<TransferView>(payee.Refusal);
        }

        LegReply hold = await SendHoldAsync(new HoldLeg(command, payee.Value, first));
        for (int attempt = 1; hold.Status != LegStatus.Done; attempt++)
        {
            // A repeated command gets its first answer, whatever the rules would say today. So the ledger is asked before any refusal is given.
            if (!IsUndecided(hold) && await ReplayAsync(command) is { } replay)
            {
                return replay;
            }

            if (!isProven && hold.Status == LegStatus.Refused && PersonRules.MayRestOnPayee(hold.Code))
            {
                isProven = true;
                StandingView before = payee.Value;
                payee = await ProveStandingAsync(command.Payee);
                if (payee.IsRefused)
                {
                    return Reply.Refused<TransferView>(payee.Refusal);
                }

                if (payee.Value != before)
                {
                    hold = await SendHoldAsync(new HoldLeg(command, payee.Value, LegTicket.Durable));
                    continue;
                }
            }

            if (hold.Status == LegStatus.Refused || attempt == GrainLimits.Attempts)
            {
                return Reply.Refused<TransferView>(hold.Status == LegStatus.Refused ? hold.Refusal : Refusals.Unavailable);
            }

            // The entry that took the id first is in the same batch and not durable yet, or never will be. Decide again behind it, and wait until the hold is durable.
            hold = await SendHoldAsync(new HoldLeg(command, payee.Value, LegTicket.Durable));
        }

        TransferView held = ViewOf(command, payee.Value, hold);
        LegReply settled = default;
        if (payee.Value.AutoAccept)
        {
            // Awaited here rather than in a method of its own: the objects kept alive by a wait for the disk are most of what a transfer costs the collector.
            (settled, Task<AppendOutcome>? last) = await SettleAsync(held, command.Kinship, payee.Value, hold);
            settled = last is null || await last == AppendOutcome.Durable ? settled : AlreadyThere;
            if (settled.Status == LegStatus.Done)
            {
                return Reply.Of(held with { Status = TransferStatus.Settled, EndedAt = settled.At });
            }
        }

        return await _legs.OutcomeOfAsync(hold) switch
        {
            AppendOutcome.Durable when !payee.Value.AutoAccept => Reply.Of(held),

            // The recipient could no longer receive it at that moment, so it stays held: it can still be accepted, or goes back at 06:00.
            AppendOutcome.Durable when settled.Status == LegStatus.Refused && !IsUndecided(settled) => Reply.Of(held),
            AppendOutcome.Durable => await FindAsync(held.Id) is { } state ? await FinishAsync(state) : Reply.Refused<TransferView>(Refusals.Unknown),
            AppendOutcome.Duplicate => await ReplayAsync(command) ?? await HoldAsync(command, LegTicket.Durable),
            AppendOutcome.Stale => await HoldAsync(command, LegTicket.Durable),
            AppendOutcome.Unavailable => Reply.Refused<TransferView>(Refusals.Unavailable),
            _ => Reply.Refused<TransferView>(Refusals.Unknown),
        };
    }

    /// <summary>
    /// A person's standing as a recipient, as the ledger has it now. The standing that is shown may come from an activation that is behind another one: good enough to try the hold,
    /// since the receipt checks again, but no ground for a refusal.
    /// </summary>
    private async Task<Reply<StandingView>> ProveStandingAsync(string person)
    {
        // A view is proven to be the latest before it is answered, and an activation that turns out to be behind forgets what it has shown.
        Reply<PersonView> proven = await persons.CallAsync(person, static grain => grain.GetAsync());
        return proven.IsRefused ? Reply.Refused<StandingView>(proven.Refusal) : await persons.GetStandingAsync(person);
    }

    /// <summary>Sends the remaining legs of a transfer that needs no acceptance.</summary>
    private ValueTask<(LegReply Answered, Task<AppendOutcome>? Last)> SettleAsync(TransferView held, Kinship kinship, StandingView payee, LegReply hold) => SendAsync(
        hold,
        after => SendReceiptAsync(held.Payee, new ReceiveLeg(held.Id, held.Payer, hold.Region!, held.AmountFen, held.ExpiresAt, after, payee.Region, kinship, IsAutomatic: true)),
        after => SendPostAsync(held.Payer, new PostLeg(held.Id, after)));

    /// <summary>Takes a durable transfer that needs no acceptance to its end, and gives the answer for its giver.</summary>
    private async Task<Reply<TransferView>> FinishAsync(TransferState state, bool isReplay = false)
    {
        if (!state.HasOutcome && (state.Terms.AutoAccept || state.IsAnswered))
        {
            (state, Refusal? refusal) = state.IsAnswered ? (await FollowAsync(state), null) : await ReceiveAsync(state, isAutomatic: true);

            // Neither refused nor ended: another caller's leg is in the way, and it is not durable yet either.
            if (refusal is null ? !state.HasOutcome : Refusals.IsUndecided(refusal.Code))
            {
                return Reply.Refused<TransferView>(Refusals.Unknown);
            }
        }

        // The first answer said "held", unless the transfer was settled at once.
        bool settledAtOnce = state.Terms.AutoAccept && state.Status == TransferStatus.Settled;
        TransferView first = TransferView.Of(state) with { Tier = state.Terms.Tier };
        return Reply.Of(settledAtOnce ? first : first with { Status = TransferStatus.Held, EndedAt = null }, isReplay);
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

        bool isReplay = state.IsAnswered;
        if (!state.IsAnswered)
        {
            Refusal? refusal = null;
            (state, refusal) = command.Action switch
            {
                TransferAction.Accept => await AcceptAsync(state),
                TransferAction.Reject => await DeclineAsync(state, state.ReasonAt(clock.Now, EndReason.Rejected)),
                _ => await DeclineAsync(state, state.ReasonAt(clock.Now, EndReason.Cancelled)),
            };
            if (refusal is not null)
            {
                return Reply.Refused<TransferView>(refusal);
            }
        }
        else
        {
            state = await FollowAsync(state);
        }

        if (!state.HasOutcome)
        {
            return Reply.Refused<TransferView>(Refusals.Unknown);
        }

        return state.Status == Wanted(command.Action)
            ? Reply.Of(TransferView.Of(state), isReplay)
            : Reply.Refused<TransferView>(RefusalCode.WrongState, $"The transfer is {TransferStatuses.ToText(state.Status)}; it cannot be {Ended(command.Action)} any more.");
    }

    private async Task<(TransferState State, Refusal? Refusal)> AcceptAsync(TransferState state)
    {
        if (!state.IsDueAt(clock.Now))
        {
            (TransferState received, Refusal? refusal) = await ReceiveAsync(state, isAutomatic: false);
            if (refusal is not { Code: RefusalCode.WrongState })
            {
                return (received, refusal);
            }
        }

        // Too late, by this clock or the recipient's: return the money now instead of leaving it to the sweeper.
        return await DeclineAsync(state, EndReason.Returned);
    }

    /// <summary>The recipient's receipt, then the giver's post.</summary>
    private Task<(TransferState State, Refusal? Refusal)> ReceiveAsync(TransferState state, bool isAutomatic) => EndAsync(
        state,
        null,
        after => SendReceiptAsync(
            state.Terms.Payee,
            new ReceiveLeg(
                state.Id, state.Payer, state.Terms.PayerRegion.ToString(), state.AmountFen, state.Terms.ExpiresAt, after, state.Terms.PayeeRegion.ToString(), state.Terms.Kinship, isAutomatic)));

    /// <summary>The recipient's decline, then the giver's void; or whatever follows from an answer that the recipient has already given.</summary>
    private Task<(TransferState State, Refusal? Refusal)> DeclineAsync(TransferState state, EndReason reason) =>
        EndAsync(state, reason, after => persons.CallAsync(state.Terms.Payee, new DeclineLeg(state.Id, reason, after), static (payee, leg) => payee.DeclineAsync(leg)));

    private async Task<(TransferState State, Refusal? Refusal)> EndAsync(TransferState state, EndReason? reason, Func<LegTicket, Task<LegReply>> answer)
    {
        LegReply ended = await SendAndWaitAsync(default, answer, after => SendOutcomeAsync(state, reason, after));
        if (ended.Status == LegStatus.Done)
        {
            return (state.Ended(reason, ended.At, ended.Region is { } region ? RegionCode.Parse(region) : null), null);
        }

        if (ended.Status == LegStatus.Refused)
        {
            return (state, ended.Refusal);
        }

        // Someone else worked on it too (a sweeper, a second activation), or a leg lost its place: the ledger tells.
        state = await FindAsync(state.Id) ?? state;
        if (!state.IsAnswered)
        {
            LegReply answered = await answer(LegTicket.Durable);
            if (answered.Status == LegStatus.Refused)
            {
                return (state, answered.Refusal);
            }

            state = await FindAsync(state.Id) ?? state;
        }

        return (await FollowAsync(state), null);
    }

    /// <summary>Makes the giver's account follow the recipient's decision.</summary>
    private async Task<TransferState> FollowAsync(TransferState state)
    {
        if (!state.IsInterrupted)
        {
            return state;
        }

        LegReply reply = await SendOutcomeAsync(state, state.Reason, LegTicket.Durable);
        if (reply.Status == LegStatus.Refused)
        {
            logger.TransferNotResumed(state.Id, $"refused, {reply.Code}");
            return state;
        }

        return await FindAsync(state.Id) ?? state;
    }

    private static LegReply AlreadyThere => new() { Status = LegStatus.AlreadyThere };

    private static bool IsUndecided(LegReply leg) => leg.Status == LegStatus.Refused && Refusals.IsUndecided(leg.Code);

    /// <summary>The first answer again when the id is already in the ledger; null when it is not.</summary>
    private async Task<Reply<TransferView>?> ReplayAsync(CreateTransfer command)
    {
        Entry[] entries = [.. (await store.ReadOperationAsync(command.Id, CancellationToken.None)).OfCommand()];
        if (entries.Length == 0)
        {
            return null;
        }

        TransferState? state = TransferState.From(entries);
        if (state is null || !state.IsSameAs(command.ToOrder()))
        {
            return Reply.Refused<TransferView>(Refusals.Mismatch(command.Id));
        }

        return await FinishAsync(state, isReplay: true);
    }

    private async Task<TransferState?> FindAsync(Guid transfer) =>
        TransferState.From(await store.ReadOperationAsync(transfer, CancellationToken.None));

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

    private static string Ended(TransferAction action) => action switch
    {
        TransferAction.Accept => "accepted",
        TransferAction.Reject => "rejected",
        _ => "cancelled",
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
