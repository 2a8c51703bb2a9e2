using static Gongji.Ledger.Tests.Family;
using static Gongji.Ledger.Tests.Given;

namespace Gongji.Ledger.Tests;

public sealed class RelationTests
{
    private static Decision Dissolve(PersonState giver) => PersonRules.DissolveRelation(giver, "father", Noon);

    private static Entry Draw(PersonState giver, long quotaFen, int id = 1) => Append(giver, PersonRules.HoldDraw(
        giver, new DrawOrder(Id(id), 0, "father", new Bill(PaymentPurpose.Hospital, "father", Zhengzhou), Suzhou, 0, quotaFen), Noon));

    [Fact]
    public void Proposal_earmarks_the_quota_at_once()
    {
        PersonState daughter = Employee(personalFen: 1_000);
        Entry entry = Append(daughter, Put(daughter, 400));
        Assert.Equal((EntryKind.RelationProposed, Leg.Place, new Amounts(-400, 0, 0, 400)), (entry.Kind, entry.Leg, entry.Amounts));
        Assert.Equal(new RelationTerms("father", Kinship.Parent, 400), entry.Detail);
        Assert.Equal(new GivenRelation("father", Kinship.Parent, false, 400, 0, entry.Version), daughter.Given["father"]);
        Assert.Equal((600, 400, 400), (daughter.Balances.PersonalFen, daughter.Balances.QuotaFen, daughter.EarmarkedFen));
        Assert.Empty(Deltas.Of(entry));
    }

    [Fact]
    public void Proposal_without_a_quota_earmarks_nothing() =>
        Assert.Equal((Amounts.Zero, new RelationTerms("father", Kinship.Parent, 0)), (Put(Employee()).Entry!.Amounts, Put(Employee()).Entry!.Detail));

    [Fact]
    public void Proposal_again_changes_nothing_or_what_is_proposed()
    {
        PersonState daughter = Employee(personalFen: 1_000);
        Entry first = Append(daughter, Put(daughter, 400));
        Assert.Equal(Decision.Nothing, Put(daughter, 400));
        Assert.Equal(Decision.Nothing, Put(daughter));
        Assert.Equal(EntryKind.RelationProposed, Append(daughter, Put(daughter, 300, kinship: Kinship.Grandparent)).Kind);
        Assert.Equal(new GivenRelation("father", Kinship.Grandparent, false, 300, 0, first.Version), daughter.Given["father"]);
        Assert.Equal(new Amounts(700, 0, 0, 300), daughter.Balances);
    }

    [Fact]
    public void Consent_makes_the_relation_and_is_given_once()
    {
        PersonState daughter = Employee();
        AssertRefused(RefusalCode.NoRelation, Consent(daughter));
        Append(daughter, Put(daughter, 400));
        Entry entry = Append(daughter, Consent(daughter));
        Assert.Equal((EntryKind.RelationConsented, Amounts.Zero, true), (entry.Kind, entry.Amounts, daughter.Given["father"].IsConsented));
        Assert.Equal(Decision.Nothing, Consent(daughter));
    }

    [Theory]
    [InlineData("320500", LiveTiers.SameRegion)]
    [InlineData("320100", LiveTiers.InProvince)]
    [InlineData("410100", LiveTiers.CrossProvince)]
    public void Consent_needs_both_regions_live_for_the_tier_at_that_moment(string region, LiveTiers tier)
    {
        RegionCode other = RegionCode.Parse(region);
        PersonState daughter = Employee();
        Append(daughter, Put(daughter, 400, other: Recipient with { Region = other }));
        RegionRules allBut = new() { Live = LiveTiers.All & ~tier };
        AssertRefused(RefusalCode.RegionNotLive, Consent(daughter, other: other, rules: allBut));
        AssertRefused(RefusalCode.RegionNotLive, Consent(daughter, other: other, otherRules: allBut));
        RegionRules only = new() { Live = tier };
        Append(daughter, Consent(daughter, other: other, rules: only, otherRules: only));
        Assert.Equal(Decision.Nothing, Consent(daughter, other: other, rules: allBut));
    }

    [Fact]
    public void Consent_needs_both_regions_to_allow_the_kinship_at_that_moment()
    {
        RegionRules narrow = Live with { Kinships = Kinships.Narrow };
        PersonState daughter = Employee();
        Append(daughter, Put(daughter, 400, kinship: Kinship.Sibling));
        AssertRefused(RefusalCode.KinshipNotAllowed, Consent(daughter, rules: narrow));
        AssertRefused(RefusalCode.KinshipNotAllowed, Consent(daughter, otherRules: narrow));
        Append(daughter, Consent(daughter));
        Assert.Equal(Decision.Nothing, Consent(daughter, rules: narrow, otherRules: narrow));
    }

    [Fact]
    public void Kinship_of_a_relation_with_consent_stays()
    {
        PersonState daughter = Giver(1_000, 400);
        AssertRefused(RefusalCode.WrongState, Put(daughter, 400, kinship: Kinship.Grandparent));
    }

    [Fact]
    public void Quota_is_raised_and_lowered_by_the_difference()
    {
        PersonState daughter = Giver(1_000, 400);
        Entry raised = Append(daughter, Put(daughter, 1_000));
        Assert.Equal((EntryKind.QuotaChanged, new Amounts(-600, 0, 0, 600)), (raised.Kind, raised.Amounts));
        AssertRefused(RefusalCode.InsufficientFunds, Put(daughter, 1_001));
        Append(daughter, Put(daughter, 0));
        Assert.Equal(new Amounts(1_000, 0, 0, 0), daughter.Balances);
        Assert.True(daughter.Given["father"].IsConsented);
        Assert.Equal(Decision.Nothing, Put(daughter));
    }

    [Fact]
    public void Quota_is_never_lowered_below_what_was_used()
    {
        PersonState daughter = Giver(1_000, 400);
        Draw(daughter, 150);
        AssertRefused(RefusalCode.WrongState, Put(daughter, 149));
        Append(daughter, Put(daughter, 150));
        Assert.Equal((new Amounts(850, 0, 150, 0), 0L), (daughter.Balances, daughter.Given["father"].LeftFen));
    }

    [Fact]
    public void Dissolution_returns_what_is_left_of_the_quota()
    {
        PersonState daughter = Giver(1_000, 400);
        Draw(daughter, 150);
        Entry entry = Append(daughter, Dissolve(daughter));
        Assert.Equal((EntryKind.RelationDissolved, new Amounts(250, 0, 0, -250)), (entry.Kind, entry.Amounts));
        Assert.Equal(new Amounts(850, 0, 150, 0), daughter.Balances);
        Assert.Empty(daughter.Given);
        Assert.Equal(Decision.Nothing, Dissolve(daughter));
    }

    [Fact]
    public void Relation_to_oneself_is_refused() => AssertRefused(RefusalCode.SamePerson, Put(Employee(), recipient: "daughter"));

    [Fact]
    public void Relation_of_unknown_person_is_refused() => AssertRefused(RefusalCode.NoSuchPerson, Put(new PersonState("daughter")));

    [Fact]
    public void Relation_is_given_by_insured_employees_to_insured_persons()
    {
        AssertRefused(RefusalCode.NotInsured, Put(Resident("daughter")));
        AssertRefused(RefusalCode.NotInsured, Put(Stopped(Employee())));
        AssertRefused(RefusalCode.NotInsured, Put(Employee(), other: Recipient with { Insured = false }));
        Assert.NotNull(Put(Employee(wallet: false), other: Recipient with { WalletOpen = false }).Entry);
    }

    [Theory]
    [InlineData("320500", LiveTiers.SameRegion)]
    [InlineData("320100", LiveTiers.InProvince)]
    [InlineData("410100", LiveTiers.CrossProvince)]
    public void Relation_needs_both_regions_live_for_its_tier(string region, LiveTiers tier)
    {
        PayeeStanding other = Recipient with { Region = RegionCode.Parse(region) };
        RegionRules only = new() { Live = tier };
        RegionRules allBut = new() { Live = LiveTiers.All & ~tier };
        Assert.NotNull(Put(Employee(), other: other, rules: only, otherRules: only).Entry);
        AssertRefused(RefusalCode.RegionNotLive, Put(Employee(), other: other, rules: allBut));
        AssertRefused(RefusalCode.RegionNotLive, Put(Employee(), other: other, otherRules: allBut));
    }

    [Fact]
    public void Relation_needs_both_regions_to_allow_the_kinship()
    {
        RegionRules narrow = Live with { Kinships = Kinships.Narrow };
        Assert.NotNull(Put(Employee(), kinship: Kinship.Sibling).Entry);
        AssertRefused(RefusalCode.KinshipNotAllowed, Put(Employee(), kinship: Kinship.Sibling, rules: narrow));
        AssertRefused(RefusalCode.KinshipNotAllowed, Put(Employee(), kinship: Kinship.Sibling, otherRules: narrow));
    }

    [Fact]
    public void Quota_of_more_than_is_there_is_refused()
    {
        PersonState daughter = Employee(personalFen: 100);
        AssertRefused(RefusalCode.InsufficientFunds, Put(daughter, 101));
        Assert.NotNull(Put(daughter, 100).Entry);
    }

    [Fact]
    public void Relations_of_one_giver_are_bounded()
    {
        PersonState daughter = Employee();
        for (int number = 0; number < Limits.RelationsMax; number++)
        {
            Append(daughter, Put(daughter, 1, $"r{number}"));
        }

        AssertRefused(RefusalCode.WrongState, Put(daughter, 1));
        Append(daughter, Put(daughter, 2, "r0"));
    }

    [Fact]
    public void Joining_keeps_the_order_in_which_relations_were_made()
    {
        PersonState father = Father(0, 0, "b", "a", "c");
        Assert.Equal(["b", "a", "c"], father.Givers);
        Assert.Equal(Decision.Nothing, PersonRules.JoinRelation(father, "a", Noon));
        Append(father, PersonRules.LeaveRelation(father, "b", Noon));
        Assert.Equal(Decision.Nothing, PersonRules.LeaveRelation(father, "b", Noon));
        Append(father, PersonRules.JoinRelation(father, "b", Noon));
        Assert.Equal(["a", "c", "b"], father.Givers);
    }

    [Fact]
    public void Relatives_whom_the_person_names_come_first_and_the_others_in_the_order_of_their_relations()
    {
        PersonState father = Father(0, 0, "a", "b", "c");
        Assert.Equal(["a", "b", "c"], father.GiversInOrder);
        Entry entry = Append(father, PersonRules.OrderRelatives(father, ["c", "b"], Noon));
        Assert.Equal((EntryKind.RelativesOrdered, Leg.Place, Amounts.Zero), (entry.Kind, entry.Leg, entry.Amounts));
        Assert.Equal(["c", "b", "a"], father.GiversInOrder);
        Assert.Equal(["a", "b", "c"], father.Givers);
        Append(father, PersonRules.JoinRelation(father, "d", Noon));
        Assert.Equal(["c", "b", "a", "d"], father.GiversInOrder);
        Assert.Equal(Decision.Nothing, PersonRules.OrderRelatives(father, ["c", "b"], Noon));
        Append(father, PersonRules.OrderRelatives(father, [], Noon));
        Assert.Equal(["a", "b", "c", "d"], father.GiversInOrder);
        Assert.Equal(Decision.Nothing, PersonRules.OrderRelatives(father, [], Noon));
    }

    [Fact]
    public void Relative_whose_relation_ended_loses_the_place_and_gets_the_last_one_when_back()
    {
        PersonState father = Father(0, 0, "a", "b", "c");
        Append(father, PersonRules.OrderRelatives(father, ["c", "b"], Noon));
        Append(father, PersonRules.LeaveRelation(father, "c", Noon));
        Assert.Equal(["b", "a"], father.GiversInOrder);
        Append(father, PersonRules.JoinRelation(father, "c", Noon));
        Assert.Equal(["b", "a", "c"], father.GiversInOrder);
        Append(father, MoveOrStop(father, moves: true));
        Assert.Empty(father.GiversInOrder);
        Assert.Empty(father.FirstGivers);
    }

    [Fact]
    public void Order_that_names_somebody_who_gives_nothing_is_refused()
    {
        PersonState father = Father(0, 0, "a");
        AssertRefused(RefusalCode.NoRelation, PersonRules.OrderRelatives(father, ["a", "b"], Noon));
        AssertRefused(RefusalCode.NoSuchPerson, PersonRules.OrderRelatives(new PersonState("father"), [], Noon));
    }

    [Fact]
    public void Joining_by_somebody_unknown_uninsured_or_with_too_many_is_refused()
    {
        AssertRefused(RefusalCode.NoSuchPerson, PersonRules.JoinRelation(new PersonState("father"), "a", Noon));
        AssertRefused(RefusalCode.NotInsured, PersonRules.JoinRelation(Stopped(Father()), "a", Noon));
        PersonState father = Father(0, 0, [.. Enumerable.Range(0, Limits.RelationsMax).Select(number => $"g{number}")]);
        AssertRefused(RefusalCode.WrongState, PersonRules.JoinRelation(father, "a", Noon));
        Assert.Equal(Decision.Nothing, PersonRules.JoinRelation(father, "g0", Noon));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Move_or_stop_of_the_giver_ends_relations_returns_quotas_and_names_whom_to_tell(bool moves)
    {
        PersonState daughter = Giver(1_000, 400);
        Append(daughter, Put(daughter, 100, "mother"));
        Entry entry = Append(daughter, MoveOrStop(daughter, moves));
        Assert.Equal(new Amounts(500, 0, 0, -500), entry.Amounts);
        Assert.Equal(new Amounts(1_000, 0, 0, 0), daughter.Balances);
        Assert.Empty(daughter.Given);
        Assert.Equal(["father", "mother"], ((Registration)entry.Detail!).Leaving!);
        Assert.Equal((entry.Operation, 2), (daughter.LeavingIn, daughter.Leaving.Count));
        Assert.Equal(moves ? new DeltaSum(1, 1_000) : default, Deltas.Of(entry).Values.SingleOrDefault());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Move_or_stop_of_the_recipient_names_whom_to_tell(bool moves)
    {
        PersonState father = Father(0, 0, "daughter", "son");
        Entry entry = Append(father, MoveOrStop(father, moves));
        Assert.Equal(["daughter", "son"], ((Registration)entry.Detail!).Leaving!);
        Assert.Empty(father.Givers);
        Assert.Equal((entry.Operation, 2), (father.LeavingIn, father.Leaving.Count));
        if (moves)
        {
            AssertRefused(RefusalCode.WrongState, PersonRules.JoinRelation(father, "son", Noon));
        }

        Entry ended = Append(father, PersonRules.EndLeaving(father, entry.Operation, Noon));
        Assert.Equal((EntryKind.RelationsEnded, Leg.Outcome), (ended.Kind, ended.Leg));
        Assert.Null(father.LeavingIn);
        Assert.Empty(father.Leaving);
    }

    [Fact]
    public void Move_of_somebody_who_gives_and_receives_names_everybody_once()
    {
        PersonState daughter = Giver(1_000, 400);
        Append(daughter, Put(daughter, 100, "mother"));
        Append(daughter, PersonRules.JoinRelation(daughter, "son", Noon));
        Append(daughter, PersonRules.JoinRelation(daughter, "mother", Noon));
        Entry entry = Append(daughter, MoveOrStop(daughter, moves: true));
        Assert.Equal(["son", "mother", "father"], ((Registration)entry.Detail!).Leaving!);
        Assert.Empty(daughter.Givers);
        Assert.Empty(daughter.Given);
    }

    [Fact]
    public void Second_move_names_whom_the_first_has_not_told_and_ends_by_itself()
    {
        PersonState father = Father(0, 0, "daughter");
        Entry first = Append(father, MoveOrStop(father, moves: true));
        Append(father, PersonRules.JoinRelation(father, "son", Noon));
        Entry second = Append(father, PersonRules.Register(father, new Registration(Suzhou, Insurance.Employee, InsuranceStatus.Active), Noon));
        Assert.Equal(["daughter", "son"], ((Registration)second.Detail!).Leaving!);
        Append(father, PersonRules.EndLeaving(father, first.Operation, Noon));
        Assert.Equal(second.Operation, father.LeavingIn);
        AssertRefused(RefusalCode.WrongState, PersonRules.JoinRelation(father, "son", Noon));
        Append(father, PersonRules.EndLeaving(father, second.Operation, Noon));
        Append(father, PersonRules.JoinRelation(father, "son", Noon));
    }

    [Fact]
    public void Becoming_a_resident_ends_no_relation()
    {
        PersonState daughter = Giver(1_000, 400);
        Entry entry = Append(daughter, PersonRules.Register(daughter, new Registration(Suzhou, Insurance.Resident, InsuranceStatus.Active), Noon));
        Assert.Equal(Amounts.Zero, entry.Amounts);
        Assert.Single(daughter.Given);
    }

    private static Decision MoveOrStop(PersonState state, bool moves) => PersonRules.Register(
        state,
        new Registration(moves ? Nanjing : state.Region, state.Insurance, moves ? InsuranceStatus.Active : InsuranceStatus.Stopped),
        Noon);
}
