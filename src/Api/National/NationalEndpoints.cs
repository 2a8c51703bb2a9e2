using System.Globalization;
using Gongji.Api.Endpoints;
using Gongji.Api.Http;
using Gongji.Api.Metrics;
using Gongji.Api.Signing;
using Gongji.Grains;
using Gongji.Ledger;
using Gongji.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Gongji.Api.National;

/// <summary>The compatibility endpoint for the national message form (医保信息平台接口): the personal-account part of settlements.</summary>
internal static class NationalEndpoints
{
    private const int ErrorLengthMax = 200;

    public static void MapNational(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/national/{infno}", AnswerAsync)
            .WithTags("National")
            .By(CallRule.Gateway)
            .Describe<NationalAnswer>("nationalMessage", "Does a transaction of the national envelope: 2207, 2208, 2601, 3201 or 3202. infcode and err_msg say whether it was done.")
            .Takes<NationalRequest>()
            .Problems(400, 413, 415);

    private static async Task<IResult> AnswerAsync(
        HttpContext http,
        string infno,
        [FromServices] IGrainFactory grains,
        [FromServices] ILedgerStore store,
        [FromServices] ReconciliationTurns turns,
        [FromServices] LedgerClock clock)
    {
        DateTimeOffset received = clock.Now;
        Parsed<NationalRequest> body = await RequestBody.ReadAsync(http, ApiJson.Shared.NationalRequest);
        if (body.Value is not { } request)
        {
            return body.Problem!;
        }

        CallerScope scope = CallerScope.Of(http);
        NationalResult result = await RunAsync(
            infno, request, scope, new NationalTransactions(grains, store, scope), new NationalReconciliation(store, turns), http.RequestAborted);
        string error = result.Error ?? string.Empty;
        if (result.Code is { } code)
        {
            ApiMetrics.ProblemAnswered(http, code);
        }

        NationalAnswer answer = new()
        {
            Code = result.Error is null ? "0" : "-1",
            ReferenceId = NationalIds.ReferenceOf(request.Number, request.MessageId),
            ReceivedAt = Stamp(received),
            AnsweredAt = Stamp(clock.Now),
            Error = error.Length <= ErrorLengthMax ? error : error[..ErrorLengthMax],
            Output = result.Output ?? new NationalOutput(),
        };
        return TypedResults.Json(answer, ApiJson.Shared.NationalAnswer);
    }

    private static async Task<NationalResult> RunAsync(
        string infno,
        NationalRequest request,
        CallerScope scope,
        NationalTransactions transactions,
        NationalReconciliation reconciliation,
        CancellationToken cancellationToken)
    {
        if (request.Number != infno)
        {
            return NationalResult.Failed(ProblemCodes.Malformed, $"infno must be {infno}, as in the address.");
        }

        if (request.MessageId is not { Length: > 0 and <= NationalIds.MessageIdLengthMax })
        {
            return NationalResult.Failed(ProblemCodes.Malformed, $"msgid must be a text of 1 to {NationalIds.MessageIdLengthMax} characters.");
        }

        if (request.Institution is not { } institution || !InstitutionCode.IsValid(institution))
        {
            return NationalResult.Failed(ProblemCodes.Malformed, "fixmedins_code must be the code of an institution, letters and digits.");
        }

        // An institution's code is a letter, then the code of its region.
        if (infno is "3201" or "3202" && !scope.Provinces.IsNation && !scope.Provinces.HasCode(institution.AsSpan(1)))
        {
            return NationalResult.Refused(new Refusal(RefusalCode.OutsideScope, $"institution {institution} is not in the provinces of key {scope.KeyId}, which are {scope.Provinces}."));
        }

        try
        {
            return await (infno switch
            {
                "2207" => transactions.SettleAsync(request, institution),
                "2208" => transactions.CancelAsync(request),
                "2601" => transactions.ReverseAsync(request),
                "3201" => reconciliation.TotalsAsync(request, institution, cancellationToken),
                "3202" => reconciliation.DetailsAsync(request, institution, cancellationToken),
                _ => Task.FromResult(NationalResult.Failed(NationalResult.Unsupported, $"transaction {infno} is not one of 2207, 2208, 2601, 3201 and 3202.")),
            });
        }
        catch (StoreUnavailableException)
        {
            return NationalResult.Failed(ProblemCodes.LedgerUnavailable, "the ledger cannot be read at present. Send the message again.");
        }
    }

    private static string Stamp(DateTimeOffset at) => BusinessTime.ToLocal(at).ToString("yyyyMMddHHmmssfff", CultureInfo.InvariantCulture);
}
