using static Gongji.Ledger.Tests.Given;

namespace Gongji.Ledger.Tests;

/// <summary>What the giver's account does when its transfer is decided.</summary>
public sealed class OutcomeTests
{
    [Fact]
    public void Post_lets_held_money_go()
    {
        PersonState state = Employee();
        Append(state, Hold(state, Order()));
        Entry entry = Append(state, PersonRules.Post(state, Id(1), Noon));
        Assert.Equal((EntryKind.Post, Leg.Outcome, null), (entry.Kind, entry.Leg, entry.Detail));
        Assert.Equal(new Amounts(0, 0, -80_000, 0), entry.Amounts);
        Assert.Equal(new Amounts(920_000, 0, 0, 0), state.Balances);
        Assert.Empty(state.OpenHolds);
    }

    [Fact]
    public void Void_puts_personal_money_back()
    {
        PersonState state = Employee();
        Append(state, Hold(state, Order()));
        Entry entry = Append(state, PersonRules.Void(state, Id(1), EndReason.Rejected, Noon));
        Assert.Equal((EntryKind.Void, Leg.Outcome, new EndTerms(EndReason.Rejected)), (entry.Kind, entry.Leg, entry.Detail));
        Assert.Equal(new Amounts(1_000_000, 0, 0, 0), state.Balances);
    }

    [Fact]
    public void Void_puts_wallet_money_back()
    {
        PersonState state = WithWalletFen(Resident(), 300);
        Append(state, Hold(state, Order(amountFen: 200, payer: "father", payee: "daughter", source: TransferSource.Wallet)));
        Append(state, PersonRules.Void(state, Id(1), EndReason.Returned, Noon));
        Assert.Equal(new Amounts(0, 300, 0, 0), state.Balances);
    }

    [Fact]
    public void Post_and_void_of_an_unknown_transfer_are_refused()
    {
        AssertRefused(RefusalCode.WrongState, PersonRules.Post(Employee(), Id(1), Noon));
        AssertRefused(RefusalCode.WrongState, PersonRules.Void(Employee(), Id(1), EndReason.Returned, Noon));
    }

    [Fact]
    public void Outcome_after_an_outcome_is_refused()
    {
        PersonState state = Employee();
        Append(state, Hold(state, Order()));
        Append(state, PersonRules.Post(state, Id(1), Noon));
        AssertRefused(RefusalCode.WrongState, PersonRules.Post(state, Id(1), Noon));
        AssertRefused(RefusalCode.WrongState, PersonRules.Void(state, Id(1), EndReason.Returned, Noon));
    }

    [Fact]
    public void Outcome_ends_only_its_own_hold()
    {
        PersonState state = Employee();
        Append(state, Hold(state, Order(1, 100, payee: "p1")));
        Append(state, Hold(state, Order(2, 200, payee: "p2")));
        Append(state, PersonRules.Post(state, Id(1), Noon));
        Assert.Equal(200, state.Balances.HeldFen);
        Assert.Equal(Id(2), Assert.Single(state.OpenHolds).Id);
    }
}
