namespace Gongji.Ledger.Tests;

public sealed class AmountsTests
{
    [Fact]
    public void Sum_adds_each_pocket() =>
        Assert.Equal(new Amounts(11, 22, 33, 44), new Amounts(1, 2, 3, 4) + new Amounts(10, 20, 30, 40));

    [Fact]
    public void Sum_past_64_bits_throws() =>
        Assert.Throws<OverflowException>(() => new Amounts(long.MaxValue, 0, 0, 0) + new Amounts(1, 0, 0, 0));

    [Fact]
    public void Total_past_64_bits_throws() =>
        Assert.Throws<OverflowException>(() => new Amounts(long.MaxValue, 1, 0, 0).TotalFen);

    [Theory]
    [InlineData(-1, 0, 0, 0)]
    [InlineData(0, -1, 0, 0)]
    [InlineData(0, 0, -1, 0)]
    [InlineData(0, 0, 0, -1)]
    public void HasNegative_sees_every_pocket(long personal, long wallet, long held, long quota) =>
        Assert.True(new Amounts(personal, wallet, held, quota).HasNegative);

    [Theory]
    [InlineData(TransferSource.Personal)]
    [InlineData(TransferSource.Wallet)]
    public void Hold_and_release_leave_nothing(TransferSource source)
    {
        Amounts hold = Amounts.Hold(source, 5);
        Assert.Equal(0, hold.TotalFen);
        Assert.Equal(5, hold.HeldFen);
        Assert.Equal(Amounts.Zero, hold + Amounts.Release(hold.Taken));
    }

    [Fact]
    public void Hold_from_unknown_source_throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Amounts.Hold((TransferSource)9, 1));

    [Fact]
    public void Hold_of_several_pockets_and_release_leave_nothing()
    {
        Amounts hold = Amounts.Hold(new Amounts(5, 0, 0, 3));
        Assert.Equal(new Amounts(-5, 0, 8, -3), hold);
        Assert.Equal(new Amounts(5, 0, 0, 3), hold.Taken);
        Assert.Equal(Amounts.Zero, hold + Amounts.Release(hold.Taken));
    }

    [Fact]
    public void Amounts_in_a_text_are_their_pockets_whatever_they_hold() =>
        Assert.Equal(
            "Amounts { PersonalFen = 9223372036854775807, WalletFen = 1, HeldFen = -9223372036854775808, QuotaFen = 2 }",
            new Amounts(long.MaxValue, 1, long.MinValue, 2).ToString());
}
