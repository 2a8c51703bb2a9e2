using static Gongji.Ledger.Tests.Given;

namespace Gongji.Ledger.Tests;

public sealed class WalletTests
{
    [Fact]
    public void OpenWallet_of_insured_person_opens_it()
    {
        PersonState state = Employee(wallet: false);
        Entry entry = Append(state, PersonRules.OpenWallet(state, new WalletTerms(Zhengzhou, true, "father"), Noon));
        Assert.Equal((EntryKind.WalletOpened, Leg.Place, Amounts.Zero), (entry.Kind, entry.Leg, entry.Amounts));
        Assert.Equal(new WalletTerms(Zhengzhou, true, "father"), state.Wallet);
    }

    [Fact]
    public void OpenWallet_of_unknown_person_is_refused() =>
        AssertRefused(RefusalCode.NoSuchPerson, PersonRules.OpenWallet(new PersonState("x"), new WalletTerms(Suzhou, false), Noon));

    [Fact]
    public void OpenWallet_with_stopped_insurance_is_refused() =>
        AssertRefused(RefusalCode.NotInsured, PersonRules.OpenWallet(Stopped(Employee(wallet: false)), new WalletTerms(Suzhou, false), Noon));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void OpenWallet_by_oneself_as_a_relative_is_refused(bool isOpen)
    {
        PersonState state = Employee(wallet: isOpen);
        AssertRefused(RefusalCode.SamePerson, PersonRules.OpenWallet(state, new WalletTerms(Zhengzhou, true, state.Person), Noon));
    }

    [Fact]
    public void OpenWallet_again_the_same_changes_nothing() =>
        Assert.Equal(Decision.Nothing, PersonRules.OpenWallet(Employee(), new WalletTerms(Suzhou, false), Noon));

    [Theory]
    [InlineData("410100", false)]
    [InlineData("320500", true)]
    public void OpenWallet_again_with_other_terms_changes_it(string place, bool autoAccept)
    {
        PersonState state = Employee();
        Assert.Equal(EntryKind.WalletChanged, Append(state, PersonRules.OpenWallet(state, new WalletTerms(RegionCode.Parse(place), autoAccept), Noon)).Kind);
        Assert.Equal((RegionCode.Parse(place), autoAccept), (state.Wallet!.UsePlace, state.Wallet.AutoAccept));
    }

    [Fact]
    public void OpenWallet_again_keeps_who_opened_it()
    {
        PersonState state = Employee(wallet: false);
        Append(state, PersonRules.OpenWallet(state, new WalletTerms(Suzhou, false, "father"), Noon));
        Assert.Equal(Decision.Nothing, PersonRules.OpenWallet(state, new WalletTerms(Suzhou, false), Noon));
        Append(state, PersonRules.OpenWallet(state, new WalletTerms(Suzhou, true, "mother"), Noon));
        Assert.Equal("father", state.Wallet!.OpenedBy);
    }

    [Fact]
    public void Wallet_that_is_empty_is_closed_and_can_be_opened_again()
    {
        PersonState state = Resident();
        Entry entry = Append(state, PersonRules.CloseWallet(state, Noon));
        Assert.Equal((EntryKind.WalletClosed, Leg.Place, Amounts.Zero), (entry.Kind, entry.Leg, entry.Amounts));
        Assert.Null(entry.Detail);
        Assert.Null(state.Wallet);
        Assert.Equal(Decision.Nothing, PersonRules.CloseWallet(state, Noon));
        Assert.Equal(EntryKind.WalletOpened, Append(state, PersonRules.OpenWallet(state, new WalletTerms(Zhengzhou, false), Noon)).Kind);
    }

    [Fact]
    public void Wallet_with_money_in_it_is_not_closed()
    {
        PersonState state = WithWalletFen(Resident(), 1);
        AssertRefused(RefusalCode.WrongState, PersonRules.CloseWallet(state, Noon));
    }

    [Fact]
    public void Wallet_whose_money_may_come_back_is_not_closed()
    {
        PersonState state = WithWalletFen(Resident(), 1);
        Append(state, Hold(state, Order(amountFen: 1, payer: "father", payee: "daughter", source: TransferSource.Wallet)));
        AssertRefused(RefusalCode.WrongState, PersonRules.CloseWallet(state, Noon));
        Append(state, PersonRules.Post(state, Id(1), Noon));
        Append(state, PersonRules.CloseWallet(state, Noon));
    }

    [Fact]
    public void Wallet_of_unknown_person_is_not_closed() =>
        AssertRefused(RefusalCode.NoSuchPerson, PersonRules.CloseWallet(new PersonState("x"), Noon));
}
