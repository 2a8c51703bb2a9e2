using System.Diagnostics;

namespace Gongji.Api.Http;

/// <summary>The id that links a caller's answer to the log.</summary>
internal static class TraceIds
{
    /// <summary>The id of the trace that the request belongs to, which the caller may have started (<c>traceparent</c>); without a trace, the server's own request id.</summary>
    public static string Of(HttpContext http) => Activity.Current?.TraceId.ToHexString() ?? http.TraceIdentifier;
}
