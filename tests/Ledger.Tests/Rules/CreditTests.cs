using static Gongji.Ledger.Tests.Given;

namespace Gongji.Ledger.Tests;

public sealed class CreditTests
{
    private static CreditOrder Credit(long amountFen) => new(Id(9), amountFen, "2026-03");

    [Fact]
    public void Credit_of_employee_adds_to_personal_account()
    {
        PersonState state = Employee(personalFen: 100);
        Entry entry = Append(state, PersonRules.Credit(state, Credit(40_000), Noon));
        Assert.Equal((EntryKind.Credit, Leg.Opening, Id(9)), (entry.Kind, entry.Leg, entry.Operation));
        Assert.Equal(new Amounts(40_000, 0, 0, 0), entry.Amounts);
        Assert.Equal(40_100, state.Balances.PersonalFen);
        Assert.Equal(new CreditTerms(Suzhou, "2026-03"), entry.Detail);
    }

    [Fact]
    public void Credit_of_unknown_person_is_refused() =>
        AssertRefused(RefusalCode.NoSuchPerson, PersonRules.Credit(new PersonState("x"), Credit(1), Noon));

    [Fact]
    public void Credit_of_resident_is_refused() =>
        AssertRefused(RefusalCode.NotInsured, PersonRules.Credit(Resident(), Credit(1), Noon));

    [Fact]
    public void Credit_with_stopped_insurance_is_refused() =>
        AssertRefused(RefusalCode.NotInsured, PersonRules.Credit(Stopped(Employee()), Credit(1), Noon));

    [Fact]
    public void Credit_up_to_the_largest_balance_is_taken() =>
        Assert.Equal(Limits.BalanceFenMax, PersonRules.Credit(Employee(personalFen: 100), Credit(Limits.BalanceFenMax - 100), Noon).Entry!.Balances.PersonalFen);

    [Theory]
    [InlineData(Limits.BalanceFenMax - 99)]
    [InlineData(long.MaxValue)]
    public void Credit_past_the_largest_balance_is_refused(long amountFen) =>
        AssertRefused(RefusalCode.AmountOverLimit, PersonRules.Credit(Employee(personalFen: 100), Credit(amountFen), Noon));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    public void Credit_of_no_positive_amount_is_a_bug(long amountFen) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PersonRules.Credit(Employee(), Credit(amountFen), Noon));
}
