using Gongji.Api.Contracts;
using Gongji.Api.Http;
using Gongji.Api.Signing;
using Gongji.Grains;
using Gongji.Grains.Messages;
using Gongji.Ledger;
using Microsoft.AspNetCore.Mvc;

namespace Gongji.Api.Endpoints;

/// <summary>Mutual-aid relations (共济关系) and their quotas (共济额度).</summary>
internal static class RelationEndpoints
{
    public static void MapRelations(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder group = routes.MapGroup("/v1/relations/{giver}/{recipient}").WithTags("Relations");
        group.MapPut("", PutAsync)
            .By(CallRule.Gateway.ForPerson("giver"))
            .Describe<RelationAnswer>("putRelation", "The giver proposes a relation, or changes its quota. The quota is earmarked at once.")
            .Takes<RelationRequest>()
            .Problems(400, 404, 409, 413, 415, 422, 503, 504);
        group.MapPost("/consent", ConsentAsync)
            .By(CallRule.Gateway.ForPerson("recipient"))
            .Describe<RelationAnswer>("consentRelation", "The recipient consents to a relation. From then on their payments can draw on the giver's account.")
            .Problems(400, 404, 409, 422, 503, 504);
        group.MapDelete("", DissolveAsync)
            .By(CallRule.Gateway.ForPerson("giver", "recipient"))
            .Describe<RelationAnswer>("dissolveRelation", "The giver or the recipient ends the relation. The rest of the quota returns to the giver's personal account.")
            .Problems(400, 404, 422, 503, 504);
        routes.MapGet("/v1/persons/{person}/relations", ListAsync)
            .WithTags("Relations")
            .By(CallRule.PersonReader.ForPerson("person"))
            .Describe<RelationsAnswer>("listRelations", "Lists the relations of a person, as giver and as recipient.")
            .Problems(400, 404, 503);
        RouteGroupBuilder order = routes.MapGroup("/v1/persons/{person}/relatives-order").WithTags("Relations");
        order.MapPut("", PutOrderAsync)
            .By(CallRule.Gateway.ForPerson("person"))
            .Describe<RelativesOrderAnswer>("putRelativesOrder", "Sets the order in which relatives' money is drawn for the person's payments.")
            .Takes<RelativesOrderRequest>()
            .Problems(400, 404, 413, 415, 422, 503, 504);
        order.MapGet("", GetOrderAsync)
            .By(CallRule.PersonReader.ForPerson("person"))
            .Describe<RelativesOrderAnswer>("getRelativesOrder", "Gets the order in which relatives' money is drawn for the person's payments.")
            .Problems(400, 404, 503);
    }

    private static async Task<IResult> PutAsync(HttpContext http, string giver, string recipient, [FromServices] IGrainFactory grains)
    {
        Parsed<RelationRequest> body = await RequestBody.ReadAsync(http, ApiJson.Shared.RelationRequest);
        if (body.Value is not { } request)
        {
            return body.Problem!;
        }

        FieldChecks checks = new();
        (string from, string to) = Pair(checks, giver, recipient);
        PutRelation command = new(
            to,
            checks.Kinship("kinship", request.Kinship),
            request.QuotaFen is { } quota ? checks.Within("quotaFen", quota, 0, Limits.AmountFenMax, "fen") : null);
        return checks.Failed(out ProblemAnswer? problem)
            ? problem
            : Answers.Of(http, await GrainCalls.CommandAsync(() => grains.GetRelations().PutAsync(from, command)), Write, ApiJson.Shared.RelationAnswer);
    }

    private static async Task<IResult> ConsentAsync(HttpContext http, string giver, string recipient, [FromServices] IGrainFactory grains)
    {
        FieldChecks checks = new();
        (string from, string to) = Pair(checks, giver, recipient);
        return checks.Failed(out ProblemAnswer? problem)
            ? problem
            : Answers.Of(http, await GrainCalls.CommandAsync(() => grains.GetRelations().ConsentAsync(from, to)), Write, ApiJson.Shared.RelationAnswer);
    }

    private static async Task<IResult> DissolveAsync(HttpContext http, string giver, string recipient, [FromServices] IGrainFactory grains)
    {
        FieldChecks checks = new();
        (string from, string to) = Pair(checks, giver, recipient);
        return checks.Failed(out ProblemAnswer? problem)
            ? problem
            : Answers.Of(http, await GrainCalls.CommandAsync(() => grains.GetRelations().DissolveAsync(from, to)), Write, ApiJson.Shared.RelationAnswer);
    }

    private static async Task<IResult> ListAsync(HttpContext http, string person, [FromServices] IGrainFactory grains)
    {
        FieldChecks checks = new();
        string id = checks.Person("person", person);
        return checks.Failed(out ProblemAnswer? problem)
            ? problem
            : Answers.Of(http, await GrainCalls.QueryAsync(() => grains.GetRelations().ListAsync(id)), Write, ApiJson.Shared.RelationsAnswer);
    }

    private static async Task<IResult> PutOrderAsync(HttpContext http, string person, [FromServices] IGrainFactory grains)
    {
        Parsed<RelativesOrderRequest> body = await RequestBody.ReadAsync(http, ApiJson.Shared.RelativesOrderRequest);
        if (body.Value is not { } request)
        {
            return body.Problem!;
        }

        FieldChecks checks = new();
        string id = checks.Person("person", person);
        string[] first = checks.Persons("order", request.Order, Limits.RelationsMax);
        return checks.Failed(out ProblemAnswer? problem)
            ? problem
            : Answers.Of(http, await GrainCalls.CommandAsync(() => grains.GetGrain<IInsuredPersonGrain>(id).OrderRelativesAsync(new OrderRelatives(first))), Write, ApiJson.Shared.RelativesOrderAnswer);
    }

    private static async Task<IResult> GetOrderAsync(HttpContext http, string person, [FromServices] IGrainFactory grains)
    {
        FieldChecks checks = new();
        string id = checks.Person("person", person);
        return checks.Failed(out ProblemAnswer? problem)
            ? problem
            : Answers.Of(http, await GrainCalls.QueryAsync(() => grains.GetGrain<IInsuredPersonGrain>(id).GetRelativesOrderAsync()), Write, ApiJson.Shared.RelativesOrderAnswer);
    }

    private static (string Giver, string Recipient) Pair(FieldChecks checks, string giver, string recipient) =>
        (checks.Person("giver", giver), checks.Person("recipient", recipient));

    private static RelativesOrderAnswer Write(RelativesOrderView view) => new() { Person = view.Person, Order = view.Order };

    private static RelationsAnswer Write(RelationsView view) => new() { Person = view.Person, Relations = [.. view.Relations.Select(Write)] };

    private static RelationAnswer Write(RelationView view) => new()
    {
        Giver = view.Giver,
        Recipient = view.Recipient,
        Kinship = view.Kinship is { } kinship ? KinshipNames.ToText(kinship) : null,
        Status = view.Status switch
        {
            RelationStatus.Proposed => "proposed",
            RelationStatus.Consented => "consented",
            _ => "dissolved",
        },
        QuotaFen = view.GrantedFen,
        UsedFen = view.UsedFen,
        LeftFen = view.GrantedFen - view.UsedFen,
    };
}
