using Gongji.Api.Contracts;
using Gongji.Api.Http;
using Gongji.Api.Signing;
using Gongji.Grains;
using Gongji.Grains.Messages;
using Gongji.Ledger;
using Microsoft.AspNetCore.Mvc;

namespace Gongji.Api.Endpoints;

/// <summary>Statistics, summed from the ledger's deltas; no entries are read.</summary>
internal static class StatsEndpoints
{
    /// <summary>The operation's name; the OpenAPI document looks up its query parameters by it.</summary>
    public const string Operation = "getAidStats";

    public static void MapStats(this IEndpointRouteBuilder routes) => routes.MapGet("/v1/stats/aid", GetAsync)
        .WithTags("Statistics")
        .By(CallRule.Reader)
        .Describe<AidStatsAnswer>(Operation, "Gets the figures of mutual aid, wallets, transfers, payments and contributions over a range of clearing days.")
        .Problems(400, 503);

    private static async Task<IResult> GetAsync(HttpContext http, [FromServices] IGrainFactory grains)
    {
        FieldChecks checks = new();
        DateOnly from = checks.Day("from", http.Request.Query["from"]);
        DateOnly to = checks.Day("to", http.Request.Query["to"]);
        checks.InOrder("to", to, "from", from);
        return checks.Failed(out ProblemAnswer? problem)
            ? problem
            : Answers.Of(
                http,
                await GrainCalls.QueryAsync(() => grains.GetGrain<IStatisticsGrain>(0).GetAsync(from, to)),
                view => Write(view, from, to),
                ApiJson.Shared.AidStatsAnswer);
    }

    private static AidStatsAnswer Write(StatisticsView view, DateOnly from, DateOnly to) => new()
    {
        From = ClearingAnswers.Day(from),
        To = ClearingAnswers.Day(to),
        Tiers = Write(view.Aid),
        WalletsOpened = view.WalletsOpened,
        Transfers = new TransferStatsAnswer
        {
            Count = view.Transfers.Sum(tier => tier.Count),
            AmountFen = view.Transfers.Sum(tier => tier.AmountFen),
            Tiers = Write(view.Transfers),
        },
        Payments = new SumStatsAnswer { Count = view.Payments, AmountFen = view.PaymentsFen },
        Contributions = new SumStatsAnswer { Count = view.Contributions, AmountFen = view.ContributionsFen },
    };

    private static TierStatsAnswer[] Write(TierSumView[] tiers) =>
        [.. tiers.Select(tier => new TierStatsAnswer { Tier = Tiers.ToText(tier.Tier), Count = tier.Count, AmountFen = tier.AmountFen })];
}
