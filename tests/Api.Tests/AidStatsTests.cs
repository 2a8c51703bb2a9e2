using System.Text.Json.Nodes;
using Gongji.Api.Tests.Support;

namespace Gongji.Api.Tests;

/// <summary>Statistics of payments, contributions and refunds, on a separate ledger, since they count everything.</summary>
public sealed class AidStatsTests(RunningApp app) : IClassFixture<RunningApp>
{
    private const string Luoyang = "410300";

    [Fact]
    public async Task Aid_stats_of_payments_contributions_and_refunds_are_right_to_the_fen()
    {
        await app.GoLiveAsync(Luoyang);
        string daughter = await app.NewPersonAsync(creditFen: 10_000);
        string son = await app.NewPersonAsync(RunningApp.Zhengzhou, creditFen: 250);
        string uncle = await app.NewPersonAsync(Luoyang, creditFen: 1_000);
        string father = await app.NewPersonAsync(RunningApp.Zhengzhou, creditFen: 100);
        string mother = await app.NewPersonAsync(RunningApp.Zhengzhou, insurance: "resident");
        await app.RelateAsync(daughter, father, 400);
        await app.RelateAsync(son, mother);
        await app.RelateAsync(uncle, mother);

        // The first payment takes 100 fen of his own and 500 of the daughter's; the second is all in cash; the third takes 250 of the son's and 40 of the uncle's.
        Guid payment = Guid.CreateVersion7();
        Assert.Equal(201, (await app.PayAsync(father, 600, payment)).Status);
        Assert.Equal(201, (await app.PayAsync(father, 70, sources: """["personal"]""", allowCash: true)).Status);
        Assert.Equal(201, (await app.PayAsync(mother, 290)).Status);
        Guid contribution = Guid.CreateVersion7();
        Assert.Equal(201, (await app.ContributeAsync(daughter, father, 300, contribution)).Status);
        Assert.Equal(201, (await app.ContributeAsync(daughter, daughter, 200)).Status);
        await AssertStatsAsync(["same-region 1 250", "in-province 1 40", "cross-province 2 800"], (3, 890), (2, 500));

        // Refunds reduce the amount, not the count.
        Assert.Equal(201, (await app.RefundAsync(payment, 130)).Status);
        Assert.Equal(201, (await app.RefundAsync(contribution, 300)).Status);
        await AssertStatsAsync(["same-region 1 250", "in-province 1 40", "cross-province 2 370"], (3, 760), (2, 200));
    }

    private async Task AssertStatsAsync(string[] tiers, (long Count, long AmountFen) payments, (long Count, long AmountFen) contributions)
    {
        Answer stats = await app.Http.GetAsync("/v1/stats/aid?from=2024-12-02&to=2024-12-02");
        Assert.Equal(200, stats.Status);
        Assert.Equal(tiers, stats.Json["tiers"]!.AsArray().Select((JsonNode? tier) => $"{tier!["tier"]} {tier["count"]} {tier["amountFen"]}"));
        Assert.Equal(payments, (stats.Number("payments.count"), stats.Number("payments.amountFen")));
        Assert.Equal(contributions, (stats.Number("contributions.count"), stats.Number("contributions.amountFen")));
        Assert.Equal((0, 0), (stats.Number("transfers.count"), stats.Number("transfers.amountFen")));
    }
}
