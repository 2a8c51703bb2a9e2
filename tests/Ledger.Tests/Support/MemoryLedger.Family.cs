namespace Gongji.Ledger.Tests;

/// <summary>
/// Relations and payments. As for transfers, this class orders the legs as a coordinator must: a payment is made only when every part is set aside,
/// and a part ends only after the decision.
/// </summary>
internal sealed partial class MemoryLedger
{
    private readonly Dictionary<Guid, int> _attempts = [];
    private readonly List<Guid> _refunds = [];

    /// <summary>The operations of payments, in the order in which they were opened.</summary>
    public List<Guid> Attempts { get; } = [];

    public IReadOnlyList<Guid> Refunds => _refunds;

    public PaymentState? Payment(Guid attempt) => PaymentState.From(_operations.GetValueOrDefault(attempt) ?? []);

    public RefundState? RefundOf(Guid refund) => RefundState.From(_operations.GetValueOrDefault(refund) ?? []);

    public LedgerAnswer CloseWallet(string person) => Append(Person(person), PersonRules.CloseWallet(Person(person), Now));

    public LedgerAnswer Correct(string person, Guid id, Guid credit, long amountFen) =>
        Entries.Find(entry => entry.Operation == credit && entry.Kind == EntryKind.Credit && entry.Account == person) is { } credited
            ? Append(Person(person), PersonRules.CorrectCredit(Person(person), new CorrectionOrder(id, amountFen, "2026-03", credit), credited.Amounts.PersonalFen, Now))
            : LedgerAnswer.Refused(RefusalCode.WrongState);

    public LedgerAnswer Propose(string giver, string recipient, Kinship kinship, long? quotaFen)
    {
        PersonState state = Person(giver);
        PersonState other = Person(recipient);
        PayeeStanding standing = new(other.Region, other.IsRegistered && other.Status == InsuranceStatus.Active, other.Wallet is not null, false);
        return Append(state, PersonRules.PutRelation(state, recipient, kinship, quotaFen, standing, RulesOf(state.Region), RulesOf(other.Region), Now));
    }

    public LedgerAnswer Join(string recipient, string giver) => Append(Person(recipient), PersonRules.JoinRelation(Person(recipient), giver, Now));

    public LedgerAnswer Leave(string recipient, string giver) => Append(Person(recipient), PersonRules.LeaveRelation(Person(recipient), giver, Now));

    public LedgerAnswer Order(string recipient, IReadOnlyList<string> first) => first.Distinct().Count() == first.Count
        ? Append(Person(recipient), PersonRules.OrderRelatives(Person(recipient), first, Now))
        : LedgerAnswer.Refused(RefusalCode.NoRelation);

    /// <summary>Consents to a relation, which only a recipient who has joined can do.</summary>
    public LedgerAnswer Consent(string giver, string recipient) => Person(recipient).Givers.Contains(giver)
        ? Append(Person(giver), PersonRules.ConsentRelation(
            Person(giver), recipient, Person(recipient).Region, RulesOf(Person(giver).Region), RulesOf(Person(recipient).Region), Now))
        : LedgerAnswer.Refused(RefusalCode.NoRelation);

    public LedgerAnswer Dissolve(string giver, string recipient) => Append(Person(giver), PersonRules.DissolveRelation(Person(giver), recipient, Now));

    /// <summary>Informs the next giver of a move or stop; when all have been informed, records that.</summary>
    public LedgerAnswer TellLeaving(string recipient)
    {
        PersonState state = Person(recipient);
        if (state.LeavingIn is not { } operation)
        {
            return LedgerAnswer.Nothing;
        }

        string? giver = state.Leaving.FirstOrDefault(name => Person(name).Given.ContainsKey(recipient));
        return giver is not null ? Dissolve(giver, recipient) : Append(state, PersonRules.EndLeaving(state, operation, Now));
    }

    /// <summary>Opens a payment, or the next attempt after an abandoned one.</summary>
    public LedgerAnswer OpenPayment(PaymentOrder order)
    {
        PersonState payer = Person(order.Payer);
        int number = _attempts.GetValueOrDefault(order.Id);
        Guid attempt = PersonRules.AttemptId(order.Id, number);
        if (Payment(attempt) is { IsDone: true, IsAbandoned: true })
        {
            _attempts[order.Id] = ++number;
            attempt = PersonRules.AttemptId(order.Id, number);
        }

        DrawOffer[] offers =
        [
            .. payer.Givers.Select(Person)
                .Where(giver => giver.Insurance == Insurance.Employee && giver.Status == InsuranceStatus.Active && giver.Given.TryGetValue(order.Payer, out GivenRelation? relation) && relation.IsConsented)
                .Select(giver => new DrawOffer(giver.Person, giver.Region, giver.Given[order.Payer].LeftFen, giver.Balances.PersonalFen)),
        ];
        LedgerAnswer answer = Append(payer, PersonRules.Pay(payer, order, attempt, Person(order.Beneficiary).Region, offers, Now));
        if (answer.Entry is not null)
        {
            Attempts.Add(attempt);
        }

        return answer;
    }

    public LedgerAnswer OpenPart(Guid attempt, int party)
    {
        if (Payment(attempt) is not { } payment || party >= payment.Parties.Count)
        {
            return LedgerAnswer.Refused(RefusalCode.NoSuchPayment);
        }

        PersonState state = Person(payment.Parties[party]);
        if (state.FindHold(attempt) is not null)
        {
            return LedgerAnswer.Nothing;
        }

        Amounts amounts = PaymentParts.Of(payment.Terms.Parts, state.Person);
        if (amounts == Amounts.Zero)
        {
            return Append(state, PersonRules.ClaimContribution(state, attempt, party, new ContributionTerms(payment.Payer, payment.Terms.Bill.Contribution!.Value), payment.Terms.Region, Now));
        }

        RegionCode region = payment.Terms.Parts.First(part => part.Account == state.Person).Region;
        return Append(state, PersonRules.HoldDraw(state, new DrawOrder(attempt, party, payment.Payer, payment.Terms.Bill, region, amounts.PersonalFen, amounts.QuotaFen), Now));
    }

    public LedgerAnswer Make(Guid attempt) => Payment(attempt) is { } payment && Enumerable.Range(0, payment.Parties.Count).All(payment.HasOpened)
        ? Append(Person(payment.Payer), PersonRules.MakePayment(Person(payment.Payer), attempt, payment.Terms, Now))
        : LedgerAnswer.Refused(RefusalCode.WrongState);

    public LedgerAnswer Abandon(Guid attempt) => Payment(attempt) is { } payment
        ? Append(Person(payment.Payer), PersonRules.AbandonPayment(Person(payment.Payer), attempt, Now))
        : LedgerAnswer.Refused(RefusalCode.NoSuchPayment);

    public LedgerAnswer EndPart(Guid attempt, int party)
    {
        if (Payment(attempt) is not { IsDecided: true } payment || party >= payment.Parties.Count || !payment.HasOpened(party))
        {
            return LedgerAnswer.Refused(RefusalCode.WrongState);
        }

        PersonState state = Person(payment.Parties[party]);
        Decision decision = PaymentParts.Of(payment.Terms.Parts, state.Person) != Amounts.Zero
            ? payment.IsMade ? PersonRules.PostDraw(state, attempt, party, Now) : PersonRules.VoidDraw(state, attempt, party, Now)
            : PersonRules.EndClaim(state, attempt, party, new ContributionTerms(payment.Payer, payment.Terms.Bill.Contribution!.Value), payment.IsMade, Now);
        return Append(state, decision);
    }

    /// <summary>Takes a payment one leg further, as a resuming coordinator does.</summary>
    public LedgerAnswer GoOn(Guid attempt, bool abandon)
    {
        if (Payment(attempt) is not { } payment)
        {
            return LedgerAnswer.Refused(RefusalCode.NoSuchPayment);
        }

        int[] parties = [.. Enumerable.Range(0, payment.Parties.Count)];
        if (payment.IsDecided)
        {
            int open = Array.FindIndex(parties, party => payment.HasOpened(party) && !payment.HasEnded(party));
            return open < 0 ? LedgerAnswer.Nothing : EndPart(attempt, open);
        }

        int lacking = Array.FindIndex(parties, party => !payment.HasOpened(party));
        return abandon ? Abandon(attempt) : lacking < 0 ? Make(attempt) : OpenPart(attempt, lacking);
    }

    public LedgerAnswer Refund(Guid id, Guid attempt, long amountFen)
    {
        if (Payment(attempt) is not { IsMade: true } payment)
        {
            return LedgerAnswer.Refused(RefusalCode.NoSuchPayment);
        }

        LedgerAnswer answer = Append(Person(payment.Payer), PersonRules.Refund(Person(payment.Payer), new RefundOrder(id, attempt, payment.Terms, amountFen, payment.Parties.ToDictionary(party => party, party => Person(party).Region)), Now));
        if (answer.Entry is not null)
        {
            _refunds.Add(id);
        }

        return answer;
    }

    /// <summary>Takes a refund one leg further.</summary>
    public LedgerAnswer GoOnRefund(Guid refund)
    {
        if (RefundOf(refund) is not { IsDone: false } state)
        {
            return LedgerAnswer.Nothing;
        }

        int party = Array.FindIndex([.. Enumerable.Range(0, state.Parties.Count)], one => !state.Has(one));
        return party < 0 ? Append(Person(state.Payer), PersonRules.EndRefund(Person(state.Payer), refund, Now)) : TakeRefund(state, party);
    }

    public LedgerAnswer TakeRefund(RefundState refund, int party)
    {
        PersonState state = Person(refund.Parties[party]);
        Bill bill = refund.Terms.Bill;
        Amounts due = PaymentParts.Of(refund.Terms.Parts, state.Person);
        Entry? drawn = _operations[refund.Terms.Attempt].Find(entry => entry.Kind == EntryKind.DrawHeld && entry.Account == state.Person);
        return Append(state, due == Amounts.Zero
            ? PersonRules.ReleaseContribution(state, refund.Id, party, new ContributionTerms(refund.Payer, bill.Contribution!.Value), Now)
            : PersonRules.RefundDraw(state, refund.Id, party, new DrawRefundTerms(refund.Payer, refund.Terms.Parts.First(part => part.Account == state.Person).Region, state.Region), drawn, due.PersonalFen, due.QuotaFen, Now));
    }
}
