using Gongji.Api.Http;
using Gongji.Grains;
using Gongji.Ledger;
using Microsoft.AspNetCore.Http.Features;

namespace Gongji.Api.Signing;

/// <summary>
/// Checks every call before its endpoint runs: signature, nonce, role, scope of the path, digest of the body, in this order. So a caller without a key can
/// neither use up a nonce nor make the server buffer a body, and a replayed request is refused before its body is read.
/// </summary>
internal sealed class RequestGate(
    SigningOptions options, SignatureChecker checker, UploadSpace space, IGrainFactory grains, ILogger<RequestGate> logger)
{
    public Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        // Endpoints of routing itself (no such route, method, media type) are not RouteEndpoints.
        if (http.GetEndpoint() is not RouteEndpoint endpoint)
        {
            return next(http);
        }

        if (endpoint.Metadata.GetMetadata<CallRule>() is not { } rule)
        {
            logger.RuleMissing(endpoint.DisplayName ?? string.Empty);
            return ProblemAnswer.InternalError().ExecuteAsync(http);
        }

        if (rule.IsOpen)
        {
            return next(http);
        }

        if (SignatureChecker.IsSigned(http.Request))
        {
            return AdmitAsync(http, rule, next);
        }

        if (!options.AcceptsUnsigned)
        {
            return new ProblemAnswer(
                StatusCodes.Status401Unauthorized,
                ProblemCodes.Unsigned,
                "The call is not signed: send Signature-Input and Signature (RFC 9421), and Content-Digest (RFC 9530) with a body. /openapi/v1.json says how.").ExecuteAsync(http);
        }

        http.Features.Set(CallerScope.Unsigned);
        return next(http);
    }

    private async Task AdmitAsync(HttpContext http, CallRule rule, RequestDelegate next)
    {
        ProblemAnswer? problem = await FindProblemAsync(http, rule);
        await (problem is null ? next(http) : problem.ExecuteAsync(http));
    }

    private async ValueTask<ProblemAnswer?> FindProblemAsync(HttpContext http, CallRule rule)
    {
        bool hasBody = http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? true;
        SignatureVerdict verdict = checker.Check(http.Request, hasBody);
        if (verdict.Gateway is not { } gateway)
        {
            return verdict.Problem;
        }

        CallerScope scope = gateway.Scope;
        http.Features.Set(scope);
        return await UseNonceAsync(gateway.KeyId, verdict)
            ?? scope.RefuseRole(rule.Roles)
            ?? await RefusePlaceAsync(http, rule, scope)
            ?? (verdict.Digest is { } digest ? await SignedBody.VerifyAsync(http, digest, rule.IsUpload, space) : null);
    }

    private async ValueTask<ProblemAnswer?> UseNonceAsync(string keyId, SignatureVerdict verdict)
    {
        Guid fingerprint = GatewayNonces.FingerprintOf(verdict.Nonce);
        try
        {
            return await grains.GetNonces(keyId, fingerprint).UseAsync(fingerprint, verdict.Expires) switch
            {
                NonceUse.Taken => null,
                NonceUse.Replayed => new ProblemAnswer(
                    StatusCodes.Status401Unauthorized,
                    ProblemCodes.ReplayedSignature,
                    $"The nonce was used before with key {keyId}. A signature is good once: sign anew, with another nonce. The command's id stays, so that nothing is done twice."),
                _ => ProblemAnswer.RateLimited($"Key {keyId} has more signatures that have not expired than are remembered. Ask again, and let signatures expire sooner."),
            };
        }
        catch (Exception exception) when (GrainCalls.IsLost(exception))
        {
            return ProblemAnswer.LedgerUnavailable("Whether the nonce is new could not be found out in time. Nothing was done: ask again, signed anew.");
        }
    }

    private async ValueTask<ProblemAnswer?> RefusePlaceAsync(HttpContext http, CallRule rule, CallerScope scope)
    {
        if (scope.Provinces.IsNation)
        {
            return null;
        }

        RouteValueDictionary parts = http.Request.RouteValues;
        if (rule.IsNational)
        {
            return scope.RefuseProvincial();
        }

        // A value that is not a well-formed region or person passes: the endpoint itself refuses it, with the reason.
        if (rule.Region is { } part && parts[part] is string region && RegionCode.TryParse(region, out _))
        {
            return scope.RefuseCodes(region);
        }

        string[] persons = [.. rule.Persons.Select(name => parts[name] as string).Where(PersonId.IsValid)!];
        return persons.Length < rule.Persons.Count ? null : await scope.RefusePartiesAsync(grains, persons);
    }
}
