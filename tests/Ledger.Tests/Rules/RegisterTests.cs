using static Gongji.Ledger.Tests.Given;

namespace Gongji.Ledger.Tests;

public sealed class RegisterTests
{
    private static readonly Registration InSuzhou = new(Suzhou, Insurance.Employee, InsuranceStatus.Active);

    [Fact]
    public void Register_unknown_person_appends_first_entry()
    {
        PersonState state = new("daughter");
        Entry entry = Append(state, PersonRules.Register(state, InSuzhou, Noon));
        Assert.Equal((EntryKind.Registered, Leg.Place, 1L, Amounts.Zero, Noon), (entry.Kind, entry.Leg, entry.Version, entry.Balances, entry.At));
        Assert.Equal((Suzhou, Insurance.Employee, InsuranceStatus.Active, true), (state.Region, state.Insurance, state.Status, state.IsRegistered));
    }

    [Fact]
    public void Register_same_registration_changes_nothing() =>
        Assert.Equal(Decision.Nothing, PersonRules.Register(Employee(), InSuzhou, Noon));

    [Theory]
    [InlineData(Insurance.Resident, InsuranceStatus.Active)]
    [InlineData(Insurance.Employee, InsuranceStatus.Stopped)]
    public void Register_other_insurance_appends_change(Insurance insurance, InsuranceStatus status)
    {
        PersonState state = Employee();
        Entry entry = Append(state, PersonRules.Register(state, new Registration(Suzhou, insurance, status), Noon));
        Assert.Equal(EntryKind.InsuranceChanged, entry.Kind);
        Assert.Equal((insurance, status), (state.Insurance, state.Status));
    }

    [Fact]
    public void Register_other_region_moves_with_balances()
    {
        PersonState state = Employee(personalFen: 500);
        Entry entry = Append(state, PersonRules.Register(state, InSuzhou with { Region = Zhengzhou }, Noon));
        Assert.Equal(EntryKind.Moved, entry.Kind);
        Assert.Equal(Suzhou, Assert.IsType<Registration>(entry.Detail).From);
        Assert.Equal((500L, Zhengzhou), (entry.Balances.PersonalFen, state.Region));
    }

    [Fact]
    public void Register_from_the_region_where_the_person_is_moves_and_again_changes_nothing()
    {
        PersonState state = Employee();
        Registration asked = InSuzhou with { Region = Zhengzhou, From = Suzhou };
        Assert.Equal(EntryKind.Moved, Append(state, PersonRules.Register(state, asked, Noon)).Kind);
        Assert.Equal(Decision.Nothing, PersonRules.Register(state, asked, Noon));
    }

    [Fact]
    public void Register_of_somebody_insured_in_a_third_region_is_refused()
    {
        PersonState state = Employee();
        Append(state, Hold(state, Order()));
        AssertRefused(RefusalCode.AlreadyInsuredElsewhere, PersonRules.Register(state, InSuzhou with { Region = Zhengzhou, From = Nanjing }, Noon));
        AssertRefused(RefusalCode.AlreadyInsuredElsewhere, PersonRules.Register(state, InSuzhou with { Region = Zhengzhou, From = Zhengzhou }, Noon));
    }

    [Fact]
    public void Register_only_if_insured_nowhere_takes_the_unknown_and_those_whose_insurance_stopped()
    {
        PersonState state = new("daughter");
        AssertRefused(RefusalCode.NoSuchPerson, PersonRules.Register(state, InSuzhou with { From = Nanjing }, Noon));
        Entry entry = Append(state, PersonRules.Register(state, InSuzhou with { From = Suzhou }, Noon));
        Assert.Null(Assert.IsType<Registration>(entry.Detail).From);
        Append(state, PersonRules.Register(state, InSuzhou with { Status = InsuranceStatus.Stopped, From = Nanjing }, Noon));
        Assert.Equal(EntryKind.Moved, Append(state, PersonRules.Register(state, InSuzhou with { Region = Zhengzhou, From = Zhengzhou }, Noon)).Kind);
    }

    [Fact]
    public void Register_other_region_with_open_hold_is_refused()
    {
        PersonState state = Employee();
        Append(state, Hold(state, Order()));
        AssertRefused(RefusalCode.WrongState, PersonRules.Register(state, InSuzhou with { Region = Zhengzhou }, Noon));
    }

    [Fact]
    public void Register_other_region_after_hold_ended_moves()
    {
        PersonState state = Employee();
        Append(state, Hold(state, Order()));
        Append(state, PersonRules.Void(state, Id(1), EndReason.Cancelled, Noon));
        Assert.Equal(EntryKind.Moved, Append(state, PersonRules.Register(state, InSuzhou with { Region = Zhengzhou }, Noon)).Kind);
    }

    [Fact]
    public void Register_without_a_move_keeps_no_region_that_was_left()
    {
        PersonState state = new("daughter");
        Entry first = Append(state, PersonRules.Register(state, InSuzhou with { From = Suzhou }, Noon));
        Entry changed = Append(state, PersonRules.Register(state, InSuzhou with { From = Zhengzhou, Status = InsuranceStatus.Stopped }, Noon));
        Assert.All(new[] { first, changed }, entry => Assert.Null(Assert.IsType<Registration>(entry.Detail).From));
        Assert.Empty(Deltas.Of(first));
        Assert.Empty(Deltas.Of(changed));
    }

    [Fact]
    public void Register_operation_is_named_by_its_place()
    {
        Entry one = PersonRules.Register(new PersonState("a"), InSuzhou, Noon).Entry!;
        Entry same = PersonRules.Register(new PersonState("a"), InSuzhou with { Region = Nanjing }, Noon.AddDays(1)).Entry!;
        Entry other = PersonRules.Register(new PersonState("b"), InSuzhou, Noon).Entry!;
        Assert.Equal(one.Operation, same.Operation);
        Assert.NotEqual(one.Operation, other.Operation);
        Assert.Equal(8, one.Operation.Version);
    }

    [Fact]
    public void PlaceId_of_a_person_differs_for_each_version() =>
        Assert.Equal(1_000, Enumerable.Range(1, 1_000).Select(version => PersonRules.PlaceId("daughter", version)).Distinct().Count());

    [Fact]
    public void PlaceId_of_the_longest_person_id_is_given() =>
        Assert.NotEqual(Guid.Empty, PersonRules.PlaceId(new string('x', Limits.PersonIdLengthMax), long.MaxValue));
}
