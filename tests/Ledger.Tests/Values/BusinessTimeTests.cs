using static Gongji.Ledger.Tests.Given;

namespace Gongji.Ledger.Tests;

public sealed class BusinessTimeTests
{
    [Theory]
    [InlineData("2026-03-01T15:59:59.999Z", "2026-03-01")]
    [InlineData("2026-03-01T16:00:00Z", "2026-03-02")]
    [InlineData("2028-02-28T16:00:00Z", "2028-02-29")]
    [InlineData("2026-12-31T16:00:00Z", "2027-01-01")]
    [InlineData("2026-03-01T23:00:00+09:00", "2026-03-01")]
    public void DayOf_is_the_day_in_Shanghai(string at, string day) =>
        Assert.Equal(DateOnly.Parse(day), BusinessTime.DayOf(DateTimeOffset.Parse(at)));

    [Theory]
    [InlineData("2026-03-02 00:00:00", "2026-03-02 06:00:00")]
    [InlineData("2026-03-02 05:59:59.999", "2026-03-02 06:00:00")]
    [InlineData("2026-03-02 06:00:00", "2026-03-03 06:00:00")]
    [InlineData("2026-03-31 06:00:00.001", "2026-04-01 06:00:00")]
    public void NextReturnAfter_is_strictly_later(string at, string next) =>
        Assert.Equal(At(next), BusinessTime.NextReturnAfter(At(at).ToUniversalTime()));

    [Fact]
    public void ToMilliseconds_cuts_and_never_rounds_up() =>
        Assert.Equal(Noon.AddMilliseconds(7), BusinessTime.ToMilliseconds(Noon.AddMilliseconds(7).AddTicks(9_999)));

    [Fact]
    public void TimeOf_is_the_time_in_Shanghai() =>
        Assert.Equal(new TimeOnly(0, 30), BusinessTime.TimeOf(DateTimeOffset.Parse("2026-03-01T16:30:00Z")));
}
