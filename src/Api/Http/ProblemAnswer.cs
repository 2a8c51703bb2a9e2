using System.Globalization;
using Gongji.Api.Contracts;
using Gongji.Api.Metrics;
using Gongji.Ledger;
using Microsoft.Extensions.Primitives;

namespace Gongji.Api.Http;

/// <summary>An error in the form of RFC 9457, with the contract's <c>code</c> and <c>traceId</c>.</summary>
internal sealed class ProblemAnswer(int status, string code, string detail) : IResult
{
    public const string ContentType = "application/problem+json";

    public static ProblemAnswer Malformed(string detail) => new(StatusCodes.Status400BadRequest, ProblemCodes.Malformed, detail);

    public static ProblemAnswer UnsupportedMediaType(string detail) =>
        new(StatusCodes.Status415UnsupportedMediaType, ProblemCodes.Malformed, detail);

    public static ProblemAnswer TooLarge(string detail) => new(StatusCodes.Status413PayloadTooLarge, ProblemCodes.TooLarge, detail);

    public static ProblemAnswer Refused(Refusal refusal) => new(ProblemCodes.StatusOf(refusal.Code), RefusalCodes.ToText(refusal.Code), refusal.Detail);

    public static ProblemAnswer BadSignature(string detail) => new(StatusCodes.Status401Unauthorized, ProblemCodes.BadSignature, detail);

    public static ProblemAnswer RateLimited(string detail) => new(StatusCodes.Status429TooManyRequests, ProblemCodes.RateLimited, detail);

    public static ProblemAnswer LedgerUnavailable(string detail) =>
        new(StatusCodes.Status503ServiceUnavailable, ProblemCodes.LedgerUnavailable, detail);

    public static ProblemAnswer InternalError() =>
        new(StatusCodes.Status500InternalServerError, ProblemCodes.InternalError, "This is a bug of ours: tell us the traceId.");

    /// <summary>The problem for one request.</summary>
    public Problem ToProblem(HttpContext http) => new()
    {
        Type = $"urn:gongji:problem:{code}",
        Title = ProblemCodes.TitleOf(code),
        Status = status,
        Detail = detail,
        Code = code,
        TraceId = TraceIds.Of(http),
    };

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        ApiMetrics.ProblemAnswered(httpContext, code);
        HttpResponse response = httpContext.Response;
        response.StatusCode = status;
        if (status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable or StatusCodes.Status504GatewayTimeout)
        {
            response.Headers.RetryAfter = new StringValues(ApiLimits.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture));
        }

        if (status == StatusCodes.Status401Unauthorized)
        {
            // RFC 9110 requires the first header; RFC 9421, 5.1 defines the second: what a signature must cover and which parameters it needs.
            response.Headers.WWWAuthenticate = "Signature";
            response.Headers["Accept-Signature"] = "sig=(\"@method\" \"@target-uri\" \"content-digest\");created;expires;nonce;keyid;alg";
        }

        // Not cancelled when the caller hangs up: writing the answer waits for nothing else.
        return response.WriteAsJsonAsync(ToProblem(httpContext), ApiJson.Shared.Problem, ContentType, CancellationToken.None);
    }
}
