using System.Buffers;
using Gongji.Api.Contracts;
using Gongji.Api.Http;
using Gongji.Api.Signing;
using Gongji.Grains;
using Gongji.Grains.Messages;
using Gongji.Ledger;
using Gongji.Storage;

namespace Gongji.Api.Endpoints;

/// <summary>Lines of <c>POST /v1/batch</c>; the field <c>op</c> of each says what it is.</summary>
internal sealed class BatchLines(HttpContext http, IGrainFactory grains, ILedgerStore store, LocalPersons persons) : LineCommands
{
    private const string OpsTaken = "transfer, accept, payment, contribution or credit";

    private readonly CreditLines _credits = new(http, grains, store, persons);

    /// <inheritdoc/>
    public override LineCommand Read(in ReadOnlySequence<byte> line)
    {
        LineOp op = LineFields.OpOf(line);
        return Read(op, line) with { Op = LineFields.NameOf(op) };
    }

    private LineCommand Read(LineOp op, in ReadOnlySequence<byte> line) => op switch
    {
        LineOp.Transfer => Take(line, RequestBody.ParseLine(line, ApiJson.Shared.BatchTransfer)),
        LineOp.Accept => Take(line, RequestBody.ParseLine(line, ApiJson.Shared.BatchAccept)),
        LineOp.Credit => Take(line, RequestBody.ParseLine(line, ApiJson.Shared.BatchCredit)),
        LineOp.Payment => Take(line, RequestBody.ParseLine(line, ApiJson.Shared.BatchPayment), PaymentEndpoints.CommandOf),
        LineOp.Contribution => Take(line, RequestBody.ParseLine(line, ApiJson.Shared.BatchContribution), PaymentEndpoints.CommandOf),
        LineOp.Unknown when LineFields.FindOp(line) is { } unknown => UnknownOp(line, unknown),
        LineOp.Missing when LineFields.IsObject(line) => LineCommand.Bad(line, ProblemAnswer.Malformed($"op is missing or not a text: it must be {OpsTaken}.")),
        _ => LineCommand.Bad(line, RequestBody.ParseLine(line, ApiJson.Shared.BatchAccept).Problem),
    };

    private LineCommand Take(in ReadOnlySequence<byte> line, Parsed<BatchTransfer> parsed)
    {
        if (parsed.Value is not { } request)
        {
            return LineCommand.Bad(line, parsed.Problem);
        }

        FieldChecks checks = new();
        CreateTransfer command = TransferEndpoints.CommandOf(request, checks);
        return checks.Failed(out ProblemAnswer? problem)
            ? LineCommand.Bad(request.Id, problem)
            : LineCommand.Of(command.Id, number => TransferAsync(number, command)) with { By = command.Payer };
    }

    private LineCommand Take(in ReadOnlySequence<byte> line, Parsed<BatchAccept> parsed)
    {
        if (parsed.Value is not { } request)
        {
            return LineCommand.Bad(line, parsed.Problem);
        }

        FieldChecks checks = new();
        EndTransfer command = new(checks.Id("id", request.Id), checks.Person("by", request.By), TransferAction.Accept);
        return checks.Failed(out ProblemAnswer? problem)
            ? LineCommand.Bad(request.Id, problem)
            : LineCommand.Of(command.Id, number => AcceptAsync(number, command)) with { By = command.By };
    }

    private LineCommand Take<T>(in ReadOnlySequence<byte> line, Parsed<T> parsed, Func<T, FieldChecks, Pay> read)
        where T : class
    {
        if (parsed.Value is not { } request)
        {
            return LineCommand.Bad(line, parsed.Problem);
        }

        FieldChecks checks = new();
        Pay command = read(request, checks);
        return checks.Failed(out ProblemAnswer? problem)
            ? LineCommand.Bad(line, problem)
            : LineCommand.Of(command.Id, number => PayAsync(number, command)) with { By = command.Payer };
    }

    private LineCommand Take(in ReadOnlySequence<byte> line, Parsed<BatchCredit> parsed) =>
        parsed.Value is { } credit ? _credits.CommandOf(credit) with { By = credit.Person } : LineCommand.Bad(line, parsed.Problem);

    private async Task<LineResult> TransferAsync(long line, CreateTransfer command) =>
        await CallerScope.Of(http).RefuseCommandAsync(grains, store, command.Payer, command.Id) is { } outside
            ? LineResult.Failed(http, line, command.Id, outside)
            : Answer(line, command.Id, await TransferEndpoints.SendAsync(grains, command));

    private async Task<LineResult> AcceptAsync(long line, EndTransfer command) =>
        await TransferEndpoints.RefuseAsync(CallerScope.Of(http), grains, store, command) is { } outside
            ? LineResult.Failed(http, line, command.Id, outside)
            : Answer(line, command.Id, await TransferEndpoints.SendAsync(grains, command));

    private async Task<LineResult> PayAsync(long line, Pay command)
    {
        if (await PaymentEndpoints.RefuseAsync(CallerScope.Of(http), grains, store, command) is { } outside)
        {
            return LineResult.Failed(http, line, command.Id, outside);
        }

        Reply<PaymentView> reply = await PaymentEndpoints.SendAsync(grains, command);
        return reply.IsRefused
            ? LineResult.Failed(http, line, command.Id, ProblemAnswer.Refused(reply.Refusal))
            : LineResult.Of(
                new PaymentLineAnswer
                {
                    Line = line,
                    Id = command.Id,
                    Status = "paid",
                    Parts = PaymentEndpoints.Write(reply.Value.Parts),
                    CashFen = reply.Value.CashFen,
                    Replay = reply.IsReplay,
                },
                ApiJson.Shared.PaymentLineAnswer);
    }

    private LineResult Answer(long line, Guid id, Reply<TransferView> reply) => reply.IsRefused
        ? LineResult.Failed(http, line, id, ProblemAnswer.Refused(reply.Refusal))
        : LineResult.Of(
            new TransferLineAnswer
            {
                Line = line,
                Id = id,
                Status = TransferStatuses.ToText(reply.Value.Status),
                Tier = Tiers.ToText(reply.Value.Tier),
                ExpiresAt = BusinessTime.ToLocal(reply.Value.ExpiresAt),
                EndedAt = reply.Value.EndedAt is { } ended ? BusinessTime.ToLocal(ended) : null,
                Replay = reply.IsReplay,
            },
            ApiJson.Shared.TransferLineAnswer);

    private static LineCommand UnknownOp(in ReadOnlySequence<byte> line, string op)
    {
        FieldChecks checks = new();
        checks.None("op", op, isThere: true, $"must be {OpsTaken}");
        return checks.Failed(out ProblemAnswer? problem) ? LineCommand.Bad(line, problem) : default;
    }
}
