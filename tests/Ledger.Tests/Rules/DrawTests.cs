using static Gongji.Ledger.Tests.Family;
using static Gongji.Ledger.Tests.Given;

namespace Gongji.Ledger.Tests;

public sealed class DrawTests
{
    private static readonly Bill Hospitalized = new(PaymentPurpose.Hospital, "father", Zhengzhou);

    private static DrawOrder Draw(long personalFen, long quotaFen, string payer = "father", RegionCode? region = null, int id = 1, int party = 0) =>
        new(Id(id), party, payer, Hospitalized, region ?? Suzhou, personalFen, quotaFen);

    private static Decision Hold(PersonState giver, DrawOrder draw) => PersonRules.HoldDraw(giver, draw, Noon);

    [Fact]
    public void Relatives_are_drawn_on_in_the_order_that_the_person_set_quotas_before_the_rest()
    {
        PersonState son = Giver(100, 10, "son");
        PersonState daughter = Giver(100, 20);
        PersonState father = Father(0, 0, "son", "daughter");
        Assert.Equal([("son", Pocket.Quota, 10), ("daughter", Pocket.Quota, 20), ("son", Pocket.Personal, 5)], PartsOf(Pay(father, Bill(35), daughter, son)));
        Append(father, PersonRules.OrderRelatives(father, ["daughter"], Noon));
        Assert.Equal(
            [("daughter", Pocket.Quota, 20), ("son", Pocket.Quota, 10), ("daughter", Pocket.Personal, 80), ("son", Pocket.Personal, 5)],
            PartsOf(Pay(father, Bill(115), son, daughter)));
    }

    [Fact]
    public void Draw_sets_quota_and_personal_money_aside()
    {
        PersonState daughter = Giver(1_000, 400);
        Entry entry = Append(daughter, Hold(daughter, Draw(250, 300, party: 3)));
        Assert.Equal((EntryKind.DrawHeld, Legs.Part(3), new Amounts(-250, 0, 550, -300)), (entry.Kind, entry.Leg, entry.Amounts));
        Assert.Equal(new DrawTerms("father", Hospitalized, Suzhou, daughter.Given["father"].Since), entry.Detail);
        Assert.Equal(new Amounts(350, 0, 550, 100), daughter.Balances);
        Assert.Equal((400, 300, 100), (daughter.Given["father"].GrantedFen, daughter.Given["father"].UsedFen, daughter.Given["father"].LeftFen));
        Assert.Equal(daughter.Balances.QuotaFen, daughter.EarmarkedFen);
    }

    [Fact]
    public void Draw_that_is_posted_leaves()
    {
        PersonState daughter = Giver(1_000, 400);
        Append(daughter, Hold(daughter, Draw(0, 300)));
        Entry entry = Append(daughter, PersonRules.PostDraw(daughter, Id(1), 0, Noon));
        Assert.Equal((EntryKind.DrawPosted, Legs.PartOutcome(0), new Amounts(0, 0, -300, 0)), (entry.Kind, entry.Leg, entry.Amounts));
        Assert.Equal((new Amounts(600, 0, 0, 100), 300L), (daughter.Balances, daughter.Given["father"].UsedFen));
        AssertRefused(RefusalCode.WrongState, PersonRules.PostDraw(daughter, Id(1), 0, Noon));
        AssertRefused(RefusalCode.WrongState, PersonRules.VoidDraw(daughter, Id(1), 0, Noon));
    }

    [Fact]
    public void Draw_that_is_voided_is_back_in_both_pockets_and_not_used()
    {
        PersonState daughter = Giver(1_000, 400);
        Append(daughter, Hold(daughter, Draw(250, 300)));
        Entry entry = Append(daughter, PersonRules.VoidDraw(daughter, Id(1), 0, Noon));
        Assert.Equal((EntryKind.DrawVoided, new Amounts(250, 0, -550, 300)), (entry.Kind, entry.Amounts));
        Assert.Equal((new Amounts(600, 0, 0, 400), 0L), (daughter.Balances, daughter.Given["father"].UsedFen));
    }

    [Fact]
    public void Draw_that_is_voided_after_the_relation_ended_is_personal_money()
    {
        PersonState daughter = Giver(1_000, 400);
        Append(daughter, Hold(daughter, Draw(250, 300)));
        Append(daughter, PersonRules.DissolveRelation(daughter, "father", Noon));
        Append(daughter, PersonRules.VoidDraw(daughter, Id(1), 0, Noon));
        Assert.Equal(new Amounts(1_000, 0, 0, 0), daughter.Balances);
    }

    [Fact]
    public void Draw_that_is_voided_after_the_relation_ended_goes_to_no_later_relations_quota()
    {
        PersonState daughter = Giver(1_000, 100);
        Append(daughter, Hold(daughter, Draw(0, 60)));
        Append(daughter, PersonRules.DissolveRelation(daughter, "father", Noon));
        Append(daughter, Put(daughter, 70));
        Append(daughter, Consent(daughter));
        Append(daughter, Hold(daughter, Draw(0, 70, id: 2)));
        foreach (PersonState same in new[] { daughter, PersonState.FromSnapshot("daughter", PersonSnapshot.Decode(daughter.ToSnapshot().Encode())!) })
        {
            Assert.Equal(new Amounts(60, 0, -60, 0), PersonRules.VoidDraw(same, Id(1), 0, Noon).Entry!.Amounts);
            Assert.Equal(new Amounts(0, 0, -70, 70), PersonRules.VoidDraw(same, Id(2), 0, Noon).Entry!.Amounts);
        }
    }

    [Fact]
    public void Draw_that_does_not_say_its_relation_is_told_from_a_later_one_too()
    {
        PersonState daughter = Giver(1_000, 100);
        Entry drawn = Hold(daughter, Draw(0, 60)).Entry!;
        daughter.Apply(drawn with { Detail = ((DrawTerms)drawn.Detail!) with { Relation = null } });
        Assert.Equal(new Amounts(0, 0, -60, 60), PersonRules.VoidDraw(daughter, Id(1), 0, Noon).Entry!.Amounts);
        Append(daughter, PersonRules.DissolveRelation(daughter, "father", Noon));
        Append(daughter, Put(daughter, 70));
        Append(daughter, Consent(daughter));
        Append(daughter, Hold(daughter, Draw(0, 70, id: 2)));
        Assert.Equal(new Amounts(60, 0, -60, 0), PersonRules.VoidDraw(daughter, Id(1), 0, Noon).Entry!.Amounts);
    }

    [Fact]
    public void Draw_needs_a_relation_that_both_consent_to()
    {
        PersonState daughter = Employee();
        AssertRefused(RefusalCode.NoRelation, Hold(daughter, Draw(1, 0)));
        Append(daughter, Put(daughter, 100));
        AssertRefused(RefusalCode.NoRelation, Hold(daughter, Draw(1, 0)));
        Append(daughter, Consent(daughter));
        Assert.NotNull(Hold(daughter, Draw(1, 0)).Entry);
        AssertRefused(RefusalCode.NoRelation, Hold(daughter, Draw(1, 0, payer: "mother")));
        Append(daughter, PersonRules.DissolveRelation(daughter, "father", Noon));
        AssertRefused(RefusalCode.NoRelation, Hold(daughter, Draw(1, 0)));
    }

    [Fact]
    public void Draw_on_unknown_person_is_refused() =>
        AssertRefused(RefusalCode.NoSuchPerson, Hold(new PersonState("daughter"), Draw(1, 0)));

    [Fact]
    public void Draw_on_a_giver_who_became_a_resident_is_refused()
    {
        PersonState daughter = Giver();
        Append(daughter, PersonRules.Register(daughter, new Registration(Suzhou, Insurance.Resident, InsuranceStatus.Active), Noon));
        AssertRefused(RefusalCode.NotInsured, Hold(daughter, Draw(1, 0)));
    }

    [Fact]
    public void Draw_planned_for_another_region_is_refused() =>
        AssertRefused(RefusalCode.WrongState, Hold(Giver(), Draw(1, 0, region: Nanjing)));

    [Fact]
    public void Draw_takes_each_pocket_to_the_fen()
    {
        PersonState daughter = Giver(1_000, 400);
        Assert.NotNull(Hold(daughter, Draw(600, 400)).Entry);
        AssertRefused(RefusalCode.InsufficientFunds, Hold(daughter, Draw(601, 0)));
        AssertRefused(RefusalCode.InsufficientFunds, Hold(daughter, Draw(0, 401)));
    }

    [Fact]
    public void Draw_cannot_take_what_is_earmarked_for_another()
    {
        PersonState daughter = Giver(1_000, 400);
        Append(daughter, Put(daughter, 500, "mother"));
        Append(daughter, Consent(daughter, "mother"));
        AssertRefused(RefusalCode.InsufficientFunds, Hold(daughter, Draw(101, 0, "mother")));
        AssertRefused(RefusalCode.InsufficientFunds, Hold(daughter, Draw(0, 401)));
        Assert.NotNull(Hold(daughter, Draw(100, 500, "mother")).Entry);
    }

    [Fact]
    public void Draw_past_the_most_open_holds_is_refused()
    {
        PersonState daughter = Giver(Limits.OpenHoldsMax + 1);
        for (int number = 1; number <= Limits.OpenHoldsMax; number++)
        {
            Append(daughter, Hold(daughter, Draw(1, 0, id: number)));
        }

        AssertRefused(RefusalCode.PreviousTransferWaiting, Hold(daughter, Draw(1, 0, id: 9_999)));
    }

    [Fact]
    public void Giver_cannot_move_while_a_draw_is_held()
    {
        PersonState daughter = Giver();
        Append(daughter, Hold(daughter, Draw(1, 0)));
        AssertRefused(RefusalCode.WrongState, PersonRules.Register(daughter, new Registration(Nanjing, Insurance.Employee, InsuranceStatus.Active), Noon));
    }
}
