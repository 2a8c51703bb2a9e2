using Gongji.Api.Contracts;
using Gongji.Api.Http;
using Gongji.Api.Signing;
using Gongji.Grains;
using Gongji.Ledger;
using Gongji.Silo;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Gongji.Api.Endpoints;

/// <summary>The ledger's time. In development it can be moved.</summary>
internal static class ClockEndpoints
{
    public static void MapClock(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder group = routes.MapGroup("/v1/clock").WithTags("Operations");
        group.MapGet("", Get)
            .By(CallRule.Reader)
            .Describe<ClockAnswer>("getClock", "Gets the time at which commands are decided.");
        group.MapPut("", MoveAsync)
            .By(CallRule.Operator.Nationally())
            .Describe<ClockAnswer>("moveClock", "Only for a server started with --clock (development): moves the time forward. Transfers that are due by then have gone back before the answer.")
            .Takes<ClockRequest>()
            .Problems(400, 409, 413, 415, 503);
    }

    private static JsonHttpResult<ClockAnswer> Get([FromServices] LedgerClock clock) => Answer(clock);

    private static async Task<IResult> MoveAsync(
        HttpContext http, [FromServices] LedgerClock clock, [FromServices] HoldSweeper sweeper, [FromServices] ILogger<LedgerClock> logger)
    {
        Parsed<ClockRequest> body = await RequestBody.ReadAsync(http, ApiJson.Shared.ClockRequest);
        if (body.Value is not { } request)
        {
            return body.Problem!;
        }

        FieldChecks checks = new();
        DateTimeOffset now = checks.Moment("now", request.Now);
        if (checks.Failed(out ProblemAnswer? problem))
        {
            return problem;
        }

        if (!clock.IsAdjustable)
        {
            return WrongState($"The clock is the machine's. It can be moved only when started with --clock, e.g. --clock {Rfc3339.Example}.");
        }

        if (!clock.MoveTo(now))
        {
            return WrongState($"It is {BusinessTime.ToLocal(clock.Now):yyyy-MM-dd'T'HH:mm:sszzz}; the clock only moves forward.");
        }

        logger.ClockMoved(now);

        // The clock has moved: what is due must go back now, even if the caller has hung up.
        await sweeper.SweepNowAsync(CancellationToken.None);
        return Answer(clock);
    }

    private static ProblemAnswer WrongState(string detail) => ProblemAnswer.Refused(new Refusal(RefusalCode.WrongState, detail));

    private static JsonHttpResult<ClockAnswer> Answer(LedgerClock clock) => TypedResults.Json(
        new ClockAnswer { Now = BusinessTime.ToLocal(BusinessTime.ToMilliseconds(clock.Now)), Adjustable = clock.IsAdjustable },
        ApiJson.Shared.ClockAnswer);
}
