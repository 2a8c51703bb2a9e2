using static Gongji.Ledger.Tests.Given;

namespace Gongji.Ledger.Tests;

public sealed class ClearingProcedureTests
{
    private static readonly DateOnly Open = new(2025, 3, 1);

    [Theory]
    [InlineData("00:01", 1)]
    [InlineData("17:30", 1_050)]
    [InlineData("24:00", 1_440)]
    public void Cut_off_is_read_and_written(string text, short minute)
    {
        Assert.True(ClearingCutOff.TryParse(text, out ClearingCutOff cutOff));
        Assert.Equal((minute, text), (cutOff.Minute, cutOff.ToString()));
    }

    [Theory]
    [InlineData("00:00")]
    [InlineData("24:01")]
    [InlineData("7:30")]
    [InlineData("17:30:00")]
    [InlineData("")]
    [InlineData(null)]
    public void Cut_off_that_is_none_is_not_read(string? text) => Assert.False(ClearingCutOff.TryParse(text, out _));

    [Theory]
    [InlineData(1_050, "2026-03-02 17:29:59", "2026-03-01")]
    [InlineData(1_050, "2026-03-02 17:30:00", "2026-03-02")]
    [InlineData(1_440, "2026-03-02 23:59:59", "2026-03-01")]
    [InlineData(1_440, "2026-03-03 00:00:00", "2026-03-02")]
    [InlineData(1, "2026-03-02 00:00:59", "2026-03-01")]
    [InlineData(1, "2026-03-02 00:01:00", "2026-03-02")]
    public void Cut_off_has_passed_for_the_day_at_its_minute(short minute, string at, string day) =>
        Assert.Equal(DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture), new ClearingCutOff(minute).LastDay(At(at)));

    [Fact]
    public void Deadlines_are_those_of_the_month_after()
    {
        // January 2025 is followed by a month of 28 days, whose last day is a Friday.
        ClearingDeadline[] due = [.. new ClearingProcedure().DeadlinesOf(StatementOf("2025-01", Open), 0, new DateOnly(2025, 2, 1))];
        Assert.Equal(
            [new(2025, 2, 3), new(2025, 2, 21), new(2025, 2, 25), new(2025, 2, 28), new(2025, 3, 14), new DateOnly(2025, 5, 14)],
            due.Select(one => one.By));
        Assert.Equal(Enum.GetValues<ClearingStep>(), due.Select(one => one.Step));
        Assert.All(due, one => Assert.True(one.IsDone && !one.IsOverdue));
    }

    [Theory]
    [InlineData("2025-02-03", 0)]
    [InlineData("2025-02-04", 1)]
    [InlineData("2025-02-22", 2)]
    [InlineData("2025-03-01", 4)]
    [InlineData("2025-03-15", 5)]
    [InlineData("2025-05-15", 6)]
    public void Step_that_is_not_done_is_overdue_the_day_after(string today, int overdue)
    {
        Statement open = StatementOf("2025-01", new DateOnly(2025, 1, 31));
        DateOnly day = DateOnly.Parse(today, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(overdue, new ClearingProcedure().DeadlinesOf(open, 0, day).Count(due => due.IsOverdue));
    }

    [Fact]
    public void Complete_month_with_money_outstanding_is_not_paid()
    {
        Statement complete = StatementOf("2025-01", Open);
        ClearingDeadline paid = new ClearingProcedure().DeadlinesOf(complete, 1, new DateOnly(2025, 3, 15)).Single(due => due.Step == ClearingStep.Paid);
        Assert.True(!paid.IsDone && paid.IsOverdue);
    }

    [Fact]
    public void Settings_are_read_by_name_and_the_rest_stays()
    {
        Assert.True(ClearingProcedure.TryParse("complete=5, paid=0,prepayment=3", out ClearingProcedure procedure, out _));
        Assert.Equal(new ClearingProcedure { CompleteBy = 5, PaidWithin = 0, PrepaymentMonths = 3 }, procedure);
        Assert.Equal(new DateOnly(2025, 2, 28), procedure.DeadlinesOf(StatementOf("2025-01", Open), 0, Open).Single(due => due.Step == ClearingStep.Paid).By);
        Assert.True(ClearingProcedure.TryParse(string.Empty, out procedure, out _));
        Assert.Equal(new ClearingProcedure(), procedure);
    }

    [Theory]
    [InlineData("complete=0")]
    [InlineData("complete=32")]
    [InlineData("complete")]
    [InlineData("sign=25=26")]
    [InlineData("sign=-1")]
    [InlineData("weeks=2")]
    [InlineData("late=61")]
    public void Settings_that_mean_nothing_are_named(string text)
    {
        Assert.False(ClearingProcedure.TryParse("table=20," + text, out _, out string? wrong));
        Assert.Contains($"'{text}'", wrong, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1, 0)]
    [InlineData(1_001, 1, 2_002)]
    [InlineData(1_001, 3, 668)]
    [InlineData(6, 12, 1)]
    public void Prepayment_is_two_months_of_the_average_rounded_up(long clearedFen, int months, long fen) =>
        Assert.Equal(fen, new ClearingProcedure().PrepaymentFen(clearedFen, months));

    private static Statement StatementOf(string month, DateOnly openDay) =>
        new(month, [], openDay, ClearingBasis.Gross, new ClearingAccount(ClearingAccounts.OfMonth(month)));
}
