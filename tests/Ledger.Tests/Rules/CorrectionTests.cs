using static Gongji.Ledger.Tests.Given;

namespace Gongji.Ledger.Tests;

public sealed class CorrectionTests
{
    private static Decision Correct(PersonState state, long amountFen, long creditedFen = 500, int id = 20) =>
        PersonRules.CorrectCredit(state, new CorrectionOrder(Id(id), amountFen, "2026-03", Id(9)), creditedFen, Noon);

    private static PersonState Credited(long amountFen = 500)
    {
        PersonState state = Employee(personalFen: 0);
        Append(state, PersonRules.Credit(state, new CreditOrder(Id(9), amountFen, "2026-03"), Noon));
        return state;
    }

    [Theory]
    [InlineData(-200)]
    [InlineData(300)]
    public void Correction_adds_the_difference(long amountFen)
    {
        PersonState state = Credited();
        Entry entry = Append(state, Correct(state, amountFen));
        Assert.Equal((EntryKind.CreditCorrected, Leg.Opening, new Amounts(amountFen, 0, 0, 0)), (entry.Kind, entry.Leg, entry.Amounts));
        Assert.Equal(new CorrectionTerms(Suzhou, "2026-03", Id(9)), entry.Detail);
        Assert.Equal(500 + amountFen, state.Balances.PersonalFen);
        Assert.Equal(new DeltaSum(0, amountFen), Assert.Single(Deltas.Of(entry)).Value);
        Assert.Equal(new RegionPosition(amountFen, 0), default(RegionPosition).Add(Suzhou, Deltas.Of(entry).Keys.Single(), amountFen));
    }

    [Fact]
    public void Credit_is_never_corrected_below_nothing()
    {
        PersonState state = Credited();
        Append(state, PersonRules.Credit(state, new CreditOrder(Id(10), 10_000, "2026-03"), Noon));
        Append(state, Correct(state, -300));
        AssertRefused(RefusalCode.AmountOverLimit, Correct(state, -201, id: 21));
        Append(state, Correct(state, 50, id: 22));
        Append(state, Correct(state, -250, id: 23));
        AssertRefused(RefusalCode.AmountOverLimit, Correct(state, -1, id: 24));
    }

    [Fact]
    public void What_is_spent_cannot_be_taken_back()
    {
        PersonState state = Credited();
        Append(state, Hold(state, Order(amountFen: 400)));
        AssertRefused(RefusalCode.InsufficientFunds, Correct(state, -101));
        Append(state, Correct(state, -100));
    }

    [Fact]
    public void Correction_past_what_a_balance_can_be_is_refused()
    {
        PersonState state = Credited();
        Append(state, PersonRules.Credit(state, new CreditOrder(Id(10), Limits.BalanceFenMax - 600, "2026-03"), Noon));
        AssertRefused(RefusalCode.AmountOverLimit, Correct(state, 101));
        Append(state, Correct(state, 100));
    }

    [Fact]
    public void Correction_for_unknown_person_is_refused() => AssertRefused(RefusalCode.NoSuchPerson, Correct(new PersonState("x"), 1));

    [Fact]
    public void Correction_by_nothing_is_a_bug() => Assert.Throws<ArgumentOutOfRangeException>(() => Correct(Credited(), 0));

    [Fact]
    public void Correction_for_a_person_whose_insurance_stopped_is_made()
    {
        PersonState state = Stopped(Credited());
        Append(state, Correct(state, -500));
        Assert.Equal(0, state.Balances.PersonalFen);
    }
}
