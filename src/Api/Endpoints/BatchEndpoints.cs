using Gongji.Api.Contracts;
using Gongji.Api.Http;
using Gongji.Api.Signing;
using Gongji.Grains;
using Gongji.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Gongji.Api.Endpoints;

/// <summary>Commands of any kind as a stream of lines.</summary>
internal static class BatchEndpoints
{
    /// <summary>The operation's name; the OpenAPI document looks up its line types by it.</summary>
    public const string Operation = "runBatch";

    /// <summary>The possible types of a line.</summary>
    public static IReadOnlyList<Type> LineTypes { get; } =
        [typeof(BatchTransfer), typeof(BatchAccept), typeof(BatchPayment), typeof(BatchContribution), typeof(BatchCredit)];

    /// <summary>The possible types of an answer to a line.</summary>
    public static IReadOnlyList<Type> LineAnswerTypes { get; } = [typeof(TransferLineAnswer), typeof(PaymentLineAnswer), typeof(LineAnswer), typeof(LineProblem)];

    public static void MapBatch(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/batch", RunAsync)
            .WithTags("Batch")
            .By(CallRule.Gateway.WithUpload())
            .WithName(Operation)
            .WithSummary("Takes many commands: a stream of lines, each answered by a line, in order, when it is durable. A bad line fails alone.")
            .WithDescription(
                "Lines of one person (payer, person, by) and lines with one id are decided in their order, all others side by side: a command that rests on what somebody else's "
                + "line does is sent when that one's answer has been read. Answers come in the order of the lines, while lines are still being sent. A client that sends more than some 50,000 lines has to read answers while it sends. "
                + "The status of an answer is a word where the line made or accepted a transfer (where that stands) or paid something (paid); of a credit and of a problem it is the "
                + "HTTP status that the call alone would have got.")
            .Accepts<BatchTransfer>(LineStream.MediaTypes[0], LineStream.MediaTypes[1..])
            .Produces<TransferLineAnswer>(StatusCodes.Status200OK, LineStream.MediaTypes[0])
            .Problems(413, 415, 429, 503);

    private static Task<IResult> RunAsync(
        HttpContext http, [FromServices] IGrainFactory grains, [FromServices] ILedgerStore store, [FromServices] LocalPersons persons, [FromServices] LineSlots slots, [FromServices] ILogger<LineStream> logger) =>
        LineStream.AnswerAsync(http, new BatchLines(http, grains, store, persons), slots, logger);
}
