using Gongji.Api.Tests.Support;
using Gongji.Ledger;

namespace Gongji.Api.Tests;

/// <summary>A product that closes each business day automatically at 17:30.</summary>
public sealed class CutOffTests(CutOffTests.App app) : IClassFixture<CutOffTests.App>
{
    [Fact]
    public async Task Day_is_closed_at_its_cut_off_and_what_comes_after_counts_on_the_next_but_limits_stay_on_the_calendar_day()
    {
        string payer = await app.NewPersonAsync(creditFen: 1_000);
        string payee = await app.NewPersonAsync(RunningApp.Zhengzhou, autoAccept: true);
        await app.MoveClockAsync("2024-12-02T17:29:00+08:00");
        Assert.Equal(201, (await app.TransferAsync(payer, payee, 100)).Status);
        Assert.Equal("open", (await app.Http.GetAsync("/v1/clearing/2024-12-02")).Field("status"));

        await app.MoveClockAsync("2024-12-02T17:30:00+08:00");
        await app.ClosedAsync("2024-12-02");
        Assert.Equal(201, (await app.TransferAsync(payer, payee, 30)).Status);

        Assert.Equal([100L], Amounts(await app.Http.GetAsync("/v1/clearing/2024-12-02")));
        Answer next = await app.Http.GetAsync("/v1/clearing/2024-12-03");
        Assert.Equal(("open", 30L), (next.Field("status"), Assert.Single(Amounts(next))));
        Answer stats = await app.Http.GetAsync("/v1/stats/aid?from=2024-12-02&to=2024-12-02");
        Assert.Equal((1, 100), (stats.Number("transfers.count"), stats.Number("transfers.amountFen")));
        Assert.Equal(2, (await app.Http.GetAsync($"/v1/persons/{payer}")).Number("transfersToday"));

        // The clock skips a whole day: both days are closed, and the earlier figures are unchanged.
        await app.MoveClockAsync("2024-12-04T18:00:00+08:00");
        await app.ClosedAsync("2024-12-04");
        Assert.Equal("closed", (await app.Http.GetAsync("/v1/clearing/2024-12-03")).Field("status"));
        Assert.Equal([100L], Amounts(await app.Http.GetAsync("/v1/clearing/2024-12-02")));
    }

    private static IEnumerable<long> Amounts(Answer day) => day.Json["pairs"]!.AsArray().Select(pair => (long)pair!["amountFen"]!);

    public sealed class App : RunningApp
    {
        internal override ClearingCutOff? CutOff => new(17 * 60 + 30);

        internal async Task MoveClockAsync(string now) => Assert.Equal(200, (await Http.PutAsync("/v1/clock", $$"""{"now":"{{now}}"}""")).Status);

        /// <summary>Waits until a day is closed.</summary>
        internal async Task ClosedAsync(string day)
        {
            using PeriodicTimer pause = new(TimeSpan.FromMilliseconds(50));
            while ((await Http.GetAsync($"/v1/clearing/{day}")).Field("status") != "closed")
            {
                await pause.WaitForNextTickAsync();
            }
        }
    }
}
