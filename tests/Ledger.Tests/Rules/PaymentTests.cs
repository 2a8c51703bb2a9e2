using static Gongji.Ledger.Tests.Family;
using static Gongji.Ledger.Tests.Given;

namespace Gongji.Ledger.Tests;

public sealed class PaymentTests
{
    [Fact]
    public void Payment_from_own_money_is_one_entry()
    {
        PersonState father = Father(500, 300);
        Entry entry = Append(father, Pay(father, Bill(700)));
        Assert.Equal((EntryKind.Paid, Leg.Opening, Id(1)), (entry.Kind, entry.Leg, entry.Operation));
        Assert.Equal(new Amounts(-500, -200, 0, 0), entry.Amounts);
        Assert.Equal(new Amounts(0, 100, 0, 0), father.Balances);
        PaymentTerms terms = Assert.IsType<PaymentTerms>(entry.Detail);
        Assert.Equal([("father", Pocket.Personal, 500), ("father", Pocket.Wallet, 200)], PartsOf(terms.Parts));
        Assert.Equal((Id(1), Hospital, 700, 0, false), (terms.Payment, terms.Institution, terms.AmountFen, terms.CashFen, terms.AllowCash));
        Assert.Equal(new Bill(PaymentPurpose.Hospital, "father", Zhengzhou), terms.Bill);
        Assert.Null(terms.Sources);
        Assert.Empty(father.OpenHolds);
    }

    [Theory]
    [InlineData(500, 1)]
    [InlineData(501, 2)]
    [InlineData(800, 2)]
    public void Payment_uses_a_source_only_when_the_one_before_is_used_up(long amountFen, int parts) =>
        Assert.Equal(parts, PartsOf(Pay(Father(500, 300), Bill(amountFen))).Length);

    [Fact]
    public void Payment_draws_personal_then_wallet_then_quotas_then_relatives_money()
    {
        PersonState daughter = Giver(10_000, 2_000);
        PersonState son = Giver(5_000, 1_000, "son", Nanjing);
        PersonState father = Father(100, 50, "daughter", "son");
        Decision decision = Pay(father, Bill(3_000 + 8_000 + 150 + 7), daughter, son);
        Assert.Equal(
            [
                ("father", Pocket.Personal, 100), ("father", Pocket.Wallet, 50), ("daughter", Pocket.Quota, 2_000), ("son", Pocket.Quota, 1_000),
                ("daughter", Pocket.Personal, 8_000), ("son", Pocket.Personal, 7),
            ],
            PartsOf(decision));
        Assert.Equal([Zhengzhou, Zhengzhou, Suzhou, Nanjing, Suzhou, Nanjing], TermsOf(decision).Parts.Select(part => part.Region));
        Assert.Equal((EntryKind.PaymentOpened, new Amounts(-100, -50, 150, 0)), (decision.Entry!.Kind, decision.Entry.Amounts));
        Assert.Equal(["daughter", "son"], TermsOf(decision).Parties("father"));
    }

    [Fact]
    public void Payment_draws_in_the_order_that_is_asked_for()
    {
        PersonState daughter = Giver(1_000, 400);
        PersonState father = Father(100, 50, "daughter");
        Assert.Equal(
            [("daughter", Pocket.Quota, 400), ("daughter", Pocket.Personal, 600), ("father", Pocket.Wallet, 10)],
            PartsOf(Pay(father, Bill(1_010, sources: [PaymentSource.Relatives, PaymentSource.Wallet, PaymentSource.Personal]), daughter)));
        Assert.Equal([("father", Pocket.Wallet, 30)], PartsOf(Pay(father, Bill(30, sources: [PaymentSource.Wallet]), daughter)));
    }

    [Theory]
    [InlineData(true, PaymentSource.Relatives)]
    [InlineData(true, PaymentSource.Personal, PaymentSource.Relatives)]
    [InlineData(false, PaymentSource.Wallet, PaymentSource.Relatives)]
    [InlineData(false, PaymentSource.Personal, PaymentSource.Wallet)]
    public void Relatives_are_asked_only_when_what_comes_before_does_not_cover(bool asked, params PaymentSource[] sources) =>
        Assert.Equal(asked, PersonRules.NeedsRelatives(Father(99, 100, "daughter"), Bill(100, sources: sources)));

    [Fact]
    public void Relatives_are_not_asked_when_there_are_none_or_for_somebody_elses_contribution()
    {
        Assert.False(PersonRules.NeedsRelatives(Father(), Bill(100)));
        Assert.False(PersonRules.NeedsRelatives(Father(0, 0, "daughter"), Contribution(100, beneficiary: "mother")));
        Assert.True(PersonRules.NeedsRelatives(Father(0, 0, "daughter"), Contribution(100)));
    }

    [Fact]
    public void Payment_leaves_the_rest_to_cash_when_that_is_allowed()
    {
        Decision decision = Pay(Father(60), Bill(100, allowCash: true));
        Assert.Equal((40L, 100L, true), (TermsOf(decision).CashFen, TermsOf(decision).AmountFen, TermsOf(decision).AllowCash));
        Assert.Equal(new Amounts(-60, 0, 0, 0), decision.Entry!.Amounts);
    }

    [Fact]
    public void Payment_all_in_cash_moves_nothing_but_counts()
    {
        Decision decision = Pay(Father(), Bill(100, allowCash: true));
        Assert.Equal((EntryKind.Paid, Amounts.Zero, 100L), (decision.Entry!.Kind, decision.Entry.Amounts, TermsOf(decision).CashFen));
        Assert.Empty(TermsOf(decision).Parts);
        Assert.Equal(
            new Dictionary<DeltaKey, DeltaSum> { [new(Activity.Payment, Tier.SameRegion, BusinessTime.DayOf(Noon), Zhengzhou, Zhengzhou)] = new(1, 0) },
            Deltas.Of(decision.Entry));
    }

    [Fact]
    public void Payment_with_relatives_money_and_cash_says_both()
    {
        PersonState daughter = Giver(30, 10);
        Decision decision = Pay(Father(5, 0, "daughter"), Bill(100, allowCash: true), daughter);
        Assert.Equal([("father", Pocket.Personal, 5), ("daughter", Pocket.Quota, 10), ("daughter", Pocket.Personal, 20)], PartsOf(decision));
        Assert.Equal(65, TermsOf(decision).CashFen);
    }

    [Fact]
    public void Payment_of_one_fen_too_much_is_refused()
    {
        PersonState daughter = Giver(30, 10);
        PersonState father = Father(5, 0, "daughter");
        Assert.NotNull(Pay(father, Bill(35), daughter).Entry);
        AssertRefused(RefusalCode.InsufficientFunds, Pay(father, Bill(36), daughter));
    }

    [Fact]
    public void Payment_from_relatives_only_without_any_has_no_relation()
    {
        AssertRefused(RefusalCode.NoRelation, Pay(Father(500), Bill(100, sources: [PaymentSource.Relatives])));
        AssertRefused(RefusalCode.InsufficientFunds, Pay(Father(), Bill(100, sources: [PaymentSource.Personal, PaymentSource.Relatives])));
        AssertRefused(RefusalCode.InsufficientFunds, Pay(Father(0, 0, "daughter"), Bill(100, sources: [PaymentSource.Relatives])));
    }

    [Fact]
    public void Payment_by_unknown_person_is_refused() =>
        AssertRefused(RefusalCode.NoSuchPerson, Pay(new PersonState("father"), Bill(1)));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Payment_of_no_positive_amount_is_a_bug(long amountFen) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Pay(Father(100), Bill(amountFen)));

    [Fact]
    public void Payment_by_a_person_whose_insurance_stopped_uses_what_they_have()
    {
        PersonState father = Stopped(Father(100));
        Append(father, Pay(father, Bill(100)));
        Assert.Equal(0, father.Balances.PersonalFen);
    }

    [Fact]
    public void Payment_cannot_use_what_is_earmarked_or_held()
    {
        PersonState daughter = Giver(100, 60);
        AssertRefused(RefusalCode.InsufficientFunds, Pay(daughter, Bill(41, payer: "daughter")));
        Append(daughter, Hold(daughter, Order(9, 40)));
        AssertRefused(RefusalCode.InsufficientFunds, Pay(daughter, Bill(1, payer: "daughter")));
    }

    [Fact]
    public void Payment_opened_and_made_takes_the_own_part_once()
    {
        PersonState daughter = Giver(1_000);
        PersonState father = Father(100, 50, "daughter");
        (PaymentTerms terms, List<Entry> entries) = PayWhole(father, Bill(400), daughter);
        Assert.Equal([EntryKind.PaymentOpened, EntryKind.DrawHeld, EntryKind.PaymentMade, EntryKind.DrawPosted], entries.Select(entry => entry.Kind));
        Assert.Equal([Leg.Opening, Legs.Part(0), Leg.Answer, Legs.PartOutcome(0)], entries.Select(entry => entry.Leg));
        Assert.Equal((Amounts.Zero, new Amounts(750, 0, 0, 0)), (father.Balances, daughter.Balances));
        Assert.Empty(father.OpenHolds);
        Assert.Empty(daughter.OpenHolds);
        PaymentState? state = PaymentState.From(entries);
        Assert.NotNull(state);
        Assert.Equal((true, true, true, false), (state.IsDecided, state.IsMade, state.IsDone, state.IsAbandoned));
        Assert.Same(terms, state.Terms);
    }

    [Fact]
    public void Payment_abandoned_gives_every_pocket_back()
    {
        PersonState father = Father(100, 50, "daughter");
        Append(father, Pay(father, Bill(400), Giver(1_000)));
        Assert.Equal(new Amounts(0, 0, 150, 0), father.Balances);
        Entry entry = Append(father, PersonRules.AbandonPayment(father, Id(1), Noon));
        Assert.Equal((EntryKind.PaymentAbandoned, Leg.Answer), (entry.Kind, entry.Leg));
        Assert.Equal(new Amounts(100, 50, 0, 0), father.Balances);
        AssertRefused(RefusalCode.WrongState, PersonRules.AbandonPayment(father, Id(1), Noon));
        AssertRefused(RefusalCode.WrongState, PersonRules.MakePayment(father, Id(1), TermsOf(Pay(father, Bill(1))), Noon));
    }

    [Fact]
    public void Payment_past_the_most_open_holds_is_refused_only_when_it_needs_one()
    {
        PersonState father = Father(Limits.OpenHoldsMax + 1, 0, "daughter");
        RegionRules generous = Live with { MaxTransfersPerDay = Limits.TransfersPerDayMax };
        for (int number = 1; number <= Limits.OpenHoldsMax; number++)
        {
            Append(father, Hold(father, Order(100 + number, 1, "father", "mother"), payee: Payee with { AutoAccept = true }, rules: generous));
        }

        AssertRefused(RefusalCode.PreviousTransferWaiting, Pay(father, Bill(100), Giver(1_000)));
        Assert.Equal(EntryKind.Paid, Pay(father, Bill(1)).Entry!.Kind);
    }

    [Fact]
    public void Payment_deltas_are_one_for_the_beneficiary_and_one_for_each_who_aids()
    {
        PersonState daughter = Giver(1_000, 100);
        PersonState son = Giver(1_000, 0, "son", region: Zhengzhou);
        PersonState father = Father(10, 5, "daughter", "son");
        (_, List<Entry> entries) = PayWhole(father, Bill(10 + 5 + 100 + 900 + 30), daughter, son);
        DateOnly day = BusinessTime.DayOf(Noon);
        Dictionary<DeltaKey, DeltaSum> expected = new()
        {
            [new(Activity.Payment, Tier.SameRegion, day, Zhengzhou, Zhengzhou)] = new(1, 15),
            [new(Activity.Draw, Tier.CrossProvince, day, Suzhou, Zhengzhou)] = new(1, 1_000),
            [new(Activity.Draw, Tier.SameRegion, day, Zhengzhou, Zhengzhou)] = new(1, 30),
        };
        Assert.Equal(expected, Deltas.Aggregate(entries));
        Assert.Equal(expected, Deltas.Of(entries.Single(entry => entry.Kind == EntryKind.PaymentMade)));
        Assert.Equal(new Dictionary<RegionCode, long> { [Suzhou] = 1_000 }, Escrow.Debits(expected));
    }

    [Theory]
    [InlineData(PaymentPurpose.Hospital, Activity.Payment, Activity.Draw)]
    [InlineData(PaymentPurpose.Pharmacy, Activity.PharmacyPayment, Activity.PharmacyDraw)]
    [InlineData(PaymentPurpose.Contribution, Activity.Contribution, Activity.ContributionDraw)]
    public void Activity_of_money_is_aid_unless_it_is_the_beneficiarys_own(PaymentPurpose purpose, Activity own, Activity aid)
    {
        Bill bill = new(purpose, "father", Zhengzhou);
        Assert.Equal((own, aid), (bill.ActivityOf("father"), bill.ActivityOf("daughter")));
    }

    [Fact]
    public void Attempts_at_a_payment_have_operations_of_their_own()
    {
        Assert.Equal(Id(1), PersonRules.AttemptId(Id(1), 0));
        Guid[] ids = [.. Enumerable.Range(0, 5).Select(number => PersonRules.AttemptId(Id(1), number)), .. Enumerable.Range(0, 5).Select(number => PersonRules.AttemptId(Id(2), number))];
        Assert.Equal(10, ids.Distinct().Count());
        Assert.Equal(8, PersonRules.AttemptId(Id(1), 1).Version);
    }

    [Fact]
    public void Payment_is_the_same_only_with_the_same_content()
    {
        PaymentOrder order = Bill(100, sources: [PaymentSource.Personal]);
        PaymentState state = PaymentState.From([Pay(Father(100), order).Entry!])!;
        Assert.True(state.IsSameAs(order with { Sources = [PaymentSource.Personal] }));
        Assert.All(
            [
                order with { Id = Id(2) }, order with { Payer = "x" }, order with { Institution = "H1" }, order with { Purpose = PaymentPurpose.Pharmacy },
                order with { Beneficiary = "x" }, order with { Contribution = Medical2026 }, order with { AmountFen = 101 }, order with { AllowCash = true },
                order with { Sources = null }, order with { Sources = [PaymentSource.Wallet] },
            ],
            other => Assert.False(state.IsSameAs(other)));
    }

    [Fact]
    public void Payment_from_the_usual_sources_is_the_same_whether_they_were_left_out_or_given()
    {
        PaymentSource[] usual = [PaymentSource.Personal, PaymentSource.Wallet, PaymentSource.Relatives];
        PaymentOrder[] orders = [Bill(100), Bill(100) with { Sources = usual }];

        foreach (PaymentOrder first in orders)
        {
            PaymentState state = PaymentState.From([Pay(Father(100), first).Entry!])!;
            Assert.All(orders, order => Assert.True(state.IsSameAs(order)));
            Assert.False(state.IsSameAs(first with { Sources = [.. usual.Reverse()] }));
            Assert.False(state.IsSameAs(first with { Sources = usual[..2] }));
        }
    }
}
