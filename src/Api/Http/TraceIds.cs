using System.Diagnostics;

namespace Gongji.Api.Http;

/// <summary>The id by which a caller's answer is found in the log.</summary>
internal static class TraceIds
{
    /// <summary>That of the trace the request is part of, which its caller may have begun (<c>traceparent</c>); without one the server's own id of the request.</summary>
    public static string Of(HttpContext http) => Activity.Current?.TraceId.ToHexString() ?? http.TraceIdentifier;
}
