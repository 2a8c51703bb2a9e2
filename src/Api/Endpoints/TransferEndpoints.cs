using Gongji.Api.Contracts;
using Gongji.Api.Http;
using Gongji.Api.Signing;
using Gongji.Grains;
using Gongji.Grains.Messages;
using Gongji.Ledger;
using Gongji.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Gongji.Api.Endpoints;

/// <summary>Wallet transfers (钱包转账).</summary>
internal static class TransferEndpoints
{
    public static void MapTransfers(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder group = routes.MapGroup("/v1/transfers").WithTags("Transfers");
        group.MapPost("", CreateAsync)
            .By(CallRule.Gateway)
            .Describe<TransferCreatedAnswer>("createTransfer", "Sets money aside for a relative. It settles at once if the relative's wallet accepts automatically.", StatusCodes.Status201Created)
            .Takes<TransferRequest>()
            .Problems(400, 404, 409, 413, 415, 422, 429, 503, 504);
        group.MapGet("/{id}", GetAsync)
            .By(CallRule.PersonReader)
            .Describe<TransferAnswer>("getTransfer", "Gets a transfer as it stands.")
            .Problems(400, 404, 503);
        MapEnd(group, TransferAction.Accept, "accept", "The payee accepts the transfer and gets the money.");
        MapEnd(group, TransferAction.Reject, "reject", "The payee rejects the transfer. The money goes back to the payer.");
        MapEnd(group, TransferAction.Cancel, "cancel", "The payer cancels the transfer and gets the money back.");
    }

    /// <summary>Builds the command for a transfer request.</summary>
    public static CreateTransfer CommandOf(TransferRequest request, FieldChecks checks) => new(
        checks.Id("id", request.Id),
        checks.Person("payer", request.Payer),
        checks.Person("payee", request.Payee),
        checks.Word("source", request.Source, (Words.Personal, TransferSource.Personal), (Words.Wallet, TransferSource.Wallet)),
        checks.Amount("amountFen", request.AmountFen),
        checks.Kinship("kinship", request.Kinship));

    /// <summary>Sends a transfer to the grain that answers for its id.</summary>
    public static Task<Reply<TransferView>> SendAsync(IGrainFactory grains, CreateTransfer command) =>
        GrainCalls.CommandAsync(() => grains.GetTransfer(command.Id).CreateAsync(command));

    /// <summary>
    /// The problem when the caller may not end this transfer: see <see cref="CallerScope.RefuseCommandAsync(IGrainFactory, ILedgerStore, string, Func{Task{Guid?}})"/>.
    /// </summary>
    public static ValueTask<ProblemAnswer?> RefuseAsync(CallerScope scope, IGrainFactory grains, ILedgerStore store, EndTransfer command) =>
        scope.RefuseCommandAsync(
            grains,
            store,
            command.By,
            async () => await GrainCalls.QueryAsync(() => grains.GetTransfer(command.Id).GetAsync(command.Id)) is { IsRefused: false, Value.Status: not TransferStatus.Held } ? command.Id : null);

    /// <summary>Sends an acceptance, rejection or cancellation to the grain that answers for the transfer.</summary>
    public static Task<Reply<TransferView>> SendAsync(IGrainFactory grains, EndTransfer command) =>
        GrainCalls.CommandAsync(() => grains.GetTransfer(command.Id).EndAsync(command));

    private static void MapEnd(RouteGroupBuilder group, TransferAction action, string verb, string summary) =>
        group.MapPost($"/{{id}}/{verb}", (HttpContext http, string id, [FromServices] IGrainFactory grains, [FromServices] ILedgerStore store) => EndAsync(http, id, action, grains, store))
            .By(CallRule.Gateway)
            .Describe<TransferAnswer>($"{verb}Transfer", summary)
            .Takes<EndTransferRequest>()
            .Problems(400, 404, 409, 413, 415, 422, 503, 504);

    private static async Task<IResult> CreateAsync(HttpContext http, [FromServices] IGrainFactory grains, [FromServices] ILedgerStore store)
    {
        Parsed<TransferRequest> body = await RequestBody.ReadAsync(http, ApiJson.Shared.TransferRequest);
        if (body.Value is not { } request)
        {
            return body.Problem!;
        }

        FieldChecks checks = new();
        CreateTransfer command = CommandOf(request, checks);
        if (checks.Failed(out ProblemAnswer? problem) || (problem = await CallerScope.Of(http).RefuseCommandAsync(grains, store, command.Payer, command.Id)) is not null)
        {
            return problem;
        }

        Reply<TransferView> reply = await SendAsync(grains, command);
        if (!reply.IsRefused)
        {
            http.Response.Headers.Location = $"/v1/transfers/{command.Id}";
        }

        return Answers.Of(http, reply, WriteCreated, ApiJson.Shared.TransferCreatedAnswer, StatusCodes.Status201Created);
    }

    private static async Task<IResult> GetAsync(HttpContext http, string id, [FromServices] IGrainFactory grains, [FromServices] ILedgerStore store)
    {
        FieldChecks checks = new();
        Guid transfer = checks.Id("id", id);
        if (checks.Failed(out ProblemAnswer? problem))
        {
            return problem;
        }

        Reply<TransferView> reply = await GrainCalls.QueryAsync(() => grains.GetTransfer(transfer).GetAsync(transfer));
        return !reply.IsRefused && await CallerScope.Of(http).RefuseReaderAsync(grains, store, [reply.Value.Payer, reply.Value.Payee], transfer) is { } outside
            ? outside
            : Answers.Of(http, reply, Write, ApiJson.Shared.TransferAnswer);
    }

    private static async Task<IResult> EndAsync(HttpContext http, string id, TransferAction action, IGrainFactory grains, ILedgerStore store)
    {
        Parsed<EndTransferRequest> body = await RequestBody.ReadAsync(http, ApiJson.Shared.EndTransferRequest);
        if (body.Value is not { } request)
        {
            return body.Problem!;
        }

        FieldChecks checks = new();
        EndTransfer command = new(checks.Id("id", id), checks.Person("by", request.By), action);
        return checks.Failed(out ProblemAnswer? problem) || (problem = await RefuseAsync(CallerScope.Of(http), grains, store, command)) is not null
            ? problem
            : Answers.Of(http, await SendAsync(grains, command), Write, ApiJson.Shared.TransferAnswer);
    }

    private static TransferCreatedAnswer WriteCreated(TransferView view) => new()
    {
        Id = view.Id,
        Status = TransferStatuses.ToText(view.Status),
        Tier = Tiers.ToText(view.Tier),
        ExpiresAt = BusinessTime.ToLocal(view.ExpiresAt),
    };

    private static TransferAnswer Write(TransferView view) => new()
    {
        Id = view.Id,
        Payer = view.Payer,
        Payee = view.Payee,
        Source = Words.Of(view.Source),
        AmountFen = view.AmountFen,
        Tier = Tiers.ToText(view.Tier),
        Status = TransferStatuses.ToText(view.Status),
        HeldAt = BusinessTime.ToLocal(view.HeldAt),
        ExpiresAt = BusinessTime.ToLocal(view.ExpiresAt),
        EndedAt = view.EndedAt is { } ended ? BusinessTime.ToLocal(ended) : null,
    };
}
