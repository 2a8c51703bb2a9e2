using Gongji.Api.Tests.Support;

namespace Gongji.Api.Tests;

public sealed class StatsTests(RunningApp app) : IClassFixture<RunningApp>
{
    [Fact]
    public async Task Aid_stats_count_transfers_by_tier_and_wallets()
    {
        const string open = ""","maxTransfersPerDay":1000 """;
        await app.GoLiveAsync(RunningApp.Suzhou, open);
        string payer = await app.NewPersonAsync(creditFen: 100_000);
        string same = await app.NewPersonAsync(autoAccept: true);
        string near = await app.NewPersonAsync(RunningApp.Nanjing, autoAccept: true);
        string far = await app.NewPersonAsync(RunningApp.Zhengzhou, autoAccept: true);
        string waiting = await app.NewPersonAsync();
        await app.TransferAsync(payer, same, 100);
        await app.TransferAsync(payer, near, 20);
        await app.TransferAsync(payer, near, 3);
        await app.TransferAsync(payer, far, 5_000);
        await app.TransferAsync(payer, waiting, 7_777);

        Answer stats = await app.Http.GetAsync("/v1/stats/aid?from=2024-12-01&to=2024-12-31");

        Assert.Equal(200, stats.Status);
        Assert.Equal(("2024-12-01", "2024-12-31", 5L), (stats.Field("from"), stats.Field("to"), stats.Number("walletsOpened")));
        Assert.Equal((4, 5_123), (stats.Number("transfers.count"), stats.Number("transfers.amountFen")));
        Assert.Equal(["same-region 1 100", "in-province 2 23", "cross-province 1 5000"], Tiers(stats.Json["transfers"]!["tiers"]!));
        Assert.Equal(["same-region 0 0", "in-province 0 0", "cross-province 0 0"], Tiers(stats.Json["tiers"]!));
        Assert.Equal((0, 0, 0, 0), (stats.Number("payments.count"), stats.Number("payments.amountFen"), stats.Number("contributions.count"), stats.Number("contributions.amountFen")));
        Assert.Equal(0, (await app.Http.GetAsync("/v1/stats/aid?from=2024-12-03&to=2024-12-31")).Number("transfers.count"));
        Assert.Equal(4, (await app.Http.GetAsync("/v1/stats/aid?from=2024-12-02&to=2024-12-02")).Number("transfers.count"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("?from=2024-12-01")]
    [InlineData("?to=2024-12-01")]
    [InlineData("?from=2024-12-02&to=2024-12-01")]
    [InlineData("?from=2024-12-02&to=x")]
    [InlineData("?from=2024-12-01&from=2024-12-02&to=2024-12-03")]
    public async Task Aid_stats_without_a_range_are_malformed(string query) =>
        Expect.Problem(await app.Http.GetAsync("/v1/stats/aid" + query), 400, "malformed");

    private static string[] Tiers(System.Text.Json.Nodes.JsonNode tiers) =>
        [.. tiers.AsArray().Select(tier => $"{tier!["tier"]} {tier["count"]} {tier["amountFen"]}")];
}
