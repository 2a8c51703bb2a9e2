using Gongji.Api.Tests.Support;

namespace Gongji.Api.Tests;

public sealed class ClockTests : RunningApp, IClassFixture<ClockTests.MachineClockApp>
{
    private readonly MachineClockApp _machine;

    public ClockTests(MachineClockApp machine) => _machine = machine;

    [Fact]
    public async Task Clock_moved_past_six_returns_what_nobody_accepted_before_it_answers()
    {
        string payer = await NewPersonAsync(creditFen: 500);
        string payee = await NewPersonAsync(Zhengzhou);
        Guid id = Guid.CreateVersion7();
        await TransferAsync(payer, payee, 300, id);

        Answer before = await MoveAsync("2024-12-03T05:59:00+08:00");
        Answer stillHeld = await Http.GetAsync($"/v1/transfers/{id}");
        Answer after = await MoveAsync("2024-12-02T22:00:00Z");
        Answer returned = await Http.GetAsync($"/v1/transfers/{id}");

        Assert.Equal((200, "held"), (before.Status, stillHeld.Field("status")));
        Assert.Equal((200, "true", "returned"), (after.Status, after.Field("adjustable"), returned.Field("status")));
        Assert.StartsWith("2024-12-03T06:00:0", after.Field("now"), StringComparison.Ordinal);
        Assert.StartsWith("2024-12-03T06:00:0", returned.Field("endedAt"), StringComparison.Ordinal);
        Assert.Equal((500, 0, 0), await BalancesAsync(payer));
        Expect.Problem(await EndAsync(id, "accept", payee), 409, "wrong-state");
        Answer replay = await TransferAsync(payer, payee, 300, id);
        Assert.Equal((201, true, "held"), (replay.Status, replay.IsReplay, replay.Field("status")));
    }

    [Fact]
    public async Task Clock_moved_past_six_returns_hundreds_of_transfers()
    {
        string[] payers = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => NewPersonAsync(creditFen: 500)));
        string[] payees = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => NewPersonAsync(Zhengzhou)));
        Answer[] held = await Task.WhenAll(payers.SelectMany(payer => payees.Select(payee => TransferAsync(payer, payee, 100))));
        Assert.All(held, answer => Assert.Equal("held", answer.Field("status")));

        await MoveAsync("2024-12-03T06:00:00+08:00");

        foreach (string payer in payers)
        {
            Assert.Equal((500, 0, 0), await BalancesAsync(payer));
        }
    }

    [Fact]
    public async Task Clock_at_half_past_ten_in_the_evening_closes_transfers_and_a_new_day_counts_anew()
    {
        string payer = await NewPersonAsync(creditFen: 500);
        string payee = await NewPersonAsync(autoAccept: true);
        for (int count = 0; count < 3; count++)
        {
            Assert.Equal(201, (await TransferAsync(payer, payee, 10)).Status);
        }

        Expect.Problem(await TransferAsync(payer, payee, 10), 422, "daily-count-exceeded");
        await MoveAsync("2024-12-02T22:30:00+08:00");
        Expect.Problem(await TransferAsync(payee, payer, 10, source: "wallet"), 422, "outside-hours");
        await MoveAsync("2024-12-03T06:00:00+08:00");

        Assert.Equal(201, (await TransferAsync(payer, payee, 10)).Status);
        Assert.Equal(1, (await Http.GetAsync($"/v1/persons/{payer}")).Number("transfersToday"));
    }

    [Fact]
    public async Task Clock_only_moves_forward()
    {
        Answer now = await Http.GetAsync("/v1/clock");

        Answer back = await MoveAsync("2024-12-02T08:59:59+08:00");

        Assert.Equal((200, "true"), (now.Status, now.Field("adjustable")));
        Expect.Problem(back, 409, "wrong-state");
    }

    [Fact]
    public async Task Clock_of_the_machine_is_told_but_not_moved()
    {
        Answer now = await _machine.Http.GetAsync("/v1/clock");
        Answer moved = await _machine.Http.PutAsync("/v1/clock", """{"now":"2100-01-01T00:00:00Z"}""");

        Assert.Equal((200, "false"), (now.Status, now.Field("adjustable")));
        Expect.Problem(moved, 409, "wrong-state");
        Assert.Contains("--clock", moved.Field("detail"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2024-12-02T10:00:00.123456789+08:00", "2024-12-02T10:00:00.1")]
    [InlineData("2024-12-02t02:00:00z", "2024-12-02T10:00:00")]
    [InlineData("2024-12-02T02:00:00.5-00:00", "2024-12-02T10:00:00.5")]
    [InlineData("2024-12-03T01:00:00+23:00", "2024-12-02T10:00:00")]
    public async Task Clock_takes_every_form_of_rfc_3339(string now, string shown)
    {
        Answer moved = await MoveAsync(now);

        Assert.Equal(200, moved.Status);
        Assert.StartsWith(shown, moved.Field("now"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2024-12-02T10:00:00+0800")]
    [InlineData("2024-12-02T10:00:00+8:00")]
    [InlineData("2024-12-02T10:00:00.+08:00")]
    [InlineData("2024-12-02T10:00:00+24:00")]
    [InlineData("2024-12-02T10:00:00+08:00\\n")]
    [InlineData("2024-12-02T10:00:00")]
    [InlineData("2024-12-02T24:00:00+08:00")]
    [InlineData("2024-13-02T10:00:00+08:00")]
    [InlineData("0001-01-01T00:00:00+08:00")]
    [InlineData("9999-12-31T23:59:59-08:00")]
    public async Task Clock_takes_no_other_form(string now) => Expect.Problem(await MoveAsync(now), 400, "malformed");

    private Task<Answer> MoveAsync(string now) => Http.PutAsync("/v1/clock", $$"""{"now":"{{now}}"}""");

    /// <summary>An app that was started without <c>--clock</c>.</summary>
    public sealed class MachineClockApp : RunningApp
    {
        protected override DateTimeOffset? ClockStart => null;
    }
}
