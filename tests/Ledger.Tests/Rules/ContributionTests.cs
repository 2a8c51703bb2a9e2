using static Gongji.Ledger.Tests.Family;
using static Gongji.Ledger.Tests.Given;

namespace Gongji.Ledger.Tests;

public sealed class ContributionTests
{
    private static readonly ContributionTerms ByDaughter = new("daughter", Medical2026);

    private static Decision PayFor(PersonState payer, string beneficiary = "father", int id = 1) =>
        PersonRules.Pay(payer, Contribution(400, "daughter", beneficiary, id), Id(id), Zhengzhou, [], Noon);

    [Fact]
    public void Own_contribution_is_paid_once_per_scheme_and_year()
    {
        PersonState father = Father(5_000);
        Entry entry = Append(father, Pay(father, Contribution(400)));
        Assert.Equal((EntryKind.Paid, Id(1)), (entry.Kind, father.PaidBy(Medical2026)));
        AssertRefused(RefusalCode.WrongState, Pay(father, Contribution(400, id: 2)));
        Append(father, Pay(father, Contribution(400, id: 3) with { Contribution = Medical2026 with { Year = 2027 } }));
        Append(father, Pay(father, Contribution(400, id: 4) with { Contribution = Medical2026 with { Scheme = Scheme.LongTermCare } }));
    }

    [Fact]
    public void Contribution_for_somebody_else_is_the_same_whether_own_sources_were_left_out_or_given()
    {
        PersonState daughter = Giver(1_000);
        PaymentOrder order = Contribution(400, "daughter", "father");
        PaymentState state = PaymentState.From([PayFor(daughter).Entry!])!;

        Assert.True(state.IsSameAs(order with { Sources = [PaymentSource.Personal, PaymentSource.Wallet] }));
        Assert.False(state.IsSameAs(order with { Sources = [PaymentSource.Wallet, PaymentSource.Personal] }));
    }

    [Fact]
    public void Look_at_a_contribution_is_refused_while_that_operation_has_it()
    {
        PersonState father = Father(5_000);
        Assert.Equal(Decision.Nothing, PersonRules.LookAtContribution(father, Medical2026, Id(1)));
        Append(father, Pay(father, Contribution(400)));
        AssertRefused(RefusalCode.WrongState, PersonRules.LookAtContribution(father, Medical2026, Id(1)));
        Assert.Equal(Decision.Nothing, PersonRules.LookAtContribution(father, Medical2026, Id(2)));
        Assert.Equal(Decision.Nothing, PersonRules.LookAtContribution(father, Medical2026 with { Year = 2027 }, Id(1)));
    }

    [Fact]
    public void Own_contribution_that_is_refunded_whole_can_be_paid_again()
    {
        PersonState father = Father(5_000);
        PaymentTerms terms = (PaymentTerms)Append(father, Pay(father, Contribution(400))).Detail!;
        Append(father, PersonRules.Refund(father, new RefundOrder(Id(50), Id(1), terms, 399), Noon));
        AssertRefused(RefusalCode.WrongState, Pay(father, Contribution(400, id: 2)));
        Entry rest = Append(father, PersonRules.Refund(father, new RefundOrder(Id(51), Id(1), terms, 1), Noon));
        Assert.True(((RefundTerms)rest.Detail!).Released);
        Assert.Null(father.PaidBy(Medical2026));
        Append(father, Pay(father, Contribution(400, id: 2)));
        Assert.Equal(Id(2), father.PaidBy(Medical2026));
    }

    [Fact]
    public void Own_contribution_with_a_draw_that_is_abandoned_can_be_paid_again()
    {
        PersonState father = Father(0, 0, "daughter");
        Append(father, Pay(father, Contribution(400), Giver(1_000)));
        Assert.Equal(Id(1), father.PaidBy(Medical2026));
        AssertRefused(RefusalCode.WrongState, Pay(father, Contribution(400, id: 2), Giver(1_000)));
        Append(father, PersonRules.AbandonPayment(father, Id(1), Noon));
        Assert.Null(father.PaidBy(Medical2026));
    }

    [Fact]
    public void Contribution_for_somebody_else_needs_a_relation_that_both_consent_to()
    {
        PersonState daughter = Employee();
        AssertRefused(RefusalCode.NoRelation, PayFor(daughter));
        Append(daughter, Put(daughter));
        AssertRefused(RefusalCode.NoRelation, PayFor(daughter));
        Append(daughter, Consent(daughter));
        Assert.NotNull(PayFor(daughter).Entry);
        AssertRefused(RefusalCode.NoRelation, PayFor(daughter, "mother"));
    }

    [Fact]
    public void Contribution_for_somebody_else_comes_from_the_payers_own_pockets()
    {
        PersonState daughter = WithWalletFen(Giver(300), 1_000);
        Decision decision = PayFor(daughter);
        Assert.Equal([("daughter", Pocket.Personal, 300), ("daughter", Pocket.Wallet, 100)], PartsOf(decision));
        Assert.Equal((EntryKind.PaymentOpened, new Amounts(-300, -100, 400, 0)), (decision.Entry!.Kind, decision.Entry.Amounts));
        Assert.Equal(["father"], TermsOf(decision).Parties("daughter"));
        Assert.Equal((Zhengzhou, Suzhou), (TermsOf(decision).Region, TermsOf(decision).Parts[0].Region));
        Append(daughter, decision);
        Entry made = Append(daughter, PersonRules.MakePayment(daughter, Id(1), TermsOf(decision), Noon));
        DateOnly day = BusinessTime.DayOf(Noon);
        Assert.Equal(
            new Dictionary<DeltaKey, DeltaSum>
            {
                [new(Activity.Contribution, Tier.SameRegion, day, Zhengzhou, Zhengzhou)] = new(1, 0),
                [new(Activity.ContributionDraw, Tier.CrossProvince, day, Suzhou, Zhengzhou)] = new(1, 400),
            },
            Deltas.Of(made));
        Assert.Null(daughter.PaidBy(Medical2026));
    }

    [Fact]
    public void Contribution_for_somebody_else_does_not_take_a_residents_personal_money()
    {
        PersonState daughter = WithWalletFen(Giver(300), 1_000);
        Append(daughter, PersonRules.Register(daughter, new Registration(Suzhou, Insurance.Resident, InsuranceStatus.Active), Noon));
        AssertRefused(RefusalCode.NotInsured, PayFor(daughter));
        Assert.Equal(
            [("daughter", Pocket.Wallet, 400)],
            PartsOf(PersonRules.Pay(daughter, Contribution(400, "daughter") with { Sources = [PaymentSource.Wallet] }, Id(1), Zhengzhou, [], Noon)));
    }

    [Fact]
    public void Claim_keeps_everybody_else_from_paying()
    {
        PersonState father = Father(5_000);
        Entry claim = Append(father, PersonRules.ClaimContribution(father, Id(1), 0, ByDaughter, father.Region, Noon));
        Assert.Equal((EntryKind.ContributionClaimed, Legs.Part(0), Amounts.Zero), (claim.Kind, claim.Leg, claim.Amounts));
        AssertRefused(RefusalCode.WrongState, PersonRules.ClaimContribution(father, Id(2), 0, ByDaughter with { Payer = "son" }, father.Region, Noon));
        AssertRefused(RefusalCode.WrongState, Pay(father, Contribution(400, id: 3)));
        Entry kept = Append(father, PersonRules.EndClaim(father, Id(1), 0, ByDaughter, isPaid: true, Noon));
        Assert.Equal((EntryKind.ContributionKept, Legs.PartOutcome(0)), (kept.Kind, kept.Leg));
        AssertRefused(RefusalCode.WrongState, Pay(father, Contribution(400, id: 3)));
    }

    [Fact]
    public void Claim_that_is_dropped_can_be_made_by_another()
    {
        PersonState father = Father(5_000);
        Append(father, PersonRules.ClaimContribution(father, Id(1), 0, ByDaughter, father.Region, Noon));
        AssertRefused(RefusalCode.WrongState, PersonRules.EndClaim(father, Id(2), 0, ByDaughter, isPaid: false, Noon));
        Entry dropped = Append(father, PersonRules.EndClaim(father, Id(1), 0, ByDaughter, isPaid: false, Noon));
        Assert.Equal(EntryKind.ContributionDropped, dropped.Kind);
        Append(father, PersonRules.ClaimContribution(father, Id(2), 0, ByDaughter with { Payer = "son" }, father.Region, Noon));
        Assert.Equal(Id(2), father.PaidBy(Medical2026));
    }

    [Fact]
    public void Claim_of_unknown_person_is_refused() =>
        AssertRefused(RefusalCode.NoSuchPerson, PersonRules.ClaimContribution(new PersonState("x"), Id(1), 0, ByDaughter, Zhengzhou, Noon));

    [Fact]
    public void Refund_of_a_contribution_for_somebody_else_releases_it()
    {
        PersonState daughter = Giver();
        PersonState father = Father();
        Decision opening = PayFor(daughter);
        PaymentTerms terms = TermsOf(opening);
        Append(daughter, opening);
        Append(father, PersonRules.ClaimContribution(father, Id(1), 0, ByDaughter, father.Region, Noon));
        Append(daughter, PersonRules.MakePayment(daughter, Id(1), terms, Noon));
        Append(father, PersonRules.EndClaim(father, Id(1), 0, ByDaughter, isPaid: true, Noon));

        Entry part = Append(daughter, PersonRules.Refund(daughter, new RefundOrder(Id(50), Id(1), terms, 100), Noon));
        Assert.Equal((EntryKind.Refunded, false), (part.Kind, ((RefundTerms)part.Detail!).Released));
        Entry rest = Append(daughter, PersonRules.Refund(daughter, new RefundOrder(Id(51), Id(1), terms, 300), Noon));
        Assert.Equal((EntryKind.RefundOpened, true), (rest.Kind, ((RefundTerms)rest.Detail!).Released));
        Assert.Equal(["father"], ((RefundTerms)rest.Detail!).Parties("daughter"));
        Append(father, PersonRules.ReleaseContribution(father, Id(51), 0, ByDaughter, Noon));
        Assert.Null(father.PaidBy(Medical2026));
    }
}
