using Gongji.Api.Contracts;
using Gongji.Api.Http;
using Gongji.Api.Signing;
using Gongji.Grains;
using Gongji.Grains.Messages;
using Gongji.Ledger;
using Gongji.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Gongji.Api.Endpoints;

/// <summary>Monthly credits to personal accounts (划入), one by one or as a stream of lines.</summary>
internal static class CreditEndpoints
{
    public static void MapCredits(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/persons/{person}/credits", CreditOneAsync)
            .WithTags("Credits")
            .By(CallRule.Gateway)
            .Describe<CreditAnswer>("creditPerson", "Credits a personal account for a month, or corrects an earlier credit by the difference.", StatusCodes.Status201Created)
            .Takes<CreditRequest>()
            .Problems(400, 404, 409, 413, 415, 422, 429, 503, 504);
        routes.MapPost("/v1/credits", CreditManyAsync)
            .WithTags("Credits")
            .By(CallRule.Gateway.WithUpload())
            .WithName("creditPersons")
            .WithSummary("Makes many monthly credits, one per line. Each line is answered by a line when it is durable, in the order of the lines. A bad line fails alone.")
            .Accepts<CreditLine>(LineStream.MediaTypes[0], LineStream.MediaTypes[1..])
            .Produces<LineAnswer>(StatusCodes.Status200OK, LineStream.MediaTypes[0])
            .Problems(413, 415, 429, 503);
    }

    /// <summary>Sends one credit to its person's grain.</summary>
    public static Task<Reply<CreditView>> CreditAsync(LocalPersons persons, string person, CreditPerson command) =>
        GrainCalls.CommandAsync(() => persons.CallAsync(person, command, static (person, command) => person.CreditAsync(command)));

    private static async Task<IResult> CreditOneAsync(
        HttpContext http, string person, [FromServices] IGrainFactory grains, [FromServices] ILedgerStore store, [FromServices] LocalPersons persons)
    {
        Parsed<CreditRequest> body = await RequestBody.ReadAsync(http, ApiJson.Shared.CreditRequest);
        if (body.Value is not { } request)
        {
            return body.Problem!;
        }

        FieldChecks checks = new();
        string id = checks.Person("person", person);
        CreditPerson command = new(
            checks.Id("id", request.Id),
            request.Corrects is null ? checks.Amount("amountFen", request.AmountFen) : checks.Difference("amountFen", request.AmountFen),
            checks.Month("period", request.Period),
            request.Corrects);
        return checks.Failed(out ProblemAnswer? problem) || (problem = await CallerScope.Of(http).RefuseCommandAsync(grains, store, id, command.Id)) is not null
            ? problem
            : Answers.Of(http, await CreditAsync(persons, id, command), Write, ApiJson.Shared.CreditAnswer, StatusCodes.Status201Created);
    }

    private static Task<IResult> CreditManyAsync(
        HttpContext http, [FromServices] IGrainFactory grains, [FromServices] ILedgerStore store, [FromServices] LocalPersons persons, [FromServices] LineSlots slots, [FromServices] ILogger<LineStream> logger) =>
        LineStream.AnswerAsync(http, new CreditLines(http, grains, store, persons), slots, logger);

    private static CreditAnswer Write(CreditView view) => new()
    {
        Id = view.Id,
        Person = view.Person,
        AmountFen = view.AmountFen,
        Period = view.Period,
        At = BusinessTime.ToLocal(view.At),
    };
}
