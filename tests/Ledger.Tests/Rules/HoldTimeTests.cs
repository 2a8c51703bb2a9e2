using static Gongji.Ledger.Tests.Given;

namespace Gongji.Ledger.Tests;

/// <summary>Hours, days and what waits: the rules of a hold that depend on time and on earlier holds.</summary>
public sealed class HoldTimeTests
{
    [Theory]
    [InlineData("2026-03-02 06:00:00")]
    [InlineData("2026-03-02 12:00:00")]
    [InlineData("2026-03-02 21:59:59.999")]
    public void Hold_in_open_hours_is_made(string local) =>
        Assert.NotNull(Hold(Employee(), Order(), At(local)).Entry);

    [Theory]
    [InlineData("2026-03-02 22:00:00")]
    [InlineData("2026-03-02 22:30:00")]
    [InlineData("2026-03-02 23:59:59.999")]
    [InlineData("2026-03-03 00:00:00")]
    [InlineData("2026-03-03 05:59:59.999")]
    public void Hold_in_closed_hours_is_refused(string local) =>
        AssertRefused(RefusalCode.OutsideHours, Hold(Employee(), Order(), At(local)));

    [Fact]
    public void Hold_hours_are_those_of_Shanghai_whatever_the_offset() =>
        AssertRefused(RefusalCode.OutsideHours, Hold(Employee(), Order(), At("2026-03-02 22:00:00").ToUniversalTime()));

    [Theory]
    [InlineData("2026-03-02 11:59:59.999", true)]
    [InlineData("2026-03-02 12:00:00", false)]
    [InlineData("2026-03-02 12:59:59.999", false)]
    [InlineData("2026-03-02 13:00:00", true)]
    [InlineData("2026-03-02 23:00:00", true)]
    public void Hold_with_closed_hours_inside_a_day_follows_them(string local, bool open) =>
        Assert.Equal(open, Hold(Employee(), Order(), At(local), rules: Live with { ClosedFrom = new(12, 0), ClosedUntil = new(13, 0) }).Entry is not null);

    [Fact]
    public void Hold_with_equal_closed_hours_is_made_at_any_time() =>
        Assert.NotNull(Hold(Employee(), Order(), At("2026-03-03 03:00:00"), rules: Live with { ClosedFrom = new(3, 0), ClosedUntil = new(3, 0) }).Entry);

    [Fact]
    public void Hold_number_four_of_a_day_is_refused()
    {
        PersonState state = Employee();
        AppendHolds(state, 3, Noon);
        AssertRefused(RefusalCode.DailyCountExceeded, Hold(state, Order(4, payee: "p4"), At("2026-03-02 21:59:59.999")));
    }

    [Fact]
    public void Hold_of_the_next_day_counts_anew()
    {
        PersonState state = Employee();
        AppendHolds(state, 3, Noon);
        Append(state, Hold(state, Order(4, payee: "p4"), At("2026-03-03 06:00:00")));
        Assert.Equal((1, 0), (state.TransfersOn(new DateOnly(2026, 3, 3)), state.TransfersOn(new DateOnly(2026, 3, 2))));
    }

    [Fact]
    public void Hold_day_changes_at_midnight_of_Shanghai()
    {
        PersonState state = Employee();
        RegionRules always = Live with { ClosedFrom = default, ClosedUntil = default, MaxTransfersPerDay = 1 };
        Append(state, Hold(state, Order(1, payee: "p1"), At("2026-02-28 23:59:59.999"), rules: always));
        AssertRefused(RefusalCode.DailyCountExceeded, Hold(state, Order(2, payee: "p2"), At("2026-02-28 23:59:59.999"), rules: always));
        Append(state, Hold(state, Order(2, payee: "p2"), At("2026-03-01 00:00:00"), rules: always));
    }

    [Fact]
    public void Hold_that_was_voided_still_counts()
    {
        PersonState state = Employee();
        AppendHolds(state, 3, Noon);
        Append(state, PersonRules.Void(state, Id(2), EndReason.Cancelled, Noon));
        AssertRefused(RefusalCode.DailyCountExceeded, Hold(state, Order(4, payee: "p4")));
    }

    [Fact]
    public void Hold_refused_does_not_count()
    {
        PersonState state = Employee();
        AppendHolds(state, 2, Noon);
        AssertRefused(RefusalCode.AmountOverLimit, Hold(state, Order(3, 200_001, payee: "p3")));
        Append(state, Hold(state, Order(3, payee: "p3")));
    }

    [Fact]
    public void Hold_while_one_to_the_same_payee_waits_is_refused()
    {
        PersonState state = Employee();
        Append(state, Hold(state, Order(1)));
        AssertRefused(RefusalCode.PreviousTransferWaiting, Hold(state, Order(2)));
        Append(state, Hold(state, Order(2, payee: "mother")));
    }

    [Fact]
    public void Hold_after_the_waiting_one_ended_is_made()
    {
        PersonState state = Employee();
        Append(state, Hold(state, Order(1)));
        Append(state, PersonRules.Post(state, Id(1), Noon));
        Append(state, Hold(state, Order(2)));
    }

    [Fact]
    public void Hold_accepted_automatically_keeps_nobody_waiting()
    {
        PersonState state = Employee();
        PayeeStanding auto = Payee with { AutoAccept = true };
        Append(state, Hold(state, Order(1), payee: auto));
        Append(state, Hold(state, Order(2), payee: auto));
    }

    [Theory]
    [InlineData("2026-03-02 05:59:59.999", "2026-03-02 06:00:00")]
    [InlineData("2026-03-02 06:00:00", "2026-03-03 06:00:00")]
    [InlineData("2026-03-02 21:59:59.999", "2026-03-03 06:00:00")]
    [InlineData("2026-02-28 23:30:00", "2026-03-01 06:00:00")]
    [InlineData("2028-02-28 12:00:00", "2028-02-29 06:00:00")]
    [InlineData("2026-12-31 12:00:00", "2027-01-01 06:00:00")]
    public void Hold_expires_at_the_next_six_o_clock(string local, string expires)
    {
        RegionRules always = Live with { ClosedFrom = default, ClosedUntil = default };
        Entry entry = Hold(Employee(), Order(), At(local), rules: always).Entry!;
        Assert.Equal(At(expires), ((HoldTerms)entry.Detail!).ExpiresAt);
    }

    [Fact]
    public void Hold_decided_on_a_clock_behind_takes_the_account_time()
    {
        PersonState state = Employee();
        Append(state, Hold(state, Order(1, payee: "p1"), At("2026-03-02 21:59:59")));
        Entry entry = Append(state, Hold(state, Order(2, payee: "p2"), At("2026-03-02 20:00:00")));
        Assert.Equal(At("2026-03-02 21:59:59"), entry.At);
    }

    [Fact]
    public void Hold_with_the_account_time_in_closed_hours_is_refused_whatever_the_clock_says()
    {
        PersonState state = Employee();
        Append(state, PersonRules.Credit(state, new CreditOrder(Id(7), 1, "2026-03"), At("2026-03-02 22:00:00")));
        AssertRefused(RefusalCode.OutsideHours, Hold(state, Order(), At("2026-03-02 21:59:00")));
    }

    private static void AppendHolds(PersonState state, int count, DateTimeOffset at)
    {
        for (int number = 1; number <= count; number++)
        {
            Append(state, Hold(state, Order(number, payee: $"p{number}"), at));
        }
    }
}
