using System.Buffers;
using Gongji.Api.Contracts;
using Gongji.Api.Http;
using Gongji.Api.Signing;
using Gongji.Grains;
using Gongji.Grains.Messages;
using Gongji.Storage;

namespace Gongji.Api.Endpoints;

/// <summary>Lines that are monthly credits: all lines of <c>POST /v1/credits</c>, and some of <c>POST /v1/batch</c>.</summary>
internal sealed class CreditLines(HttpContext http, IGrainFactory grains, ILedgerStore store, LocalPersons persons) : LineCommands
{
    /// <inheritdoc/>
    public override LineCommand Read(in ReadOnlySequence<byte> line)
    {
        Parsed<CreditLine> parsed = RequestBody.ParseLine(line, ApiJson.Shared.CreditLine);
        return (parsed.Value is { } credit ? CommandOf(credit) : LineCommand.Bad(line, parsed.Problem)) with { Op = LineFields.NameOf(LineOp.Credit) };
    }

    /// <summary>Builds the command for a credit.</summary>
    public LineCommand CommandOf(CreditLine credit)
    {
        FieldChecks checks = new();
        string person = checks.Person("person", credit.Person);
        CreditPerson command = new(checks.Id("id", credit.Id), checks.Amount("amountFen", credit.AmountFen), checks.Month("period", credit.Period));
        return checks.Failed(out ProblemAnswer? problem)
            ? LineCommand.Bad(credit.Id, problem)
            : LineCommand.Of(command.Id, line => CreditAsync(line, person, command));
    }

    private async Task<LineResult> CreditAsync(long line, string person, CreditPerson command)
    {
        if (await CallerScope.Of(http).RefuseCommandAsync(grains, store, person, command.Id) is { } outside)
        {
            return LineResult.Failed(http, line, command.Id, outside);
        }

        Reply<CreditView> reply = await CreditEndpoints.CreditAsync(persons, person, command);
        return reply.IsRefused
            ? LineResult.Failed(http, line, command.Id, ProblemAnswer.Refused(reply.Refusal))
            : LineResult.Of(
                new LineAnswer { Line = line, Id = command.Id, Status = StatusCodes.Status201Created, Replay = reply.IsReplay },
                ApiJson.Shared.LineAnswer);
    }
}
