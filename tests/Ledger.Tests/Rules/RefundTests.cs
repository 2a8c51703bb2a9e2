using static Gongji.Ledger.Tests.Family;
using static Gongji.Ledger.Tests.Given;

namespace Gongji.Ledger.Tests;

public sealed class RefundTests
{
    private static Decision Refund(PersonState payer, PaymentTerms terms, long amountFen, int id = 50) =>
        PersonRules.Refund(payer, new RefundOrder(Id(id), terms.Payment, terms, amountFen), Noon);

    private static (string, Pocket, long)[] Back(Decision decision)
    {
        Assert.Null(decision.Refusal);
        return PartsOf(((RefundTerms)decision.Entry!.Detail!).Parts);
    }

    private static readonly DrawRefundTerms Terms = new("father", Suzhou, Suzhou);

    /// <summary>The daughter's part of a payment.</summary>
    private static Entry Drawn(IEnumerable<Entry> entries) => entries.Single(entry => entry.Kind == EntryKind.DrawHeld);

    private static Decision RefundDraw(PersonState giver, Entry drawn, long personalFen, long quotaFen, DrawRefundTerms? terms = null) =>
        PersonRules.RefundDraw(giver, Id(50), 0, terms ?? Terms, drawn, personalFen, quotaFen, Noon);

    [Fact]
    public void Refund_of_own_money_is_one_entry()
    {
        PersonState father = Father(500, 300);
        (PaymentTerms terms, _) = PayWhole(father, Bill(700));
        Entry entry = Append(father, Refund(father, terms, 250));
        Assert.Equal((EntryKind.Refunded, Leg.Opening, Id(50), new Amounts(50, 200, 0, 0)), (entry.Kind, entry.Leg, entry.Operation, entry.Amounts));
        Assert.Equal(new Amounts(50, 300, 0, 0), father.Balances);
        RefundTerms back = Assert.IsType<RefundTerms>(entry.Detail);
        Assert.Equal((Id(1), Id(1), false, 250L), (back.Payment, back.Attempt, back.Released, back.AmountFen));
        Assert.Equal([("father", Pocket.Wallet, 200), ("father", Pocket.Personal, 50)], PartsOf(back.Parts));
        Assert.Equal([1, 0], back.Indexes);
    }

    [Fact]
    public void Refund_goes_back_in_reverse_order_of_use()
    {
        PersonState daughter = Giver(1_000, 400);
        PersonState father = Father(100, 50, "daughter");
        (PaymentTerms terms, _) = PayWhole(father, Bill(100 + 50 + 400 + 200), daughter);
        Assert.Equal([("daughter", Pocket.Personal, 200), ("daughter", Pocket.Quota, 400), ("father", Pocket.Wallet, 50), ("father", Pocket.Personal, 30)], Back(Refund(father, terms, 680)));
        Assert.Equal([("daughter", Pocket.Personal, 199)], Back(Refund(father, terms, 199)));
        Assert.Equal([("daughter", Pocket.Personal, 200), ("daughter", Pocket.Quota, 1)], Back(Refund(father, terms, 201)));
        Assert.Equal((EntryKind.RefundOpened, Amounts.Zero), (Refund(father, terms, 201).Entry!.Kind, Refund(father, terms, 201).Entry!.Amounts));
    }

    [Fact]
    public void Refunds_go_on_where_the_last_one_ended_and_never_past_the_payment()
    {
        PersonState daughter = Giver(1_000, 400);
        PersonState father = Father(100, 50, "daughter");
        (PaymentTerms terms, _) = PayWhole(father, Bill(750), daughter);
        Append(father, Refund(father, terms, 250));
        Decision second = Refund(father, terms, 400, 51);
        Assert.Equal([("daughter", Pocket.Quota, 350), ("father", Pocket.Wallet, 50)], Back(second));
        Append(father, second);
        AssertRefused(RefusalCode.RefundOverPayment, Refund(father, terms, 101, 52));
        Append(father, Refund(father, terms, 100, 52));
        AssertRefused(RefusalCode.RefundOverPayment, Refund(father, terms, 1, 53));
        Assert.Equal(new Amounts(100, 50, 0, 0), father.Balances);
    }

    [Fact]
    public void Refund_never_gives_cash_back()
    {
        PersonState father = Father(60);
        (PaymentTerms terms, _) = PayWhole(father, Bill(100, allowCash: true));
        AssertRefused(RefusalCode.RefundOverPayment, Refund(father, terms, 61));
        Assert.NotNull(Refund(father, terms, 60).Entry);
        AssertRefused(RefusalCode.RefundOverPayment, Refund(father, TermsOf(Pay(Father(), Bill(100, allowCash: true))), 1));
    }

    [Fact]
    public void Refund_by_unknown_person_is_refused() =>
        AssertRefused(RefusalCode.NoSuchPerson, Refund(new PersonState("father"), TermsOf(Pay(Father(1), Bill(1))), 1));

    [Fact]
    public void Refund_of_no_positive_amount_is_a_bug() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Refund(Father(), TermsOf(Pay(Father(1), Bill(1))), 0));

    [Fact]
    public void Refund_past_what_a_balance_can_be_is_refused()
    {
        PersonState father = Father(Limits.BalanceFenMax);
        (PaymentTerms terms, _) = PayWhole(father, Bill(10));
        Append(father, PersonRules.Credit(father, new CreditOrder(Id(70), 5, "2026-03"), Noon));
        AssertRefused(RefusalCode.AmountOverLimit, Refund(father, terms, 6));
        Assert.NotNull(Refund(father, terms, 5).Entry);
    }

    [Fact]
    public void Refund_of_a_draw_fills_the_quota_it_came_from()
    {
        PersonState daughter = Giver(1_000, 400);
        PersonState father = Father(0, 0, "daughter");
        (_, List<Entry> entries) = PayWhole(father, Bill(500), daughter);
        Entry entry = Append(daughter, RefundDraw(daughter, Drawn(entries), 100, 150));
        Assert.Equal((EntryKind.DrawRefunded, Legs.Part(0), new Amounts(100, 0, 0, 150)), (entry.Kind, entry.Leg, entry.Amounts));
        Assert.Equal((new Amounts(600, 0, 0, 150), 250L, 150L), (daughter.Balances, daughter.Given["father"].UsedFen, daughter.EarmarkedFen));
    }

    [Fact]
    public void Refund_of_a_draw_after_the_relation_ended_is_personal_money()
    {
        PersonState daughter = Giver(1_000, 400);
        PersonState father = Father(0, 0, "daughter");
        (_, List<Entry> entries) = PayWhole(father, Bill(500), daughter);
        Append(daughter, PersonRules.DissolveRelation(daughter, "father", Noon));
        Append(daughter, RefundDraw(daughter, Drawn(entries), 100, 400));
        Assert.Equal(new Amounts(1_000, 0, 0, 0), daughter.Balances);
    }

    [Fact]
    public void Refund_of_a_draw_does_not_fill_the_quota_of_a_new_relation()
    {
        PersonState daughter = Giver(1_000, 400);
        PersonState father = Father(0, 0, "daughter");
        (_, List<Entry> entries) = PayWhole(father, Bill(500), daughter);
        Append(daughter, PersonRules.DissolveRelation(daughter, "father", Noon));
        Append(daughter, Put(daughter, 10));
        Append(daughter, RefundDraw(daughter, Drawn(entries), 100, 400));
        Assert.Equal(new Amounts(990, 0, 0, 10), daughter.Balances);
    }

    [Fact]
    public void Refund_of_a_draw_on_a_dissolved_relation_goes_to_no_later_relations_quota_though_as_much_of_it_was_used()
    {
        PersonState daughter = Giver(1_000, 100);
        PersonState father = Father(0, 0, "daughter");
        (_, List<Entry> entries) = PayWhole(father, Bill(60), daughter);
        Append(daughter, PersonRules.DissolveRelation(daughter, "father", Noon));
        Append(daughter, Put(daughter, 70));
        Append(daughter, Consent(daughter));
        DrawOrder order = new(Id(2), 0, "father", new Bill(PaymentPurpose.Hospital, "father", Zhengzhou), Suzhou, 0, 70);
        Entry later = Append(daughter, PersonRules.HoldDraw(daughter, order, Noon));
        Append(daughter, PersonRules.PostDraw(daughter, Id(2), 0, Noon));

        // The new quota of 70 is used up.
        Entry back = Append(daughter, RefundDraw(daughter, Drawn(entries), 0, 60));
        Assert.Equal((new Amounts(60, 0, 0, 0), Id(1)), (back.Amounts, ((DrawRefundTerms)back.Detail!).Attempt));
        AssertRefused(RefusalCode.InsufficientFunds, PersonRules.HoldDraw(daughter, order with { Attempt = Id(3), QuotaFen = 1 }, Noon));
        Assert.Equal(new Amounts(0, 0, 0, 70), RefundDraw(daughter, later, 0, 70).Entry!.Amounts);
    }

    [Fact]
    public void Refund_of_a_draw_before_the_quota_was_changed_fills_it()
    {
        PersonState daughter = Giver(1_000, 100);
        PersonState father = Father(0, 0, "daughter");
        (_, List<Entry> entries) = PayWhole(father, Bill(60), daughter);
        Append(daughter, Put(daughter, 200));
        Assert.Equal(new Amounts(0, 0, 0, 60), RefundDraw(daughter, Drawn(entries), 0, 60).Entry!.Amounts);
    }

    [Fact]
    public void Refund_of_a_draw_that_is_not_found_is_personal_money()
    {
        PersonState daughter = Giver(1_000, 100);
        PayWhole(Father(0, 0, "daughter"), Bill(60), daughter);
        Entry back = Append(daughter, PersonRules.RefundDraw(daughter, Id(50), 0, Terms, null, 0, 60, Noon));
        Assert.Equal((new Amounts(60, 0, 0, 0), Terms), (back.Amounts, back.Detail));
    }

    [Fact]
    public void Refund_to_somebody_who_has_moved_is_owed_to_their_new_region()
    {
        PersonState father = Father(100);
        (PaymentTerms terms, _) = PayWhole(father, Bill(100));
        Append(father, PersonRules.Register(father, new Registration(Nanjing, Insurance.Employee, InsuranceStatus.Active), Noon));
        Entry entry = Append(father, Refund(father, terms, 40));
        KeyValuePair<DeltaKey, DeltaSum> delta = Assert.Single(Deltas.Of(entry));
        Assert.Equal(new DeltaKey(Activity.Payment, Tier.CrossProvince, BusinessTime.DayOf(Noon), Nanjing, Zhengzhou), delta.Key);
        Assert.Equal(new DeltaSum(0, -40), delta.Value);
        Assert.Equal(new Dictionary<RegionCode, long> { [Zhengzhou] = 40 }, Escrow.Debits([delta]));
        Assert.Equal(new RegionPosition(40, -40), default(RegionPosition).Add(Zhengzhou, delta.Key, -40));
        Assert.Equal(new RegionPosition(0, 40), default(RegionPosition).Add(Nanjing, delta.Key, -40));
    }

    [Fact]
    public void Refund_of_a_draw_takes_back_what_the_draw_gave_the_regions()
    {
        PersonState daughter = Giver(1_000, 400);
        PersonState father = Father(0, 0, "daughter");
        (PaymentTerms terms, List<Entry> entries) = PayWhole(father, Bill(500), daughter);
        Entry opened = Append(father, Refund(father, terms, 500));
        Entry back = Append(daughter, RefundDraw(daughter, Drawn(entries), 100, 400));
        entries.AddRange([opened, back]);
        entries.Add(Append(father, PersonRules.EndRefund(father, Id(50), Noon)));
        DeltaKey draw = new(Activity.Draw, Tier.CrossProvince, BusinessTime.DayOf(Noon), Suzhou, Zhengzhou);
        Assert.Equal(new Dictionary<DeltaKey, DeltaSum> { [draw] = new(0, -500) }, Deltas.Of(opened));
        Assert.Empty(Deltas.Of(back));
        Assert.Equal(
            new Dictionary<DeltaKey, DeltaSum> { [draw] = new(1, 0), [draw with { Activity = Activity.Payment, Tier = Tier.SameRegion, From = Zhengzhou }] = new(1, 0) },
            Deltas.Aggregate(entries));
        RefundState? state = RefundState.From(entries.Where(entry => entry.Operation == Id(50)));
        Assert.True(state is { IsDone: true, Payer: "father" } && state.Has(0));
    }

    [Fact]
    public void Refund_to_a_relative_who_has_moved_is_booked_where_they_are_insured_when_it_is_decided()
    {
        PersonState daughter = Giver(1_000, 400);
        PersonState father = Father(0, 0, "daughter");
        (PaymentTerms terms, List<Entry> entries) = PayWhole(father, Bill(500), daughter);
        Append(daughter, PersonRules.Register(daughter, new Registration(Nanjing, Insurance.Employee, InsuranceStatus.Active), Noon));
        RefundOrder order = new(Id(50), terms.Payment, terms, 500) { Regions = new Dictionary<string, RegionCode> { ["daughter"] = Nanjing } };
        Entry opened = Append(father, PersonRules.Refund(father, order, Noon));
        Entry back = Append(daughter, RefundDraw(daughter, Drawn(entries), 100, 400, new("father", Nanjing, Nanjing)));
        DeltaKey draw = new(Activity.Draw, Tier.CrossProvince, BusinessTime.DayOf(Noon), Nanjing, Zhengzhou);
        Assert.Equal(new Dictionary<DeltaKey, DeltaSum> { [draw] = new(0, -500) }, Deltas.Of(opened));
        Assert.Empty(Deltas.Of(back));
    }

    [Fact]
    public void Refund_to_a_relative_who_moves_before_it_arrives_moves_on_with_them()
    {
        PersonState daughter = Giver(1_000, 400);
        PersonState father = Father(0, 0, "daughter");
        (PaymentTerms terms, List<Entry> entries) = PayWhole(father, Bill(500), daughter);
        Entry opened = Append(father, Refund(father, terms, 500));
        Append(daughter, PersonRules.Register(daughter, new Registration(Nanjing, Insurance.Employee, InsuranceStatus.Active), Noon));
        Entry back = Append(daughter, RefundDraw(daughter, Drawn(entries), 100, 400, new("father", Suzhou, Nanjing)));
        DateOnly day = BusinessTime.DayOf(Noon);
        Assert.Equal(
            new Dictionary<DeltaKey, DeltaSum> { [new(Activity.Draw, Tier.CrossProvince, day, Suzhou, Zhengzhou)] = new(0, -500) }, Deltas.Of(opened));
        Assert.Equal(new Dictionary<DeltaKey, DeltaSum> { [new(Activity.Move, Tier.InProvince, day, Suzhou, Nanjing)] = new(0, 500) }, Deltas.Of(back));
    }
}
