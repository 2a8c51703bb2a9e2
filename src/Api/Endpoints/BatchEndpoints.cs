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
            .WithSummary("Runs many commands, one per line. Each line is answered by a line when it is durable, in the order of the lines. A bad line fails alone.")
            .WithDescription(
                "Lines with the same person (payer, person or by) or with the same id are decided one after the other, in their order. All other lines are decided at the same time. "
                + "If a line depends on a line of another person, send it after you have read the answer to that one. The server checks the digest of a signed body before it uses "
                + "any line, so the answers to a signed batch begin when the whole batch has arrived. The answers to an unsigned one (development) begin while lines are still being "
                + "sent; whoever sends more than about 50,000 lines must read answers while sending. The status of an answer is a word for a transfer or an acceptance (the status "
                + "of the transfer) and for a payment or contribution (paid). For a credit or a problem it is the HTTP status that the same command would get in a call of its own.")
            .Accepts<BatchTransfer>(LineStream.MediaTypes[0], LineStream.MediaTypes[1..])
            .Produces<TransferLineAnswer>(StatusCodes.Status200OK, LineStream.MediaTypes[0])
            .Problems(413, 415, 429, 503);

    private static Task<IResult> RunAsync(
        HttpContext http, [FromServices] IGrainFactory grains, [FromServices] ILedgerStore store, [FromServices] LocalPersons persons, [FromServices] LineSlots slots, [FromServices] ILogger<LineStream> logger) =>
        LineStream.AnswerAsync(http, new BatchLines(http, grains, store, persons), slots, logger);
}
