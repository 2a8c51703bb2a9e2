using static Gongji.Ledger.Tests.Given;

namespace Gongji.Ledger.Tests;

public sealed class RegionPositionTests
{
    private static DeltaKey Key(Activity activity, RegionCode from, RegionCode to) =>
        new(activity, Tiers.Between(from, to), new DateOnly(2026, 3, 2), from, to);

    [Fact]
    public void Credit_adds_to_the_fund_of_its_region_only()
    {
        DeltaKey key = Key(Activity.Credit, RegionCode.Outside, Suzhou);
        Assert.Equal(new RegionPosition(500, 0), default(RegionPosition).Add(Suzhou, key, 500));
        Assert.Equal(default, default(RegionPosition).Add(Nanjing, key, 500));
    }

    [Theory]
    [InlineData(Activity.Transfer)]
    [InlineData(Activity.Move)]
    public void Money_to_another_region_is_owed_to_it(Activity activity)
    {
        DeltaKey key = Key(activity, Suzhou, Zhengzhou);
        Assert.Equal(new RegionPosition(0, -500), default(RegionPosition).Add(Suzhou, key, 500));
        Assert.Equal(new RegionPosition(0, 500), default(RegionPosition).Add(Zhengzhou, key, 500));
        Assert.Equal(default, default(RegionPosition).Add(Nanjing, key, 500));
    }

    [Theory]
    [InlineData(Activity.Payment)]
    [InlineData(Activity.Draw)]
    [InlineData(Activity.PharmacyPayment)]
    [InlineData(Activity.PharmacyDraw)]
    [InlineData(Activity.Contribution)]
    [InlineData(Activity.ContributionDraw)]
    public void Payment_is_paid_by_the_fund_of_the_beneficiary_and_owed_by_the_region_of_the_money(Activity activity)
    {
        Assert.Equal(new RegionPosition(-500, 500), default(RegionPosition).Add(Zhengzhou, Key(activity, Suzhou, Zhengzhou), 500));
        Assert.Equal(new RegionPosition(0, -500), default(RegionPosition).Add(Suzhou, Key(activity, Suzhou, Zhengzhou), 500));
        Assert.Equal(new RegionPosition(-500, 0), default(RegionPosition).Add(Suzhou, Key(activity, Suzhou, Suzhou), 500));
        Assert.Equal(default, default(RegionPosition).Add(Nanjing, Key(activity, Suzhou, Zhengzhou), 500));
    }

    [Fact]
    public void Money_inside_a_region_changes_nothing() =>
        Assert.Equal(default, default(RegionPosition).Add(Suzhou, Key(Activity.Transfer, Suzhou, Suzhou), 500));

    [Fact]
    public void Settlement_moves_the_fund_and_the_position_against_each_other()
    {
        DeltaKey key = Key(Activity.Settlement, Zhengzhou, Suzhou);
        Assert.Equal(new RegionPosition(-500, 500), default(RegionPosition).Add(Suzhou, key, 500));
        Assert.Equal(new RegionPosition(500, -500), default(RegionPosition).Add(Zhengzhou, key, 500));
        Assert.Equal(default, default(RegionPosition).Add(Nanjing, key, 500));
    }

    [Fact]
    public void Wallets_opened_change_nothing() =>
        Assert.Equal(default, default(RegionPosition).Add(Suzhou, Key(Activity.WalletOpened, RegionCode.Outside, Suzhou), 0));

    [Fact]
    public void Sum_past_64_bits_throws() =>
        Assert.Throws<OverflowException>(() => new RegionPosition(long.MaxValue, 0).Add(Suzhou, Key(Activity.Credit, RegionCode.Outside, Suzhou), 1));

    [Theory]
    [InlineData(-700L, 1_000L, 70, "yellow")]
    [InlineData(-699L, 1_000L, 69, "none")]
    [InlineData(-899L, 1_000L, 89, "yellow")]
    [InlineData(-900L, 1_000L, 90, "red")]
    [InlineData(-1_000L, 1_000L, 100, "red")]
    [InlineData(-2_000L, 1_000L, 200, "red")]
    [InlineData(-1L, 0L, 100, "red")]
    [InlineData(0L, 0L, 0, "none")]
    [InlineData(500L, 1_000L, 0, "none")]
    [InlineData(-500L, null, 0, "none")]
    [InlineData(-long.MaxValue, 1L, int.MaxValue, "red")]
    [InlineData(-long.MaxValue, long.MaxValue, 100, "red")]
    public void Use_of_the_cap_is_in_whole_percent_and_alerts(long netFen, long? capFen, int percent, string alert)
    {
        int used = new RegionPosition(0, netFen).UsedPercent(capFen);
        Assert.Equal((percent, alert), (used, RegionPosition.Alert(used)));
    }
}
