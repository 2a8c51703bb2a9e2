using static Gongji.Ledger.Tests.Given;

namespace Gongji.Ledger.Tests;

public sealed class HoldTests
{
    [Fact]
    public void Hold_from_personal_account_sets_money_aside()
    {
        PersonState state = Employee();
        Entry entry = Append(state, Hold(state, Order()));
        Assert.Equal((EntryKind.Hold, Leg.Opening, Id(1)), (entry.Kind, entry.Leg, entry.Operation));
        Assert.Equal(new Amounts(-80_000, 0, 80_000, 0), entry.Amounts);
        Assert.Equal(new Amounts(920_000, 0, 80_000, 0), state.Balances);
        OpenHold hold = Assert.Single(state.OpenHolds);
        Assert.Equal((Id(1), new Amounts(80_000, 0, 0, 0), 80_000L, "father", false), (hold.Id, hold.Taken, hold.AmountFen, hold.Payee, hold.AutoAccept));
    }

    [Fact]
    public void Hold_from_wallet_sets_money_aside()
    {
        PersonState state = WithWalletFen(Resident("father"), 5_000);
        Entry entry = Append(state, Hold(state, Order(payer: "father", payee: "daughter", amountFen: 5_000, source: TransferSource.Wallet)));
        Assert.Equal(new Amounts(0, -5_000, 5_000, 0), entry.Amounts);
    }

    [Fact]
    public void Hold_records_terms_and_limits()
    {
        RegionRules payer = Live with { MaxTransferFen = 90_000, MaxTransfersPerDay = 2, ClosedFrom = new(23, 30), ClosedUntil = new(5, 15) };
        RegionRules payee = Live with { Live = LiveTiers.CrossProvince, Kinships = Kinships.Narrow };
        HoldTerms terms = Assert.IsType<HoldTerms>(Hold(Employee(), Order(), payee: Payee with { AutoAccept = true }, rules: payer, payeeRules: payee).Entry!.Detail);
        Assert.Equal(new AppliedLimits(90_000, 2, 23 * 60 + 30, 5 * 60 + 15, Kinships.Narrow, LiveTiers.CrossProvince), terms.Under);
        Assert.Equal(("father", Kinship.Parent, Suzhou, Zhengzhou, true), (terms.Payee, terms.Kinship, terms.PayerRegion, terms.PayeeRegion, terms.AutoAccept));
        Assert.Equal((At("2026-03-03 06:00:00"), Tier.CrossProvince), (terms.ExpiresAt, terms.Tier));
    }

    [Fact]
    public void Hold_by_unknown_person_is_refused() =>
        AssertRefused(RefusalCode.NoSuchPerson, Hold(new PersonState("daughter"), Order()));

    [Fact]
    public void Hold_to_oneself_is_refused() =>
        AssertRefused(RefusalCode.SamePerson, Hold(Employee(), Order(payee: "daughter")));

    [Fact]
    public void Hold_of_personal_money_by_resident_is_refused() =>
        AssertRefused(RefusalCode.NotInsured, Hold(Resident("daughter"), Order()));

    [Fact]
    public void Hold_of_personal_money_with_stopped_insurance_is_refused() =>
        AssertRefused(RefusalCode.NotInsured, Hold(Stopped(Employee()), Order()));

    [Fact]
    public void Hold_of_wallet_money_with_stopped_insurance_is_made()
    {
        PersonState state = Stopped(WithWalletFen(Employee(), 100));
        Append(state, Hold(state, Order(amountFen: 100, source: TransferSource.Wallet)));
    }

    [Fact]
    public void Hold_for_uninsured_payee_is_refused() =>
        AssertRefused(RefusalCode.NotInsured, Hold(Employee(), Order(), payee: Payee with { Insured = false }));

    [Fact]
    public void Hold_without_payer_wallet_is_refused() =>
        AssertRefused(RefusalCode.WalletNotOpen, Hold(Employee(wallet: false), Order()));

    [Fact]
    public void Hold_without_payee_wallet_is_refused() =>
        AssertRefused(RefusalCode.WalletNotOpen, Hold(Employee(), Order(), payee: Payee with { WalletOpen = false }));

    [Theory]
    [InlineData("320500", LiveTiers.SameRegion)]
    [InlineData("320100", LiveTiers.InProvince)]
    [InlineData("410100", LiveTiers.CrossProvince)]
    public void Hold_needs_both_regions_live_for_its_tier(string payeeRegion, LiveTiers tier)
    {
        PayeeStanding payee = Payee with { Region = RegionCode.Parse(payeeRegion) };
        RegionRules only = new() { Live = tier };
        RegionRules allBut = new() { Live = LiveTiers.All & ~tier };
        Assert.NotNull(Hold(Employee(), Order(), payee: payee, rules: only, payeeRules: only).Entry);
        AssertRefused(RefusalCode.RegionNotLive, Hold(Employee(), Order(), payee: payee, rules: allBut));
        AssertRefused(RefusalCode.RegionNotLive, Hold(Employee(), Order(), payee: payee, payeeRules: allBut));
    }

    [Fact]
    public void Hold_under_default_rules_is_refused_since_nothing_is_live() =>
        AssertRefused(RefusalCode.RegionNotLive, Hold(Employee(), Order(), rules: RegionRules.Default, payeeRules: RegionRules.Default));

    [Fact]
    public void Hold_needs_both_regions_to_allow_the_kinship()
    {
        RegionRules narrow = Live with { Kinships = Kinships.Narrow };
        TransferOrder toSibling = Order(kinship: Kinship.Sibling);
        Assert.NotNull(Hold(Employee(), toSibling).Entry);
        AssertRefused(RefusalCode.KinshipNotAllowed, Hold(Employee(), toSibling, rules: narrow));
        AssertRefused(RefusalCode.KinshipNotAllowed, Hold(Employee(), toSibling, payeeRules: narrow));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(200_000)]
    public void Hold_up_to_the_largest_transfer_is_made(long amountFen) =>
        Assert.Equal(amountFen, Hold(Employee(), Order(amountFen: amountFen)).Entry!.Amounts.HeldFen);

    [Theory]
    [InlineData(200_001)]
    [InlineData(long.MaxValue)]
    public void Hold_over_the_largest_transfer_is_refused(long amountFen) =>
        AssertRefused(RefusalCode.AmountOverLimit, Hold(Employee(), Order(amountFen: amountFen)));

    [Fact]
    public void Hold_limits_are_those_of_the_payer_region() =>
        Assert.NotNull(Hold(Employee(), Order(), payeeRules: Live with { MaxTransferFen = 1, MaxTransfersPerDay = 0 }).Entry);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Hold_of_no_positive_amount_is_a_bug(long amountFen) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Hold(Employee(), Order(amountFen: amountFen)));

    [Fact]
    public void Hold_of_all_there_is_is_made()
    {
        PersonState state = Employee(personalFen: 100);
        Append(state, Hold(state, Order(amountFen: 100)));
        Assert.Equal(new Amounts(0, 0, 100, 0), state.Balances);
    }

    [Fact]
    public void Hold_of_more_than_there_is_is_refused() =>
        AssertRefused(RefusalCode.InsufficientFunds, Hold(Employee(personalFen: 100), Order(amountFen: 101)));

    [Fact]
    public void Hold_cannot_use_held_or_other_pocket_money()
    {
        PersonState state = WithWalletFen(Employee(personalFen: 100), 50);
        Append(state, Hold(state, Order(amountFen: 60)));
        AssertRefused(RefusalCode.InsufficientFunds, Hold(state, Order(2, 41, payee: "mother")));
        AssertRefused(RefusalCode.InsufficientFunds, Hold(state, Order(2, 51, payee: "mother", source: TransferSource.Wallet)));
    }

    [Fact]
    public void Hold_past_the_most_open_holds_is_refused()
    {
        PersonState state = Employee(personalFen: Limits.OpenHoldsMax + 1);
        RegionRules generous = Live with { MaxTransfersPerDay = Limits.TransfersPerDayMax };
        PayeeStanding auto = Payee with { AutoAccept = true };
        for (int number = 1; number <= Limits.OpenHoldsMax; number++)
        {
            Append(state, Hold(state, Order(number, 1), payee: auto, rules: generous));
        }

        Assert.NotNull(Hold(state, Order(5_000, 1), payee: auto, rules: generous).Refusal);
    }
}
