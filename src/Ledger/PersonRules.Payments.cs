using System.Buffers.Binary;

namespace Gongji.Ledger;

/// <summary>Payments (就医购药, 参保缴费), draws on relatives (即时调用) and refunds.</summary>
public static partial class PersonRules
{
    /// <summary>The order of use unless a request gives another: own personal account, own wallet, then relatives, whose quotas come before the rest of their money.</summary>
    public static IReadOnlyList<PaymentSource> UsualSources { get; } = [PaymentSource.Personal, PaymentSource.Wallet, PaymentSource.Relatives];

    /// <summary>Whether a payment was refused, or left to cash in part, because the accounts do not have enough.</summary>
    public static bool IsShort(Decision? payment) => payment is { Refusal.Code: RefusalCode.InsufficientFunds } or { Entry.Detail: PaymentTerms { CashFen: > 0 } };

    /// <summary>Whether relatives have to be asked: the sources before them do not cover the payment, and there are relatives.</summary>
    public static bool NeedsRelatives(PersonState state, PaymentOrder order)
    {
        long leftFen = order.AmountFen;
        foreach (PaymentSource source in order.Sources ?? UsualSources)
        {
            if (source == PaymentSource.Relatives)
            {
                return leftFen > 0 && state.Givers.Count > 0 && order.Beneficiary == order.Payer;
            }

            leftFen -= Math.Min(leftFen, OwnFen(state, source));
        }

        return false;
    }

    /// <summary>
    /// Pays ("Payments draw in this order … What is left is cash"). A payment from own money alone is made at once. With relatives' money, or for somebody else's
    /// contribution, the own part is set aside, and every other party must agree before <see cref="MakePayment"/>. A person whose insurance has
    /// stopped may still spend what they have.
    /// </summary>
    /// <param name="state">The payer's account.</param>
    /// <param name="order">The payment.</param>
    /// <param name="attempt">The operation.</param>
    /// <param name="region">Where the beneficiary is insured.</param>
    /// <param name="offers">What relatives can pay, in any order; empty when they were not asked.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="ArgumentOutOfRangeException">The amount is not positive: the code that read the order should have refused it.</exception>
    public static Decision Pay(
        PersonState state, PaymentOrder order, Guid attempt, RegionCode region, IReadOnlyList<DrawOffer> offers, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(order.AmountFen);
        if (!state.IsRegistered)
        {
            return NoSuchPerson(state);
        }

        bool isOwn = order.Beneficiary == order.Payer;
        if (RefuseContribution(state, order, isOwn) is { } refusal)
        {
            return Decision.Refused(refusal.Code, refusal.Detail);
        }

        // Since the relatives were asked, a relation may have ended, or their order may have changed.
        IReadOnlyList<DrawOffer> usable = isOwn ? [.. state.GiversInOrder.SelectMany(giver => offers.Where(offer => offer.Giver == giver))] : [];
        List<PaymentPart> parts = [];
        long leftFen = order.AmountFen;
        foreach (PaymentSource source in order.Sources ?? UsualSources)
        {
            leftFen = source == PaymentSource.Relatives
                ? TakeFromRelatives(parts, leftFen, usable)
                : Take(parts, leftFen, order.Payer, source == PaymentSource.Personal ? Pocket.Personal : Pocket.Wallet, OwnFen(state, source), state.Region);
        }

        if (leftFen > 0 && !order.AllowCash)
        {
            return order.Sources is [PaymentSource.Relatives] && state.Givers.Count == 0
                ? Decision.Refused(RefusalCode.NoRelation, "No relative has a relation with this person; nothing can be drawn.")
                : Decision.Refused(RefusalCode.InsufficientFunds, DescribeLack(order, parts));
        }

        if (!isOwn && parts.Exists(static part => part.Pocket == Pocket.Personal) && (state.Insurance != Insurance.Employee || state.Status != InsuranceStatus.Active))
        {
            return Decision.Refused(RefusalCode.NotInsured, "Personal-account money can only be given by an insured employee.");
        }

        Bill bill = new(order.Purpose, order.Beneficiary, isOwn ? state.Region : region, order.Contribution);
        PaymentTerms terms = new(order.Id, order.Institution, bill, order.AmountFen, leftFen, parts, order.Sources, order.AllowCash);
        Amounts own = terms.OwnOf(order.Payer);
        bool isSingle = terms.Parties(order.Payer).Count == 0;
        if (!isSingle && state.OpenHolds.Count >= Limits.OpenHoldsMax)
        {
            return Decision.Refused(RefusalCode.PreviousTransferWaiting, Text($"{Limits.OpenHoldsMax} transfers and payments are open at once."));
        }

        return Decision.Append(Next(
            state,
            attempt,
            Leg.Opening,
            isSingle ? EntryKind.Paid : EntryKind.PaymentOpened,
            isSingle ? new Amounts(-own.PersonalFen, -own.WalletFen, 0, 0) : Amounts.Hold(own),
            state.TimeFor(now),
            terms));
    }

    /// <summary>Whether own money may pay the contribution of a person in another region. That is aid, so both regions must be live for it.</summary>
    public static Refusal? RefuseTier(RegionCode payer, RegionCode beneficiary, RegionRules payerRules, RegionRules beneficiaryRules) =>
        RefuseTier((payer, payerRules), (beneficiary, beneficiaryRules), "aid");

    /// <summary>Decides a payment whose parts are all set aside: from now on it is made.</summary>
    public static Decision MakePayment(PersonState state, Guid attempt, PaymentTerms terms, DateTimeOffset now) =>
        state.FindHold(attempt) is { } hold
            ? Decision.Append(Next(state, attempt, Leg.Answer, EntryKind.PaymentMade, new Amounts(0, 0, -hold.AmountFen, 0), state.TimeFor(now), terms))
            : NotOpen(attempt);

    /// <summary>Decides that a payment is not made: from now on no part of it can be.</summary>
    public static Decision AbandonPayment(PersonState state, Guid attempt, DateTimeOffset now) =>
        state.FindHold(attempt) is { } hold
            ? Decision.Append(Next(state, attempt, Leg.Answer, EntryKind.PaymentAbandoned, Amounts.Release(hold.Taken), state.TimeFor(now), null))
            : NotOpen(attempt);

    /// <summary>What a recipient could draw from this account under the rules of <see cref="HoldDraw"/>; null for nothing.</summary>
    public static DrawOffer? Offer(PersonState state, string recipient) =>
        state.Insurance == Insurance.Employee && state.Status == InsuranceStatus.Active && state.Given.TryGetValue(recipient, out GivenRelation? relation) && relation.IsConsented
            ? new DrawOffer(state.Person, state.Region, relation.LeftFen, state.Balances.PersonalFen)
            : null;

    /// <summary>
    /// Sets a relative's part of a payment aside ("A giver must be an employee for personal-account money"; the relation must be consented to).
    /// That quotas are used first was decided when the payment was planned; here the amounts only have to be there.
    /// </summary>
    public static Decision HoldDraw(PersonState state, DrawOrder order, DateTimeOffset now)
    {
        if (!state.IsRegistered)
        {
            return NoSuchPerson(state);
        }

        if (!state.Given.TryGetValue(order.Payer, out GivenRelation? relation) || !relation.IsConsented)
        {
            return Decision.Refused(RefusalCode.NoRelation, NoConsent(state.Person, order.Payer).Detail);
        }

        if (state.Insurance != Insurance.Employee || state.Status != InsuranceStatus.Active)
        {
            return Decision.Refused(RefusalCode.NotInsured, "Personal-account money can only be given by an insured employee.");
        }

        if (state.Region != order.Region)
        {
            return Decision.Refused(RefusalCode.WrongState, $"{state.Person} has moved meanwhile.");
        }

        if (relation.LeftFen < order.QuotaFen || state.Balances.PersonalFen < order.PersonalFen)
        {
            return Decision.Refused(RefusalCode.InsufficientFunds, $"{state.Person} has less than was asked for.");
        }

        return state.OpenHolds.Count >= Limits.OpenHoldsMax
            ? Decision.Refused(RefusalCode.PreviousTransferWaiting, Text($"{Limits.OpenHoldsMax} transfers and payments are open at once."))
            : Decision.Append(Next(
                state,
                order.Attempt,
                Legs.Part(order.Party),
                EntryKind.DrawHeld,
                Amounts.Hold(new Amounts(order.PersonalFen, 0, 0, order.QuotaFen)),
                state.TimeFor(now),
                new DrawTerms(order.Payer, order.Bill, state.Region, relation.Since)));
    }

    /// <summary>Releases a relative's part after the payment was made: it leaves the account.</summary>
    public static Decision PostDraw(PersonState state, Guid attempt, int party, DateTimeOffset now) =>
        state.FindHold(attempt) is { } hold
            ? Decision.Append(Next(
                state, attempt, Legs.PartOutcome(party), EntryKind.DrawPosted, new Amounts(0, 0, -hold.AmountFen, 0), state.TimeFor(now), null))
            : NotOpen(attempt);

    /// <summary>Returns a relative's part after the payment was abandoned: to its pockets, or all to the personal account if the relation that it was drawn on has ended.</summary>
    public static Decision VoidDraw(PersonState state, Guid attempt, int party, DateTimeOffset now) =>
        state.FindHold(attempt) is { } hold
            ? Decision.Append(Next(
                state,
                attempt,
                Legs.PartOutcome(party),
                EntryKind.DrawVoided,
                ToPockets(state, hold.Payee, hold.Version, hold.Taken.PersonalFen, hold.Taken.QuotaFen) + new Amounts(0, 0, -hold.AmountFen, 0),
                state.TimeFor(now),
                null))
            : NotOpen(attempt);

    /// <summary>Refuses when the given operation has paid a contribution of this person, or is about to; otherwise there is nothing to do. Only a look: the claim decides.</summary>
    public static Decision LookAtContribution(PersonState state, ContributionYear contribution, Guid paidBy) =>
        state.PaidBy(contribution) == paidBy ? AlreadyPaid(contribution) : Decision.Nothing;

    /// <summary>
    /// Keeps anybody else from paying a contribution of this person ("once per person, scheme and year unless refunded"). The payment is booked where the person was insured when
    /// it was opened; if the person has moved since, it must be opened again.
    /// </summary>
    public static Decision ClaimContribution(PersonState state, Guid attempt, int party, ContributionTerms terms, RegionCode region, DateTimeOffset now) =>
        !state.IsRegistered ? NoSuchPerson(state)
        : state.PaidBy(terms.Contribution) is not null ? AlreadyPaid(terms.Contribution)
        : state.Region != region ? Decision.Refused(RefusalCode.WrongState, $"{state.Person} has moved meanwhile.")
        : Decision.Append(Next(state, attempt, Legs.Part(party), EntryKind.ContributionClaimed, Amounts.Zero, state.TimeFor(now), terms with { Region = state.Region }));

    /// <summary>Records that the claimed contribution was paid, or was not.</summary>
    public static Decision EndClaim(PersonState state, Guid attempt, int party, ContributionTerms terms, bool isPaid, DateTimeOffset now) =>
        state.PaidBy(terms.Contribution) == attempt
            ? Decision.Append(Next(
                state,
                attempt,
                Legs.PartOutcome(party),
                isPaid ? EntryKind.ContributionKept : EntryKind.ContributionDropped,
                Amounts.Zero,
                state.TimeFor(now),
                terms))
            : NotOpen(attempt);

    /// <summary>
    /// Refunds, whole or in part, to the pockets that the money came from, in reverse order of use, and never more than was paid ("A refund goes back …"). Cash goes
    /// back where it was paid. A contribution that is refunded whole can be paid again.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The amount is not positive: the code that read the order should have refused it.</exception>
    public static Decision Refund(PersonState state, RefundOrder order, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(order.AmountFen);
        if (!state.IsRegistered)
        {
            return NoSuchPerson(state);
        }

        List<PaymentPart> parts = [];
        List<int> places = [];
        long leftFen = order.AmountFen;
        long paidFen = 0;
        for (int place = order.Terms.Parts.Count - 1; place >= 0; place--)
        {
            PaymentPart part = order.Terms.Parts[place];
            long openFen = part.AmountFen - state.ReversedFen(order.Attempt, place);
            paidFen += openFen;
            long fen = Math.Min(leftFen, openFen);
            if (fen > 0)
            {
                RegionCode region = part.Account == state.Person ? state.Region : order.Regions?.GetValueOrDefault(part.Account, part.Region) ?? part.Region;
                parts.Add(part with { AmountFen = fen, Region = region });
                places.Add(place);
                leftFen -= fen;
            }
        }

        if (leftFen > 0)
        {
            return Decision.Refused(RefusalCode.RefundOverPayment, Text($"{order.AmountFen} fen are asked back; of what accounts paid, {paidFen} fen are left."));
        }

        bool isReleased = order.Terms.Bill.Contribution is not null && paidFen == order.AmountFen;
        RefundTerms terms = new(order.Terms.Payment, order.Attempt, order.Terms.Bill, parts, places, isReleased, order.Terms.Institution);
        return Grow(
            state,
            order.Id,
            Leg.Opening,
            terms.Parties(state.Person).Count == 0 ? EntryKind.Refunded : EntryKind.RefundOpened,
            PaymentParts.Of(parts, state.Person),
            now,
            terms);
    }

    /// <summary>
    /// Returns a relative's part of a refund: to the quota that it came from, or to the personal account if that quota no longer exists. Nothing is checked
    /// that could refuse it: it is the relative's own money.
    /// </summary>
    /// <param name="state">The relative's account.</param>
    /// <param name="refund">The operation.</param>
    /// <param name="party">The relative's place in it.</param>
    /// <param name="asked">Whose payment it was, and where the refund was booked.</param>
    /// <param name="drawn">The entry of this account that set the money aside. Null: it was not found, so it is unknown which quota the money came from.</param>
    /// <param name="personalFen">What came from the personal account, in fen.</param>
    /// <param name="quotaFen">What came from the quota, in fen.</param>
    /// <param name="now">The time.</param>
    public static Decision RefundDraw(
        PersonState state, Guid refund, int party, DrawRefundTerms asked, Entry? drawn, long personalFen, long quotaFen, DateTimeOffset now) =>
        !state.IsRegistered
            ? NoSuchPerson(state)
            : Decision.Append(Next(
                state,
                refund,
                Legs.Part(party),
                EntryKind.DrawRefunded,
                ToPockets(state, asked.Payer, drawn?.Version ?? 0, personalFen, quotaFen),
                state.TimeFor(now),
                asked with { Region = state.Region, Attempt = drawn?.Operation }));

    /// <summary>Records that a contribution that somebody else had paid was refunded.</summary>
    public static Decision ReleaseContribution(PersonState state, Guid refund, int party, ContributionTerms terms, DateTimeOffset now) =>
        !state.IsRegistered
            ? NoSuchPerson(state)
            : Decision.Append(Next(state, refund, Legs.Part(party), EntryKind.ContributionReleased, Amounts.Zero, state.TimeFor(now), terms));

    /// <summary>Records that every party has its part of a refund.</summary>
    public static Decision EndRefund(PersonState state, Guid refund, DateTimeOffset now) =>
        Decision.Append(Next(state, refund, Leg.Outcome, EntryKind.RefundDone, Amounts.Zero, state.TimeFor(now), null));

    /// <summary>The operation of an attempt at a payment: first the payment's own id, then a version 8 UUID (RFC 9562) of that id and the attempt's number.</summary>
    public static Guid AttemptId(Guid payment, int attempt)
    {
        if (attempt == 0)
        {
            return payment;
        }

        Span<byte> text = stackalloc byte[16 + sizeof(int)];
        payment.TryWriteBytes(text, bigEndian: true, out int length);
        BinaryPrimitives.WriteInt32BigEndian(text[length..], attempt);
        return NamedIds.Of(text);
    }

    /// <summary>The refusal to pay with somebody's money for a person to whom they have no relation with both sides' consent: that is aid, which only relatives give.</summary>
    public static Refusal NoConsent(string giver, string recipient) => new(RefusalCode.NoRelation, $"There is no relation from {giver} to {recipient} that both consent to.");

    private static Refusal? RefuseContribution(PersonState state, PaymentOrder order, bool isOwn)
    {
        if (order.Contribution is not { } contribution)
        {
            return null;
        }

        // Paying for somebody else is aid, which only relatives give.
        if (!isOwn && !(state.Given.TryGetValue(order.Beneficiary, out GivenRelation? relation) && relation.IsConsented))
        {
            return NoConsent(order.Payer, order.Beneficiary);
        }

        return isOwn && state.PaidBy(contribution) is not null ? AlreadyPaid(contribution).Refusal : null;
    }

    private static Decision AlreadyPaid(ContributionYear contribution) => Decision.Refused(
        RefusalCode.WrongState, $"The {Schemes.ToText(contribution.Scheme)} contribution of {contribution.Year} is paid already, or is being paid.");

    /// <summary>The text for a payment that is not covered: what is to be paid, and what each of its sources has, which is everything that was taken.</summary>
    private static string DescribeLack(PaymentOrder order, IReadOnlyList<PaymentPart> parts)
    {
        string sources = string.Join(", ", (order.Sources ?? UsualSources).Select(source => source switch
        {
            PaymentSource.Personal => Text($"personal account {FenOf(Pocket.Personal, isOwn: true)}"),
            PaymentSource.Wallet => Text($"wallet {FenOf(Pocket.Wallet, isOwn: true)}"),
            _ => Text($"relatives {FenOf(null, isOwn: false)}"),
        }));
        string cash = order.Contribution is null ? " Pay less, or let the rest be cash with allowCash: true." : string.Empty;
        return Text($"{order.AmountFen} fen are to be paid, but {PaymentParts.TotalFen(parts)} fen are available ({sources}).{cash}");

        long FenOf(Pocket? pocket, bool isOwn) =>
            PaymentParts.TotalFen(parts.Where(part => (part.Account == order.Payer) == isOwn && (pocket is null || part.Pocket == pocket)));
    }

    private static long OwnFen(PersonState state, PaymentSource source) => source switch
    {
        PaymentSource.Personal => state.Balances.PersonalFen,
        PaymentSource.Wallet => state.Balances.WalletFen,
        _ => 0,
    };

    /// <summary>All quotas first, then the rest of the relatives' money.</summary>
    private static long TakeFromRelatives(List<PaymentPart> parts, long leftFen, IReadOnlyList<DrawOffer> offers)
    {
        foreach (DrawOffer offer in offers)
        {
            leftFen = Take(parts, leftFen, offer.Giver, Pocket.Quota, offer.QuotaFen, offer.Region);
        }

        foreach (DrawOffer offer in offers)
        {
            leftFen = Take(parts, leftFen, offer.Giver, Pocket.Personal, offer.PersonalFen, offer.Region);
        }

        return leftFen;
    }

    private static long Take(List<PaymentPart> parts, long leftFen, string account, Pocket pocket, long thereFen, RegionCode region)
    {
        long fen = Math.Min(leftFen, thereFen);
        if (fen > 0)
        {
            parts.Add(new PaymentPart(account, pocket, fen, region));
        }

        return leftFen - Math.Max(0, fen);
    }

    /// <summary>
    /// Where money that comes back to a relative goes: to the quota, if the relation that it was drawn on still exists. A newer relation between the same two
    /// persons has a quota of its own, to which money of an older one does not belong.
    /// </summary>
    private static Amounts ToPockets(PersonState state, string recipient, long drawnAt, long personalFen, long quotaFen) =>
        state.Given.TryGetValue(recipient, out GivenRelation? relation) && relation.Since < drawnAt && relation.UsedFen >= quotaFen
            ? new Amounts(personalFen, 0, 0, quotaFen)
            : new Amounts(checked(personalFen + quotaFen), 0, 0, 0);
}
