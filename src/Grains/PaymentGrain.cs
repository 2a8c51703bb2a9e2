using Gongji.Grains.Messages;
using Gongji.Ledger;
using Gongji.Storage;

namespace Gongji.Grains;

/// <inheritdoc cref="IPaymentGrain"/>
/// <remarks>
/// A payment from own money alone is one entry. With other parties, the payer's own part is set aside first, then theirs; then the payer's account decides,
/// and the others follow. Inside one silo all of this is queued at once and waited for once. Wherever it is interrupted, the ledger tells how to
/// continue: an undecided attempt is abandoned by the sweeper, or continued when a caller repeats the command.
/// <para>
/// A refusal is not remembered, but an abandoned attempt is in the ledger. So the next attempt is an operation of its own, named after the payment and
/// the attempt's number.
/// </para>
/// </remarks>
[Reentrant]
internal sealed partial class PaymentGrain(IJournal journal, ILedgerStore store, RegionRulesCache rules, LocalPersons persons) : Grain, IPaymentGrain
{
    private readonly LegChain _legs = new(journal);
    private readonly OneAtATime _payments = new();

    /// <summary>Separate from the payments: a refund waits for its payment, and a caller may wrongly use one id for both.</summary>
    private readonly OneAtATime _refunds = new();

    public Task<Reply<PaymentView>> PayAsync(Pay command) => _payments.RunAsync(command.Id, isRepeated => CallFailures.AnswerAsync(
        async () => (isRepeated ? await ReplayAsync(command) : null) ?? await DecideAsync(command), Refusals.Unknown));

    public Task<Reply<PaymentView>> GetAsync(Guid payment) => _payments.RunAsync(payment, isRepeated => CallFailures.AnswerAsync(
        async () =>
        {
            PaymentState? state = await FindDoneAsync(payment);
            return state is { IsMade: true }
                ? Reply.Of(PaymentView.Of(state.Attempt, state.Payer, state.Terms, state.At))
                : Reply.Refused<PaymentView>(NoSuchPayment(payment));
        },
        Refusals.Unavailable));

    public Task<bool> ResumePaymentAsync(Guid payment, Guid attempt) =>
        _payments.RunAsync(payment, _ => CallFailures.CarryAsync(async () => await ContinueAsync(attempt, goesOn: false) is null or { IsDone: true }));

    /// <summary>Tries until an attempt succeeds or a rule refuses.</summary>
    private async Task<Reply<PaymentView>> DecideAsync(Pay command)
    {
        (int number, Refusal refusal) = (0, Refusals.Unavailable);
        for (int attempt = 0; attempt < GrainLimits.Attempts; attempt++)
        {
            // Asked again for each attempt: an attempt that was opened before the beneficiary moved cannot be made.
            string? region = null;
            if (command.Beneficiary != command.Payer)
            {
                Reply<StandingView> beneficiary = await persons.GetStandingAsync(command.Beneficiary);
                if (beneficiary.IsRefused)
                {
                    return await ReplayAsync(command) ?? Reply.Refused<PaymentView>(beneficiary.Refusal);
                }

                region = beneficiary.Value.Region;
            }

            // Do not set money aside, or try again, for a contribution that somebody else has paid.
            if (await LookAtContributionAsync(command) is { Status: LegStatus.Refused } paid)
            {
                return IsUndecided(paid) ? Reply.Refused<PaymentView>(paid.Refusal)
                    : await ReplayAsync(command) ?? Reply.Refused<PaymentView>(await RefuseStrangerAsync(command) ?? paid.Refusal);
            }

            Guid operation = PersonRules.AttemptId(command.Id, number);
            OpenPaymentReply opened = await SendOpeningAsync(new OpenPayment(command, operation, region, null, _legs.First));
            Offers? offers = null;
            for (bool isProven = false; opened.Givers is { } givers; isProven = true)
            {
                offers = await AskRelativesAsync(command, givers, RegionCode.Parse(opened.Region!), isProven);
                if (offers is null)
                {
                    // The answer must not be "there is not enough": nobody knows.
                    return Reply.Refused<PaymentView>(Refusals.Unavailable);
                }

                opened = await SendOpeningAsync(new OpenPayment(command, operation, region, offers.Usable, _legs.First, isProven));
            }

            if (opened.Leg.Status == LegStatus.Refused)
            {
                // A repeated command gets its first answer, whatever the rules would say today. So the ledger is asked before any refusal is given.
                return (Refusals.IsUndecided(opened.Leg.Code) ? null : await ReplayAsync(command))
                    ?? Reply.Refused<PaymentView>(offers is { IsPartLive: false } && opened.Leg.Code == RefusalCode.InsufficientFunds ? NotLive : opened.Leg.Refusal);
            }

            bool isFirst = false;
            if (opened.Leg.Status == LegStatus.Done)
            {
                PaymentTerms terms = (PaymentTerms)EntryDetailCodec.Decode(EntryKind.PaymentMade, opened.Terms!)!;
                if (await DriveAsync(command, operation, terms, opened.Leg) is { } at)
                {
                    return Reply.Of(PaymentView.Of(operation, command.Payer, terms, at));
                }

                // While it is unknown whether the payment was opened, no other answer may be given.
                AppendOutcome outcome = await _legs.OutcomeOfAsync(opened.Leg);
                if (outcome is AppendOutcome.Unknown or AppendOutcome.Unavailable)
                {
                    return Reply.Refused<PaymentView>(outcome == AppendOutcome.Unknown ? Refusals.Unknown : Refusals.Unavailable);
                }

                isFirst = outcome == AppendOutcome.Durable;
            }

            // Someone else worked on it before, or a leg lost its place, or a part could not be set aside: the ledger tells.
            (PaymentState? state, bool isOther, number) = await FindAsync(command.Id, endsAbandoned: true);
            if (isOther || state is { IsAbandoned: false } && !state.IsSameAs(command.ToOrder()))
            {
                return Reply.Refused<PaymentView>(Refusals.Mismatch(command.Id));
            }

            if (state is not null)
            {
                bool wasMade = state.IsMade;
                (PaymentState? ended, Refusal? why) = await ContinueAsync(state, goesOn: true);
                if (ended is not { IsDone: true })
                {
                    return Reply.Refused<PaymentView>(Refusals.Unknown);
                }

                if (ended.IsMade)
                {
                    return Reply.Of(PaymentView.Of(ended.Attempt, ended.Payer, ended.Terms, ended.At), isReplay: !isFirst && wasMade);
                }

                refusal = why ?? refusal;
                number++;
                if (refusal.Code == RefusalCode.RegionCapReached)
                {
                    break;
                }
            }
        }

        return Reply.Refused<PaymentView>(refusal);
    }

    /// <summary>Sends all legs of a payment behind the one that opened it. Returns the time of the decision if all are durable; null when the ledger has to be asked.</summary>
    private async Task<DateTimeOffset?> DriveAsync(Pay command, Guid operation, PaymentTerms terms, LegReply opening)
    {
        IReadOnlyList<string> parties = terms.Parties(command.Payer);
        if (parties.Count == 0)
        {
            return await _legs.OutcomeOfAsync(opening) == AppendOutcome.Durable ? opening.At : null;
        }

        LegReply last = opening;
        for (int party = 0; party < parties.Count; party++)
        {
            OpenPart part = PartOf(terms, command.Payer, operation, parties, party);
            last = await _legs.SendAsync(last, after => SendPartAsync(parties[party], part with { After = after }));
            if (last.Status != LegStatus.Done)
            {
                await _legs.OutcomeOfAsync(opening);
                return null;
            }
        }

        byte[] encoded = EntryDetailCodec.Encode(terms)!;
        LegReply decision = await _legs.SendAsync(last, after => SendDecisionAsync(command.Payer, new DecidePayment(operation, encoded, after)));
        if (decision.Status != LegStatus.Done)
        {
            await _legs.OutcomeOfAsync(last);
            return null;
        }

        LegReply[] ends = new LegReply[parties.Count];
        for (int party = 0; party < parties.Count; party++)
        {
            OpenPart part = PartOf(terms, command.Payer, operation, parties, party);
            ends[party] = await _legs.SendAsync(decision, after => SendEndAsync(parties[party], new EndPart(part, true, after)));
        }

        bool isDone = await _legs.OutcomeOfAsync(decision) == AppendOutcome.Durable;
        foreach (LegReply end in ends)
        {
            isDone &= end.Status == LegStatus.Done && await _legs.OutcomeOfAsync(end) == AppendOutcome.Durable;
        }

        return isDone ? decision.At : null;
    }

    private async Task<PaymentState?> ContinueAsync(Guid attempt, bool goesOn) =>
        PaymentState.From(await store.ReadOperationAsync(attempt, CancellationToken.None)) is { } state ? (await ContinueAsync(state, goesOn)).State : null;

    /// <summary>Takes an attempt to its end from what the ledger says, making each step durable before the next.</summary>
    /// <param name="state">The attempt, as the ledger has it.</param>
    /// <param name="goesOn">Whether a caller waits for it, so that missing parts are still set aside. Otherwise an undecided attempt is abandoned.</param>
    /// <returns>The attempt's state afterwards, and why a part could not be set aside.</returns>
    private async Task<(PaymentState? State, Refusal? Refusal)> ContinueAsync(PaymentState state, bool goesOn)
    {
        Refusal? refusal = null;
        Guid attempt = state.Attempt;
        if (!state.IsDecided)
        {
            bool isWhole = true;
            for (int party = 0; party < state.Parties.Count && isWhole; party++)
            {
                if (!state.HasOpened(party))
                {
                    LegReply reply = goesOn ? await SendPartAsync(state.Parties[party], PartOf(state, party)) : default;
                    if (IsUndecided(reply))
                    {
                        return (state, reply.Refusal);
                    }

                    isWhole = goesOn && reply.Status != LegStatus.Refused;
                    refusal = reply.Status == LegStatus.Refused ? reply.Refusal : refusal;
                }
            }

            // A part that someone else wrote first may not be durable yet. Only the ledger can tell, and the part must be durable before the decision.
            PaymentState now = isWhole ? await ReadAsync(attempt) ?? state : state;
            if (isWhole && !now.IsDecided && !Enumerable.Range(0, now.Parties.Count).All(now.HasOpened))
            {
                return (now, Refusals.Unknown);
            }

            LegReply decided = isWhole
                ? await SendDecisionAsync(state.Payer, new DecidePayment(attempt, EntryDetailCodec.Encode(state.Terms), LegTicket.Durable))
                : default;
            if (IsUndecided(decided))
            {
                return (state, decided.Refusal);
            }

            if (!isWhole || decided.Status == LegStatus.Refused)
            {
                refusal = decided.Status == LegStatus.Refused ? decided.Refusal : refusal;
                LegReply abandoned = await SendDecisionAsync(state.Payer, new DecidePayment(attempt, null, LegTicket.Durable));
                if (IsUndecided(abandoned))
                {
                    return (state, abandoned.Refusal);
                }
            }

            state = await ReadAsync(attempt) ?? state;
        }

        if (!state.IsDecided)
        {
            return (state, refusal);
        }

        for (int party = 0; party < state.Parties.Count; party++)
        {
            if (state.HasOpened(party) && !state.HasEnded(party))
            {
                await SendEndAsync(state.Parties[party], new EndPart(PartOf(state, party), state.IsMade, LegTicket.Durable));
            }
        }

        return (state.IsDone ? state : await ReadAsync(attempt), refusal);
    }

    /// <summary>Asks relatives, in the order of use, what they could pay. Null when one of their accounts cannot be read at present.</summary>
    private async Task<Offers?> AskRelativesAsync(Pay command, string[] givers, RegionCode home, bool isProven)
    {
        RegionRules own = await rules.GetAsync(home) ?? RegionRules.Default;
        List<OfferView> usable = [];
        bool isPartLive = true;

        // Quotas are used before anything else, so all relatives are asked, not only as many as would suffice.
        foreach (OfferView? offer in await Task.WhenAll(givers.Select(giver => persons.CallAsync(giver, (command.Payer, isProven), static (giver, ask) => giver.OfferAsync(ask.Payer, ask.isProven)))))
        {
            if (offer is null)
            {
                continue;
            }

            if (offer.IsUnreadable)
            {
                return null;
            }

            RegionCode region = RegionCode.Parse(offer.Region);
            bool isLive = PersonRules.RefuseTier(region, home, await rules.GetAsync(region) ?? RegionRules.Default, own) is null;
            isPartLive &= isLive;
            if (isLive)
            {
                usable.Add(offer);
            }
        }

        return new Offers([.. usable], isPartLive);
    }

    /// <summary>
    /// The first attempt at a payment that was not abandoned; whether the id names something else, such as an attempt at another payment; and the number of
    /// the attempt.
    /// </summary>
    /// <param name="payment">The payment.</param>
    /// <param name="endsAbandoned">
    /// Whether to return an abandoned attempt too while it has parts to end, since a part may arrive late. Not for use in answers: a later attempt may have been made since.
    /// </param>
    private async Task<(PaymentState? State, bool IsOther, int Number)> FindAsync(Guid payment, bool endsAbandoned = false)
    {
        for (int number = 0; ; number++)
        {
            Entry[] entries = [.. (await store.ReadOperationAsync(PersonRules.AttemptId(payment, number), CancellationToken.None)).OfCommand()];
            if (entries.Length == 0)
            {
                return (null, false, number);
            }

            PaymentState? state = PaymentState.From(entries);
            if (state?.Terms.Payment != payment)
            {
                return (null, true, number);
            }

            if (!state.IsAbandoned || (endsAbandoned && !state.IsDone))
            {
                return (state, false, number);
            }
        }
    }

    /// <summary>The attempt at a payment that was not abandoned, taken to its end.</summary>
    private async Task<PaymentState?> FindDoneAsync(Guid payment)
    {
        (PaymentState? state, _, _) = await FindAsync(payment);
        return state is { IsDone: false } ? await ContinueAsync(state.Attempt, goesOn: false) : state;
    }

    /// <summary>The first answer again when the id is already in the ledger; null when it is not.</summary>
    private async Task<Reply<PaymentView>?> ReplayAsync(Pay command)
    {
        (PaymentState? state, bool isOther, _) = await FindAsync(command.Id);
        if (isOther)
        {
            return Reply.Refused<PaymentView>(Refusals.Mismatch(command.Id));
        }

        if (state is null)
        {
            return null;
        }

        if (!state.IsSameAs(command.ToOrder()))
        {
            return Reply.Refused<PaymentView>(Refusals.Mismatch(command.Id));
        }

        bool wasMade = state.IsMade;
        (PaymentState? ended, _) = await ContinueAsync(state, goesOn: true);
        return ended switch
        {
            { IsDone: true, IsMade: true } => Reply.Of(PaymentView.Of(ended.Attempt, ended.Payer, ended.Terms, ended.At), isReplay: wasMade),
            { IsDone: true } => null,
            _ => Reply.Refused<PaymentView>(Refusals.Unknown),
        };
    }

    private async Task<PaymentState?> ReadAsync(Guid attempt) => PaymentState.From(await store.ReadOperationAsync(attempt, CancellationToken.None));

    private static OpenPart PartOf(PaymentState state, int party) => PartOf(state.Terms, state.Payer, state.Attempt, state.Parties, party);

    private static OpenPart PartOf(PaymentTerms terms, string payer, Guid attempt, IReadOnlyList<string> parties, int party)
    {
        Amounts amounts = PaymentParts.Of(terms.Parts, parties[party]);
        RegionCode? region = terms.Parts.FirstOrDefault(part => part.Account == parties[party])?.Region;
        return new OpenPart(attempt, party, payer, BillMessage.Of(terms.Bill), region?.ToString(), amounts.PersonalFen, amounts.QuotaFen, LegTicket.Durable);
    }

    /// <summary>Asks the beneficiary's account when the beneficiary is not the payer; the payer's own account decides this together with the payment.</summary>
    private Task<LegReply> LookAtContributionAsync(Pay command) => command.Scheme is { } scheme && command.Beneficiary != command.Payer
        ? persons.CallAsync(
            command.Beneficiary, new ContributionQuestion(command.Id, scheme, command.Year), static (beneficiary, question) => beneficiary.LookAtContributionAsync(question))
        : Task.FromResult<LegReply>(default);

    /// <summary>The refusal when the payer is unknown, or may not pay for the beneficiary. Only relatives are told that somebody's contribution is paid.</summary>
    private async Task<Refusal?> RefuseStrangerAsync(Pay command)
    {
        Reply<RelationView> relation = await persons.CallAsync(command.Payer, command.Beneficiary, static (payer, beneficiary) => payer.GetRelationAsync(beneficiary));
        return relation.IsRefused ? relation.Refusal
            : relation.Value.Status == RelationStatus.Consented ? null
            : PersonRules.NoConsent(command.Payer, command.Beneficiary);
    }

    private Task<OpenPaymentReply> SendOpeningAsync(OpenPayment opening) =>
        persons.CallAsync(opening.Payment.Payer, opening, static (payer, opening) => payer.OpenPaymentAsync(opening));

    private Task<LegReply> SendPartAsync(string party, OpenPart part) => persons.CallAsync(party, part, static (party, part) => party.OpenPartAsync(part));

    private Task<LegReply> SendDecisionAsync(string payer, DecidePayment decision) =>
        persons.CallAsync(payer, decision, static (payer, decision) => payer.DecidePaymentAsync(decision));

    private Task<LegReply> SendEndAsync(string party, EndPart end) => persons.CallAsync(party, end, static (party, end) => party.EndPartAsync(end));

    private static bool IsUndecided(LegReply leg) => leg.Status == LegStatus.Refused && Refusals.IsUndecided(leg.Code);

    private static Refusal NotLive { get; } =
        new(RefusalCode.RegionNotLive, "Own money does not cover it, and not all relatives' regions are live for what would have to be drawn.");

    private static Refusal NoSuchPayment(Guid payment) => new(RefusalCode.NoSuchPayment, $"There is no payment {payment}.");

    /// <param name="Usable">The offers of relatives whose regions are live for them.</param>
    /// <param name="IsPartLive">Whether the regions of all relatives with an offer are live.</param>
    private sealed record Offers(OfferView[] Usable, bool IsPartLive);
}
