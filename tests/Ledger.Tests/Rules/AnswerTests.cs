using static Gongji.Ledger.Tests.Given;

namespace Gongji.Ledger.Tests;

/// <summary>What the recipient's account does with a transfer.</summary>
public sealed class AnswerTests
{
    private static readonly ReceiptOrder FromDaughter = Receipt(Id(1), 80_000);

    [Fact]
    public void Receive_adds_to_the_wallet()
    {
        PersonState state = Resident();
        Entry entry = Append(state, PersonRules.Receive(state, FromDaughter, Noon));
        Assert.Equal((EntryKind.Receive, Leg.Answer, Id(1)), (entry.Kind, entry.Leg, entry.Operation));
        Assert.Equal(new Amounts(0, 80_000, 0, 0), entry.Amounts);
        Assert.Equal(new ReceiveTerms("daughter", Suzhou, Zhengzhou), entry.Detail);
    }

    [Fact]
    public void Receive_after_a_move_is_owed_to_the_new_region()
    {
        PersonState state = Resident();
        Append(state, PersonRules.Register(state, new Registration(Nanjing, Insurance.Resident, InsuranceStatus.Active), Noon));
        Assert.Equal(new ReceiveTerms("daughter", Suzhou, Nanjing), PersonRules.Receive(state, FromDaughter with { PayeeRegion = Nanjing }, Noon).Entry!.Detail);
    }

    [Fact]
    public void Receive_after_a_move_to_a_region_that_is_not_known_to_be_live_is_refused()
    {
        PersonState state = Resident();
        Append(state, PersonRules.Register(state, new Registration(Nanjing, Insurance.Resident, InsuranceStatus.Active), Noon));
        AssertRefused(RefusalCode.RegionNotLive, PersonRules.Receive(state, FromDaughter, Noon));
    }

    [Fact]
    public void Receive_by_unknown_person_is_refused() =>
        AssertRefused(RefusalCode.NoSuchPerson, PersonRules.Receive(new PersonState("father"), FromDaughter, Noon));

    [Fact]
    public void Receive_with_stopped_insurance_is_refused() =>
        AssertRefused(RefusalCode.NotInsured, PersonRules.Receive(Stopped(Resident()), FromDaughter, Noon));

    [Fact]
    public void Receive_without_wallet_is_refused() =>
        AssertRefused(RefusalCode.WalletNotOpen, PersonRules.Receive(Resident(wallet: false), FromDaughter, Noon));

    [Fact]
    public void Receive_just_before_six_o_clock_is_made() =>
        Assert.NotNull(PersonRules.Receive(Resident(), FromDaughter, At("2026-03-03 05:59:59.999")).Entry);

    [Fact]
    public void Receive_at_six_o_clock_is_refused() =>
        AssertRefused(RefusalCode.WrongState, PersonRules.Receive(Resident(), FromDaughter, At("2026-03-03 06:00:00")));

    [Fact]
    public void Receive_with_the_account_time_past_six_o_clock_is_refused_whatever_the_clock_says()
    {
        PersonState state = Resident();
        Append(state, PersonRules.Decline(state, Id(2), EndReason.Returned, At("2026-03-03 06:00:00")));
        AssertRefused(RefusalCode.WrongState, PersonRules.Receive(state, FromDaughter, At("2026-03-03 05:59:00")));
    }

    [Fact]
    public void Receive_past_the_largest_balance_is_refused() =>
        AssertRefused(RefusalCode.AmountOverLimit, PersonRules.Receive(WithWalletFen(Resident(), Limits.BalanceFenMax), FromDaughter, Noon));

    [Fact]
    public void Receive_of_no_positive_amount_is_a_bug() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PersonRules.Receive(Resident(), FromDaughter with { AmountFen = -1 }, Noon));

    [Theory]
    [InlineData(EndReason.Returned)]
    [InlineData(EndReason.Rejected)]
    [InlineData(EndReason.Cancelled)]
    public void Decline_takes_the_answer_without_money(EndReason reason)
    {
        Entry entry = PersonRules.Decline(Resident(), Id(1), reason, Noon).Entry!;
        Assert.Equal((EntryKind.Decline, Leg.Answer, Amounts.Zero, Id(1)), (entry.Kind, entry.Leg, entry.Amounts, entry.Operation));
        Assert.Equal(new EndTerms(reason), entry.Detail);
    }

    [Fact]
    public void Decline_with_stopped_insurance_is_made() =>
        Assert.NotNull(PersonRules.Decline(Stopped(Resident()), Id(1), EndReason.Returned, Noon).Entry);

    [Fact]
    public void Decline_by_unknown_person_is_refused() =>
        AssertRefused(RefusalCode.NoSuchPerson, PersonRules.Decline(new PersonState("father"), Id(1), EndReason.Rejected, Noon));
}
