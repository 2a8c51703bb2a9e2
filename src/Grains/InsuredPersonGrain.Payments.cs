using Gongji.Grains.Messages;
using Gongji.Ledger;
using Gongji.Storage;

namespace Gongji.Grains;

/// <content>This person's parts of payments and refunds.</content>
internal sealed partial class InsuredPersonGrain
{
    public async Task<LegReply> LookAtContributionAsync(ContributionQuestion question)
    {
        ContributionYear contribution = new(question.Scheme, question.Year);
        try
        {
            // A hint, which costs nothing when no other payment is in the way. An earlier attempt at the same payment is not in the way: the caller continues it.
            if (await Account.PeekAsync(state => state.PaidBy(contribution)) is not { } operation
                || PaymentState.From(await store.ReadOperationAsync(operation, CancellationToken.None))?.Terms.Payment == question.Payment)
            {
                return default;
            }

            return ReplyOf(await Account.WriteAsync((state, _) => PersonRules.LookAtContribution(state, contribution, operation)));
        }
        catch (StoreUnavailableException)
        {
            return Refused(Refusals.Unavailable);
        }
    }

    public async Task<OpenPaymentReply> OpenPaymentAsync(OpenPayment command)
    {
        try
        {
            return await OpenPaymentByRulesAsync(command);
        }
        catch (StoreUnavailableException)
        {
            return new OpenPaymentReply { Leg = Refused(Refusals.Unavailable) };
        }
    }

    private async Task<OpenPaymentReply> OpenPaymentByRulesAsync(OpenPayment command)
    {
        PaymentOrder order = command.Payment.ToOrder();
        string[]? ToAsk(PersonState state, Decision? decision = null) =>
            !command.AreOffersProven && (command.Offers is null || PersonRules.IsShort(decision)) && PersonRules.NeedsRelatives(state, order) ? [.. state.GiversInOrder] : null;
        (string[]? givers, RegionCode home) = await Account.PeekAsync(state => (ToAsk(state), state.Region));
        if (givers is not null)
        {
            return new OpenPaymentReply { Givers = givers, Region = home.ToString() };
        }

        RegionCode region = command.Region is { } code ? RegionCode.Parse(code) : home;
        Refusal? tierRefusal = order.Beneficiary == order.Payer || home == default
            ? null
            : PersonRules.RefuseTier(home, region, await rules.GetAsync(home) ?? RegionRules.Default, await rules.GetAsync(region) ?? RegionRules.Default);
        DrawOffer[] offers = [.. (command.Offers ?? []).Select(offer => offer.ToOffer())];

        // A payment from own money alone is one entry, and is durable when it is answered. With other parties the decision waits behind their parts.
        bool isAlone = order.Beneficiary == order.Payer && offers.Length == 0;
        bool isOpen = false;
        Written written = await Account.WriteAsync(
            (state, now) =>
            {
                isOpen = state.FindHold(command.Attempt) is not null;

                Decision decision = isOpen ? Decision.Nothing
                    : tierRefusal is not null ? Decision.Refused(tierRefusal.Code, tierRefusal.Detail)
                    : PersonRules.Pay(state, order, command.Attempt, region, offers, now);

                // Relatives may turn out to be needed when the payment is decided again because something it counted on was not written, such as a credit that is a repeat.
                // And an unproven offer is no ground for saying that there is not enough.
                givers = isOpen ? null : ToAsk(state, decision);
                return givers is null ? decision : Decision.Nothing;
            },
            after: isAlone ? null : command.After.In(journal));
        if (givers is not null && written is { Entry: null, Refusal: null })
        {
            return new OpenPaymentReply { Givers = givers, Region = home.ToString() };
        }

        return new OpenPaymentReply
        {
            Leg = isOpen && written.Refusal is null ? new LegReply { Status = LegStatus.AlreadyThere } : ReplyOf(written),
            Terms = written.Entry is { } entry ? EntryDetailCodec.Encode(entry.Detail) : null,
        };
    }

    public async Task<LegReply> DecidePaymentAsync(DecidePayment command)
    {
        if (command.Terms is null)
        {
            return await FollowAsync(command.After, (state, now) => PersonRules.AbandonPayment(state, command.Attempt, now), isOutcome: true);
        }

        PaymentTerms terms = (PaymentTerms)EntryDetailCodec.Decode(EntryKind.PaymentMade, command.Terms)!;
        Task<LegReply> MakeAsync() => FollowAsync(command.After, (state, now) => PersonRules.MakePayment(state, command.Attempt, terms, now), isOutcome: true).AsTask();
        return await UnderCapsAsync(
            terms.Parts.Where(part => part.Region != terms.Region).GroupBy(part => part.Region, (region, parts) => KeyValuePair.Create(region, PaymentParts.TotalFen(parts))),
            MakeAsync);
    }

    public Task<LegReply> OpenPartAsync(OpenPart command)
    {
        Bill bill = command.Bill.ToBill();
        if (command.IsClaim)
        {
            ContributionTerms claim = new(command.Payer, bill.Contribution!.Value);
            return FollowAsync(command.After, (state, now) => PersonRules.ClaimContribution(state, command.Attempt, command.Party, claim, bill.Region, now)).AsTask();
        }

        DrawOrder draw = new(command.Attempt, command.Party, command.Payer, bill, RegionCode.Parse(command.Region!), command.PersonalFen, command.QuotaFen);
        return FollowAsync(command.After, (state, now) => state.FindHold(command.Attempt) is not null ? Decision.Nothing : PersonRules.HoldDraw(state, draw, now)).AsTask();
    }

    public Task<LegReply> EndPartAsync(EndPart command)
    {
        OpenPart part = command.Part;
        if (part.IsClaim)
        {
            ContributionTerms claim = new(part.Payer, part.Bill.ToBill().Contribution!.Value);
            return FollowAsync(command.After, (state, now) => PersonRules.EndClaim(state, part.Attempt, part.Party, claim, command.IsMade, now), isOutcome: true).AsTask();
        }

        return FollowAsync(
            command.After,
            (state, now) => command.IsMade ? PersonRules.PostDraw(state, part.Attempt, part.Party, now) : PersonRules.VoidDraw(state, part.Attempt, part.Party, now),
            isOutcome: true).AsTask();
    }

    public async Task<LegReply> RefundAsync(RefundLeg command)
    {
        try
        {
            if (PaymentState.From(await store.ReadOperationAsync(command.Attempt, CancellationToken.None)) is not { IsMade: true } payment)
            {
                return Refused(new Refusal(RefusalCode.NoSuchPayment, $"There is no payment {command.Attempt}."));
            }

            Dictionary<string, RegionCode> regions = command.Relatives.ToDictionary(relative => relative.Person, relative => RegionCode.Parse(relative.Region));
            RefundOrder order = new(command.Refund, command.Attempt, payment.Terms, command.AmountFen, regions);

            // What goes back to a person in another region is owed by the region whose fund had paid. The refund is decided once to learn the debits, and once for good.
            Decision expected = await Account.PeekAsync(state => PersonRules.Refund(state, order, clock.Now));
            Dictionary<RegionCode, long> debits = expected.Entry is { } entry ? Escrow.Debits(Deltas.Of(entry)) : [];
            return await UnderCapsAsync(debits, async () => ReplyOf(await Account.WriteAsync((state, now) => PersonRules.Refund(state, order, now))));
        }
        catch (StoreUnavailableException)
        {
            return Refused(Refusals.Unavailable);
        }
    }

    public async Task<LegReply> TakeRefundAsync(RefundPart command)
    {
        Bill bill = command.Bill.ToBill();
        if (command.IsRelease)
        {
            ContributionTerms released = new(command.Payer, bill.Contribution!.Value);
            return ReplyOf(await Account.WriteAsync((state, now) => PersonRules.ReleaseContribution(state, command.Refund, command.Party, released, now)));
        }

        // The refund was booked where the relative was insured when it was decided. A relative who has moved in between takes the money along.
        RegionCode planned = RegionCode.Parse(command.Region!);
        RegionCode home;
        Entry? drawn;
        try
        {
            home = await Account.PeekAsync(static state => state.Region);

            // The refund returns to the quota of the relation that was drawn on; the entry that set the draw aside tells which one.
            drawn = (await store.ReadOperationAsync(command.Attempt, CancellationToken.None)).FirstOrDefault(entry => entry.Kind == EntryKind.DrawHeld && entry.Account == Self);
        }
        catch (StoreUnavailableException)
        {
            return Refused(Refusals.Unavailable);
        }

        DrawRefundTerms terms = new(command.Payer, planned, home);
        KeyValuePair<RegionCode, long>[] debits = home == planned ? [] : [KeyValuePair.Create(planned, checked(command.PersonalFen + command.QuotaFen))];
        return await UnderCapsAsync(debits, async () => ReplyOf(await Account.WriteAsync(
            (state, now) => PersonRules.RefundDraw(state, command.Refund, command.Party, terms, drawn, command.PersonalFen, command.QuotaFen, now))));
    }

    public async Task<LegReply> EndRefundAsync(Guid refund) => ReplyOf(await Account.WriteAsync((state, now) => PersonRules.EndRefund(state, refund, now)));

    /// <summary>Writes an entry if the prepayments of the regions that it debits cover it.</summary>
    private async Task<LegReply> UnderCapsAsync(IEnumerable<KeyValuePair<RegionCode, long>> debits, Func<Task<LegReply>> write)
    {
        for (int attempt = 1; ; attempt++)
        {
            CappedDebits? taken;
            try
            {
                taken = await CappedDebits.TakeAsync(escrow, rules, journal.ChainOf(Self), debits);
            }
            catch (StoreUnavailableException)
            {
                return Refused(Refusals.Unavailable);
            }

            if (taken is null)
            {
                return Refused(Refusals.OverCap(debits.Select(debit => debit.Key)));
            }

            LegReply? reply = null;
            try
            {
                reply = await write();

                // A cap was set a moment ago and this silo did not know of it. It may well cover the debit, so try again now that it is known.
                if (attempt == 1 && taken.HasUncapped && reply is { Status: LegStatus.Refused, Code: RefusalCode.RegionCapReached })
                {
                    continue;
                }

                return reply.Value;
            }
            finally
            {
                _ = EndAsync(taken, reply);
            }
        }

        async Task EndAsync(CappedDebits taken, LegReply? reply) => taken.End(await OutcomeOfAsync(reply));
    }

    /// <summary>The outcome of an entry that a leg wrote; null when it wrote none.</summary>
    private async ValueTask<AppendOutcome?> OutcomeOfAsync(LegReply? reply) => reply switch
    {
        null => AppendOutcome.Unknown,
        { Status: LegStatus.Done, Ticket: { } ticket } => ticket.In(journal) is { } queued ? await queued.Outcome : AppendOutcome.Unknown,
        { Status: LegStatus.Done } => AppendOutcome.Durable,
        { Status: LegStatus.Refused, Code: var code } => OutcomeOf(code),
        _ => null,
    };
}
