using Gongji.Api.Contracts;
using Gongji.Api.Http;
using Gongji.Api.Signing;
using Gongji.Ledger.Audit;
using Gongji.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Gongji.Api.Endpoints;

/// <summary>The audit: checks every invariant over the whole ledger.</summary>
internal static class AuditEndpoints
{
    public static void MapAudit(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/audit", RunAsync)
            .WithTags("Operations")
            .By(CallRule.Auditor)
            .Describe<AuditAnswer>("audit", "Checks every invariant over the whole ledger. It takes as long as reading all of it; one audit runs at a time.")
            .Problems(503);

    private static async Task<IResult> RunAsync(
        HttpContext http, [FromServices] LedgerAuditor auditor, [FromServices] ILedgerStore store, [FromServices] AuditTurn turn, [FromServices] ILogger<AuditTurn> logger)
    {
        AuditReport report;
        using (await turn.TakeAsync(http.RequestAborted))
        {
            report = await auditor.RunAsync(store, null, http.RequestAborted);
        }

        foreach (InvariantReport invariant in report.Invariants.Where(invariant => invariant.ViolationCount > 0))
        {
            logger.AuditViolated(invariant.Name, invariant.ViolationCount);
        }

        return TypedResults.Json(Write(report), ApiJson.Shared.AuditAnswer);
    }

    private static AuditAnswer Write(AuditReport report) => new()
    {
        Invariants =
        [
            .. report.Invariants.Select(invariant => new InvariantAnswer
            {
                Name = invariant.Name,
                Checked = invariant.Checked,
                Unit = invariant.Unit,
                Violations = invariant.ViolationCount,
                Examples = invariant.Violations,
            }),
        ],
        Heads = report.IsClean ? new HeadsAnswer { Chains = report.Heads.Chains.Count, Digest = report.Heads.Digest() } : null,
    };
}

/// <summary>Allows one audit at a time: each one reads the whole ledger.</summary>
internal sealed class AuditTurn : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    public async Task<IDisposable> TakeAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        return new Taken(_turn);
    }

    public void Dispose() => _turn.Dispose();

    private sealed class Taken(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
