using Gongji.Api.Contracts;
using Gongji.Api.Http;
using Gongji.Api.Signing;
using Gongji.Ledger;
using Gongji.Storage;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Gongji.Api.Endpoints;

/// <summary>The movements of a region's day, line by line, and their comparison with the other side's file.</summary>
internal static class ReconciliationEndpoints
{
    /// <summary>The operation's name; the OpenAPI document looks up its parameters by it.</summary>
    public const string CompareOperation = "compareReconciliation";

    public static void MapReconciliation(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder group = routes.MapGroup("/v1/reconciliation/{region}/{day}").WithTags("Reconciliation");
        group.MapGet("", WriteAsync)
            .By(CallRule.Reader.InRegion("region"))
            .WithName("getReconciliation")
            .WithSummary("Gets every movement of money from or to a region on a day, as CSV: a header, then one line per movement, in the order of ids.")
            .WithDescription(
                "The files of both regions of a pair have the same line. An operation can have several lines. id is the id from the command, or one that the ledger made where the "
                + "caller chose none. amountFen is in fen, and can be negative, as for a refund. from is empty if the money came from outside all regions. For a settlement, person is empty, from is "
                + "the region that was paid, and to is the region that paid.")
            .Produces<string>(StatusCodes.Status200OK, ReconciliationCsv.MediaTypes[0])
            .Problems(400, 404, 503);
        group.MapPost("", CompareAsync)
            .By(CallRule.Reader.InRegion("region").WithUpload())
            .Describe<ReconciliationAnswer>(
                CompareOperation,
                "Compares a CSV file with the ledger: totals, pairs of regions, and a page of the breaks by id. The file needs a header with the columns id and amountFen; "
                + "it can have other columns, and columns and lines can be in any order.")
            .Accepts<string>(ReconciliationCsv.MediaTypes[0], ReconciliationCsv.MediaTypes[1..])
            .Problems(400, 404, 413, 415, 429, 503);
    }

    private static async Task<IResult> WriteAsync(
        HttpContext http, string region, string day, [FromServices] IGrainFactory grains, [FromServices] ILedgerStore store, [FromServices] ReconciliationTurns turns)
    {
        FieldChecks checks = new();
        (RegionCode code, DateOnly date) = (checks.Region("region", region), checks.Day("day", day));
        if (checks.Failed(out ProblemAnswer? problem) || (problem = await RegionEndpoints.FindMissingAsync(grains, code)) is not null)
        {
            return problem;
        }

        using IDisposable turn = await turns.TakeAsync(http.RequestAborted);
        await using RegionDay ours = await RegionDay.OpenAsync(store, code, date, http.RequestAborted);
        if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = new MinDataRate(ApiLimits.ReconciliationBytesPerSecondMin, ApiLimits.ReconciliationGrace);
        }

        http.Response.ContentType = $"{ReconciliationCsv.MediaTypes[0]}; charset=utf-8; header=present";
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"reconciliation-{code}-{date:yyyy-MM-dd}.csv\"";
        await ReconciliationCsv.WriteAsync(ours.MovementsAsync(http.RequestAborted), http.Response.Body, http.RequestAborted);
        return TypedResults.Empty;
    }

    private static async Task<IResult> CompareAsync(
        HttpContext http, string region, string day, [FromServices] IGrainFactory grains, [FromServices] ILedgerStore store, [FromServices] ReconciliationTurns turns)
    {
        if (!RequestBody.HasMediaType(http.Request, ReconciliationCsv.MediaTypes, out ProblemAnswer? problem))
        {
            return problem;
        }

        FieldChecks checks = new();
        (RegionCode code, DateOnly date) = (checks.Region("region", region), checks.Day("day", day));
        int limit = (int)checks.Query(http.Request, "limit", ApiLimits.BreaksPerPageDefault, least: 0, ApiLimits.BreaksPerPageMax);
        Guid after = checks.QueryText(http.Request, "after") is { } text ? checks.Id("after", text) : Guid.Empty;
        if (checks.Failed(out problem) || (problem = await RegionEndpoints.FindMissingAsync(grains, code)) is not null)
        {
            return problem;
        }

        using UploadedLines? theirs = await UploadedCsv.OpenAsync(http.RequestAborted);
        if (theirs is null)
        {
            return UploadSpace.NoRoom();
        }

        if (await UploadedCsv.ReadAsync(http.Request.Body, theirs, http.RequestAborted) is { } bad)
        {
            return bad;
        }

        using IDisposable turn = await turns.TakeAsync(http.RequestAborted);
        await using RegionDay ours = await RegionDay.OpenAsync(store, code, date, http.RequestAborted);
        ReconciliationReport report = await Reconciler.CompareAsync(ours, theirs, after, limit, http.RequestAborted);
        return TypedResults.Json(Write(report, code, date), ApiJson.Shared.ReconciliationAnswer);
    }

    private static ReconciliationAnswer Write(ReconciliationReport report, RegionCode region, DateOnly day)
    {
        PairAnswer[] pairs = [.. report.Pairs.Select(Write)];
        ILookup<(bool Ours, bool Theirs), BreakAnswer> breaks = report.Breaks.ToLookup(item => (item.OursFen is not null, item.TheirsFen is not null), Write);
        return new ReconciliationAnswer
        {
            Region = region.ToString(),
            Day = day,
            Agrees = report.OnlyOurs.Count + report.OnlyTheirs.Count + report.AmountDiffers.Count == 0 && pairs.All(pair => pair.Agrees),
            Totals = new BreakTotalsAnswer
            {
                Ours = Write(report.Ours),
                Theirs = Write(report.Theirs),
                OnlyOurs = Write(report.OnlyOurs),
                OnlyTheirs = Write(report.OnlyTheirs),
                AmountDiffers = Write(report.AmountDiffers),
            },
            Pairs = pairs,
            OnlyOurs = [.. breaks[(true, false)]],
            OnlyTheirs = [.. breaks[(false, true)]],
            AmountDiffers = [.. breaks[(true, true)]],
            Next = report.Next,
        };
    }

    private static TotalAnswer Write(DeltaSum sum) => new() { Count = sum.Count, AmountFen = sum.AmountFen };

    private static BreakAnswer Write(LineBreak item) => new()
    {
        Id = item.Id,
        OursFen = item.OursFen,
        TheirsFen = item.TheirsFen,
        Person = item.Line?.Person,
        From = item.Line is { } line ? ReconciliationCsv.NameOf(line.Key.From) : null,
        To = item.Line is { } same ? ReconciliationCsv.NameOf(same.Key.To) : null,
    };

    private static PairAnswer Write(PairCheck pair) => new()
    {
        Activity = ReconciliationCsv.NameOf(pair.Key.Activity),
        Tier = Tiers.ToText(pair.Key.Tier),
        From = ReconciliationCsv.NameOf(pair.Key.From),
        To = ReconciliationCsv.NameOf(pair.Key.To),
        Lines = Write(pair.Lines),
        LedgerFen = pair.Ledger.AmountFen,
        Agrees = pair.Lines.AmountFen == pair.Ledger.AmountFen,
    };
}
