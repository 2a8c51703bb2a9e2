using Gongji.Api.Contracts;
using Gongji.Api.Http;
using Gongji.Api.Signing;
using Gongji.Grains;
using Gongji.Grains.Messages;
using Gongji.Ledger;
using Microsoft.AspNetCore.Mvc;

namespace Gongji.Api.Endpoints;

/// <summary>Clearing (清算): days, settlements, monthly statements, top-ups of prepayments.</summary>
internal static class ClearingEndpoints
{
    public static void MapClearing(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder group = routes.MapGroup("/v1/clearing").WithTags("Clearing");
        group.MapGet("/{day}", GetDayAsync)
            .By(CallRule.Reader)
            .Describe<ClearingDayAnswer>("getClearingDay", "Gets what regions owe each other for a day, what was settled, and what is outstanding.")
            .Problems(400, 503);
        group.MapPost("/{day}/close", CloseAsync)
            .By(CallRule.Operator.Nationally())
            .Describe<ClearingDayAnswer>("closeClearingDay", "Closes a day and all days before it, for good. What comes later counts on the next open day.")
            .Problems(400, 409, 503, 504);
        group.MapPost("/{day}/settlements", SettleAsync)
            .By(CallRule.Party)
            .Describe<SettlementAnswer>("settleClearingDay", "Confirms that a region has paid all or part of what is outstanding for a closed day.", StatusCodes.Status201Created)
            .Takes<SettlementRequest>()
            .Problems(400, 404, 409, 413, 415, 422, 503, 504);
        group.MapGet("/statements/{month}", GetStatementAsync)
            .By(CallRule.Reader)
            .Describe<StatementAnswer>("getStatement", "Gets a month's statement: what provinces owe each other for its closed days, the signatures, and the notices once all have signed.")
            .Problems(400, 503);
        group.MapPost("/statements/{month}/signatures", SignAsync)
            .By(CallRule.Party)
            .Describe<StatementAnswer>("signStatement", "Signs a month's statement for a province. Every day of the month must be closed.")
            .Takes<SignatureRequest>()
            .Problems(400, 409, 413, 415, 503, 504);
        group.MapGet("/prepayments", GetPrepaymentsAsync)
            .By(CallRule.Reader)
            .Describe<PrepaymentsAnswer>("getPrepayments", "Proposes prepayments of regions: by default two months of what they had to pay on average. It changes nothing.")
            .Problems(503);
        routes.MapPost("/v1/regions/{region}/top-ups", TopUpAsync)
            .WithTags("Clearing")
            .By(CallRule.Operator.InRegion("region"))
            .Describe<TopUpAnswer>("topUpRegion", "Raises a region's prepayment, which is its netDebitCapFen, by an amount.", StatusCodes.Status201Created)
            .Takes<TopUpRequest>()
            .Problems(400, 404, 409, 413, 415, 422, 503, 504);
    }

    private static async Task<IResult> GetDayAsync(HttpContext http, string day, [FromServices] IGrainFactory grains)
    {
        FieldChecks checks = new();
        DateOnly asked = checks.Day("day", day);
        return checks.Failed(out ProblemAnswer? problem)
            ? problem
            : Answers.Of(http, await GrainCalls.QueryAsync(() => Grain(grains).GetDayAsync(asked)), view => ClearingScope.Of(http, ClearingAnswers.Write(view)), ApiJson.Shared.ClearingDayAnswer);
    }

    private static async Task<IResult> CloseAsync(HttpContext http, string day, [FromServices] IGrainFactory grains)
    {
        FieldChecks checks = new();
        DateOnly asked = checks.Day("day", day);
        return checks.Failed(out ProblemAnswer? problem)
            ? problem
            : Answers.Of(http, await GrainCalls.CommandAsync(() => Grain(grains).CloseAsync(asked)), ClearingAnswers.Write, ApiJson.Shared.ClearingDayAnswer);
    }

    private static async Task<IResult> SettleAsync(HttpContext http, string day, [FromServices] IGrainFactory grains)
    {
        Parsed<SettlementRequest> body = await RequestBody.ReadAsync(http, ApiJson.Shared.SettlementRequest);
        if (body.Value is not { } request)
        {
            return body.Problem!;
        }

        FieldChecks checks = new();
        SettleDay command = new(
            checks.Id("id", request.Id),
            checks.Day("day", day),
            checks.Region("from", request.From).ToString(),
            checks.Region("to", request.To).ToString(),
            checks.Amount("amountFen", request.AmountFen));
        checks.Differ("to", request.To, "from", request.From);
        return checks.Failed(out ProblemAnswer? problem) || (problem = CallerScope.Of(http).RefuseCodes(request.From, request.To)) is not null
            ? problem
            : Answers.Of(
                http,
                await GrainCalls.CommandAsync(() => Grain(grains).SettleAsync(command)),
                ClearingAnswers.Write,
                ApiJson.Shared.SettlementAnswer,
                StatusCodes.Status201Created);
    }

    private static async Task<IResult> GetStatementAsync(HttpContext http, string month, [FromServices] IGrainFactory grains)
    {
        FieldChecks checks = new();
        string asked = checks.Month("month", month);
        return checks.Failed(out ProblemAnswer? problem)
            ? problem
            : Answers.Of(http, await GrainCalls.QueryAsync(() => Grain(grains).GetStatementAsync(asked)), view => ClearingScope.Of(http, ClearingAnswers.Write(view)), ApiJson.Shared.StatementAnswer);
    }

    private static async Task<IResult> GetPrepaymentsAsync(HttpContext http, [FromServices] IGrainFactory grains) => Answers.Of(
        http, await GrainCalls.QueryAsync(() => Grain(grains).ProposePrepaymentsAsync()), view => ClearingScope.Of(http, ClearingAnswers.Write(view)), ApiJson.Shared.PrepaymentsAnswer);

    private static async Task<IResult> SignAsync(HttpContext http, string month, [FromServices] IGrainFactory grains)
    {
        Parsed<SignatureRequest> body = await RequestBody.ReadAsync(http, ApiJson.Shared.SignatureRequest);
        if (body.Value is not { } request)
        {
            return body.Problem!;
        }

        FieldChecks checks = new();
        string asked = checks.Month("month", month);
        int province = checks.Province("province", request.Province);
        return checks.Failed(out ProblemAnswer? problem) || (problem = CallerScope.Of(http).RefuseCodes(request.Province)) is not null
            ? problem
            : Answers.Of(http, await GrainCalls.CommandAsync(() => Grain(grains).SignAsync(asked, province)), view => ClearingScope.Of(http, ClearingAnswers.Write(view)), ApiJson.Shared.StatementAnswer);
    }

    private static async Task<IResult> TopUpAsync(HttpContext http, string region, [FromServices] IGrainFactory grains)
    {
        Parsed<TopUpRequest> body = await RequestBody.ReadAsync(http, ApiJson.Shared.TopUpRequest);
        if (body.Value is not { } request)
        {
            return body.Problem!;
        }

        FieldChecks checks = new();
        RegionCode code = checks.Region("region", region);
        TopUpRegion command = new(checks.Id("id", request.Id), code.ToString(), checks.Amount("amountFen", request.AmountFen));
        return checks.Failed(out ProblemAnswer? problem)
            ? problem
            : Answers.Of(
                http,
                await GrainCalls.CommandAsync(() => Grain(grains).TopUpAsync(command)),
                ClearingAnswers.Write,
                ApiJson.Shared.TopUpAnswer,
                StatusCodes.Status201Created);
    }

    private static IClearingGrain Grain(IGrainFactory grains) => grains.GetGrain<IClearingGrain>(0);
}
