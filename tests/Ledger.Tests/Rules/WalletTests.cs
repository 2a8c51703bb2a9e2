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
}
