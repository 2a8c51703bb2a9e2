using static Gongji.Ledger.Tests.Given;

namespace Gongji.Ledger.Tests;

public sealed class DeltasTests
{
    private static readonly DateOnly Day = new(2026, 3, 2);

    [Fact]
    public void Credit_is_a_delta_from_outside() =>
        AssertDelta(
            PersonRules.Credit(Employee(), new CreditOrder(Id(1), 500, "2026-03"), Noon),
            new(Activity.Credit, Tier.SameRegion, Day, RegionCode.Outside, Suzhou),
            new(1, 500));

    [Fact]
    public void Receipt_is_a_delta_between_its_regions() =>
        AssertDelta(
            PersonRules.Receive(Resident(), Receipt(Id(1), 700), Noon),
            new(Activity.Transfer, Tier.CrossProvince, Day, Suzhou, Zhengzhou),
            new(1, 700));

    [Fact]
    public void Move_is_a_delta_of_all_balances() =>
        AssertDelta(
            PersonRules.Register(WithWalletFen(Employee(personalFen: 100), 20), new Registration(Nanjing, Insurance.Employee, InsuranceStatus.Active), Noon),
            new(Activity.Move, Tier.InProvince, Day, Suzhou, Nanjing),
            new(1, 120));

    [Fact]
    public void Wallet_opened_is_counted_at_its_place_of_use() =>
        AssertDelta(
            PersonRules.OpenWallet(Resident(wallet: false), new WalletTerms(Nanjing, false), Noon),
            new(Activity.WalletOpened, Tier.SameRegion, Day, RegionCode.Outside, Nanjing),
            new(1, 0));

    [Fact]
    public void Entries_without_effect_on_regions_have_none()
    {
        PersonState state = Employee();
        Entry hold = Append(state, Hold(state, Order()));
        Entry post = PersonRules.Post(state, Id(1), Noon).Entry!;
        Entry back = PersonRules.Void(state, Id(1), EndReason.Returned, Noon).Entry!;
        Entry decline = PersonRules.Decline(state, Id(2), EndReason.Returned, Noon).Entry!;
        Entry wallet = PersonRules.OpenWallet(state, new WalletTerms(Suzhou, true), Noon).Entry!;
        Assert.Empty(Deltas.Aggregate([hold, post, back, decline, wallet]));
    }

    [Fact]
    public void Delta_is_of_the_business_day() =>
        AssertDelta(
            PersonRules.Credit(Employee(), new CreditOrder(Id(1), 500, "2026-03"), DateTimeOffset.Parse("2026-03-01T16:00:00Z")),
            new(Activity.Credit, Tier.SameRegion, Day, RegionCode.Outside, Suzhou),
            new(1, 500));

    [Fact]
    public void Aggregate_sums_per_key()
    {
        Entry one = PersonRules.Receive(Resident(), Receipt(Id(1), 700), Noon).Entry!;
        Entry two = PersonRules.Receive(Resident(region: Nanjing), Receipt(Id(2), 50) with { PayeeRegion = Nanjing }, Noon).Entry!;
        Dictionary<DeltaKey, DeltaSum> sums = Deltas.Aggregate([one, two, one]);
        Assert.Equal(2, sums.Count);
        Assert.Equal(new DeltaSum(2, 1_400), sums[new(Activity.Transfer, Tier.CrossProvince, Day, Suzhou, Zhengzhou)]);
        Assert.Equal(new DeltaSum(1, 50), sums[new(Activity.Transfer, Tier.InProvince, Day, Suzhou, Nanjing)]);
    }

    [Fact]
    public void Sum_past_64_bits_throws() =>
        Assert.Throws<OverflowException>(() => new DeltaSum(1, long.MaxValue) + new DeltaSum(1, 1));

    private static void AssertDelta(Decision decision, DeltaKey expectedKey, DeltaSum expectedSum)
    {
        KeyValuePair<DeltaKey, DeltaSum> delta = Assert.Single(Deltas.Of(decision.Entry!));
        Assert.Equal((expectedKey, expectedSum), (delta.Key, delta.Value));
    }
}
