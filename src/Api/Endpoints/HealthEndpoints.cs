using Gongji.Api.Contracts;
using Gongji.Api.Hosting;
using Gongji.Api.Http;
using Gongji.Api.Signing;
using Gongji.Silo;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Gongji.Api.Endpoints;

/// <summary>Liveness and readiness of the process.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder group = routes.MapGroup("/health").WithTags("Health").DisableRateLimiting();
        group.MapGet("/live", Live)
            .By(CallRule.Open)
            .Describe<HealthAnswer>("live", "Answers as long as the process runs.");
        group.MapGet("/ready", Ready)
            .By(CallRule.Open)
            .Describe<HealthAnswer>("ready", "Answers 200 if the process takes commands at present. Otherwise 503, with the reason in detail.")
            .Problems(503);
    }

    private static JsonHttpResult<HealthAnswer> Live() => Answer("live");

    private static IResult Ready([FromServices] Readiness readiness, [FromServices] DrainState drain) =>
        drain.IsDraining ? ProblemAnswer.LedgerUnavailable("Not ready: stopping.")
        : readiness.Why is { } why ? ProblemAnswer.LedgerUnavailable($"Not ready: {why}.")
        : Answer("ready");

    private static JsonHttpResult<HealthAnswer> Answer(string status) => TypedResults.Json(new HealthAnswer { Status = status }, ApiJson.Shared.HealthAnswer);
}
