using Gongji.Grains.Messages;
using Gongji.Ledger;
using Gongji.Storage;

namespace Gongji.Grains;

/// <content>This person's legs of transfers; <see cref="TransferGrain"/> sends them.</content>
internal sealed partial class InsuredPersonGrain
{
    public async Task<LegReply> HoldAsync(HoldLeg command)
    {
        try
        {
            return await HoldByRulesAsync(command);
        }
        catch (StoreUnavailableException)
        {
            return Refused(Refusals.Unavailable);
        }
    }

    private async ValueTask<LegReply> HoldByRulesAsync(HoldLeg command)
    {
        TransferOrder order = command.Transfer.ToOrder();
        PayeeStanding payee = new(RegionCode.Parse(command.Payee.Region), command.Payee.Insured, command.Payee.WalletOpen, command.Payee.AutoAccept);
        RegionRules payeeRules = await rules.GetAsync(payee.Region) ?? RegionRules.Default;
        for (int attempt = 0; attempt < GrainLimits.Attempts; attempt++)
        {
            Reply<StandingView> self = await Account.ReadStandingAsync();
            if (self.IsRefused)
            {
                return Refused(self.Refusal);
            }

            RegionCode region = RegionCode.Parse(self.Value.Region);
            RegionRules payerRules = await rules.GetAsync(region) ?? RegionRules.Default;
            bool isUnderCap = Escrow.IsCapped(payerRules, region, payee.Region);
            if (isUnderCap && !await escrow.TryReserveAsync(order.Id, region, journal.ChainOf(order.Payee), order.AmountFen, payee.AutoAccept))
            {
                // Before refusing, make sure that this is still the giver's region.
                Reply<PersonView> latest = await GetAsync();
                if (!latest.IsRefused && latest.Value.Region != self.Value.Region)
                {
                    continue;
                }

                return Refused(latest.IsRefused ? latest.Refusal : Refusals.OverCap(region));
            }

            bool alreadyOpen = false;
            bool moved = false;
            Written written = await Account.WriteAsync(
                (state, now) =>
                {
                    alreadyOpen = state.FindHold(order.Id) is not null;
                    moved = state.Region != region;
                    return alreadyOpen || moved ? Decision.Nothing : PersonRules.Hold(state, order, payee, payerRules, payeeRules, now);
                },
                after: command.After.In(journal));
            if (isUnderCap && written.Entry is null)
            {
                escrow.Release(order.Id);
            }

            if (written.Refusal is null && moved)
            {
                continue;
            }

            return alreadyOpen && written.Refusal is null
                ? new LegReply { Status = LegStatus.AlreadyThere }
                : ReplyOf(written) with
                {
                    Region = region.ToString(),
                    ExpiresAt = (written.Entry?.Detail as HoldTerms)?.ExpiresAt ?? default,
                };
        }

        return Refused(Refusals.Unavailable);
    }

    public async Task<LegReply> ReceiveAsync(ReceiveLeg command)
    {
        ReceiptOrder order = new(
            command.Transfer, command.Payer, RegionCode.Parse(command.PayerRegion), command.AmountFen, command.ExpiresAt, RegionCode.Parse(command.PayeeRegion), command.IsAutomatic);
        ValueTask<LegReply> ReceiveAsync() => ReceiveWhereInsuredAsync(command.After, order, command.Kinship);
        try
        {
            if ((await rules.GetAsync(order.PayerRegion))?.NetDebitCapFen is not null)
            {
                return await ReceiveUnderCapAsync(order, ReceiveAsync);
            }

            LegReply reply = await ReceiveAsync();
            if (reply is { Status: LegStatus.Refused, Code: RefusalCode.RegionCapReached })
            {
                rules.Forget(order.PayerRegion);
            }

            return reply;
        }
        catch (StoreUnavailableException)
        {
            return Refused(Refusals.Unavailable);
        }
    }

    /// <summary>Receives a transfer's money. If the recipient has moved since the hold, both regions must allow it by their current rules.</summary>
    private async ValueTask<LegReply> ReceiveWhereInsuredAsync(LegTicket after, ReceiptOrder order, Kinship kinship)
    {
        for (int attempt = 0; attempt < GrainLimits.Attempts; attempt++)
        {
            ReceiptOrder tried = order;
            LegReply reply = await FollowAsync(after, (state, now) => PersonRules.Receive(state, tried, now));
            if (reply is not { Status: LegStatus.Refused, Code: RefusalCode.RegionNotLive })
            {
                return attempt == 0 || reply.Status != LegStatus.Done ? reply : reply with { Region = tried.PayeeRegion.ToString() };
            }

            Reply<StandingView> self = await Account.ReadStandingAsync();
            if (self.IsRefused)
            {
                return Refused(self.Refusal);
            }

            // A recipient who has moved back in the meantime is tried again with the original region.
            RegionCode region = RegionCode.Parse(self.Value.Region);
            if (region != tried.PayeeRegion)
            {
                RegionRules payer = await rules.GetAsync(order.PayerRegion) ?? RegionRules.Default;
                RegionRules payee = await rules.GetAsync(region) ?? RegionRules.Default;
                if (PersonRules.RefuseRegions(kinship, (order.PayerRegion, payer), (region, payee)) is { } refusal)
                {
                    return Refused(refusal);
                }
            }

            order = order with { PayeeRegion = region };
        }

        return Refused(Refusals.Unavailable);
    }

    /// <summary>Receives a transfer's money if the prepayment of the giver's region covers it.</summary>
    private async Task<LegReply> ReceiveUnderCapAsync(ReceiptOrder order, Func<ValueTask<LegReply>> receive)
    {
        Reply<StandingView> self = await Account.ReadStandingAsync();
        if (self.IsRefused || RegionCode.Parse(self.Value.Region) == order.PayerRegion)
        {
            escrow.Release(order.Id);
            return await receive();
        }

        (RegionCode region, int chain) = (order.PayerRegion, journal.ChainOf(Self));
        EscrowTake take = escrow.TryClaim(order.Id, region, chain, order.AmountFen)
            ? EscrowTake.Taken
            : await escrow.TakeAsync(region, chain, order.AmountFen);
        if (take == EscrowTake.Refused)
        {
            return Refused(Refusals.OverCap(region));
        }

        LegReply? reply = null;
        try
        {
            reply = await receive();
            return reply.Value;
        }
        finally
        {
            if (take == EscrowTake.Taken)
            {
                _ = EndAsync();
            }
        }

        async Task EndAsync() => escrow.End(region, chain, order.AmountFen, await OutcomeOfAsync(reply));
    }

    public Task<LegReply> DeclineAsync(DeclineLeg command) =>
        FollowAsync(command.After, (state, now) => PersonRules.Decline(state, command.Transfer, command.Reason, now)).AsTask();

    public Task<LegReply> PostAsync(PostLeg command) =>
        FollowAsync(command.After, (state, now) => PersonRules.Post(state, command.Transfer, now), isOutcome: true).AsTask();

    public Task<LegReply> VoidAsync(VoidLeg command) =>
        FollowAsync(command.After, (state, now) => PersonRules.Void(state, command.Transfer, command.Reason, now), isOutcome: true).AsTask();

    /// <summary>Writes a leg that follows another leg.</summary>
    /// <param name="after">The leg that it follows.</param>
    /// <param name="decide">The rule.</param>
    /// <param name="isOutcome">Whether the leg ends the operation. If the hold is no longer open, its outcome is already there, and the caller looks it up.</param>
    private async ValueTask<LegReply> FollowAsync(LegTicket after, Func<PersonState, DateTimeOffset, Decision> decide, bool isOutcome = false)
    {
        AppendTicket? ticket = after.In(journal);
        if (ticket is null && !after.IsDurable)
        {
            return new LegReply { Status = LegStatus.TooEarly };
        }

        Written written = await Account.WriteAsync(decide, after: ticket);
        return isOutcome && written.Refusal is { Code: RefusalCode.WrongState } ? new LegReply { Status = LegStatus.AlreadyThere } : ReplyOf(written);
    }
}
