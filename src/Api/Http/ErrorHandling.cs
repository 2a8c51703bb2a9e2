using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Diagnostics;

namespace Gongji.Api.Http;

/// <summary>Turns every error that no endpoint answered itself into problem+json.</summary>
internal static class ErrorHandling
{
    /// <summary>Catches what endpoints and the server throw. Runs before everything else.</summary>
    public static async Task CatchAsync(HttpContext http, RequestDelegate next, ILogger logger)
    {
        try
        {
            await next(http);
        }
        catch (BadHttpRequestException exception) when (!http.Response.HasStarted)
        {
            await OfStatus(exception.StatusCode, http, exception.Message).ExecuteAsync(http);
        }
        catch (Exception exception) when (IsCallerGone(exception, http))
        {
            logger.CallerLeft();
        }
        catch (Exception exception) when (!http.Response.HasStarted && GrainCalls.IsLost(exception))
        {
            logger.RequestLost(TraceIds.Of(http), exception.Message);
            http.Response.Clear();
            await ProblemAnswer.LedgerUnavailable("The ledger did not answer. Ask again.").ExecuteAsync(http);
        }
        catch (Exception exception) when (!http.Response.HasStarted)
        {
            logger.RequestFailed(exception, TraceIds.Of(http));
            http.Response.Clear();
            await ProblemAnswer.InternalError().ExecuteAsync(http);
        }
    }

    /// <summary>Gives a body to error statuses that have none: no such route, wrong method, wrong media type.</summary>
    public static Task WriteBodyAsync(StatusCodeContext context)
    {
        HttpContext http = context.HttpContext;
        return OfStatus(http.Response.StatusCode, http, "The Host header must name this machine as the server's address does: 127.0.0.1, [::1] or localhost.").ExecuteAsync(http);
    }

    private static bool IsCallerGone(Exception exception, HttpContext http) =>
        exception is ConnectionResetException or ConnectionAbortedException or OperationCanceledException { InnerException: ConnectionAbortedException }
        || (http.RequestAborted.IsCancellationRequested && exception is (OperationCanceledException or IOException));

    private static ProblemAnswer OfStatus(int status, HttpContext http, string otherwise) => status switch
    {
        StatusCodes.Status404NotFound => new(status, ProblemCodes.NoSuchRoute, $"There is nothing at {http.Request.Path}; /openapi/v1.json lists what there is."),
        StatusCodes.Status405MethodNotAllowed => new(status, ProblemCodes.MethodNotAllowed, $"{http.Request.Path} takes {http.Response.Headers.Allow}, not {http.Request.Method}."),
        StatusCodes.Status413PayloadTooLarge => ProblemAnswer.TooLarge($"The body is over {ApiLimits.BodyBytesMax} bytes."),
        StatusCodes.Status415UnsupportedMediaType => ProblemAnswer.UnsupportedMediaType(ExpectedMediaType(http)),
        StatusCodes.Status429TooManyRequests => new(status, ProblemCodes.RateLimited, "Too many requests are waiting. Ask again after the time in Retry-After."),
        _ => new(status, ProblemCodes.Malformed, otherwise),
    };

    private static string ExpectedMediaType(HttpContext http) => http.Request.Path == "/v1/credits" || http.Request.Path == "/v1/batch"
        ? "The body must be lines of JSON: send the header Content-Type: application/x-ndjson."
        : http.Request.Path.StartsWithSegments("/v1/reconciliation", StringComparison.Ordinal)
        ? "The body must be CSV: send the header Content-Type: text/csv."
        : "The body must be JSON: send the header Content-Type: application/json.";
}
