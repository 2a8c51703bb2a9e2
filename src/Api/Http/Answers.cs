using System.Text.Json.Serialization.Metadata;
using Gongji.Grains.Messages;

namespace Gongji.Api.Http;

/// <summary>Turns grains' replies into HTTP answers.</summary>
internal static class Answers
{
    /// <summary>The header that marks the first answer, given again.</summary>
    public const string ReplayHeader = "Idempotent-Replay";

    /// <summary>The value as the API contract defines it, or the problem.</summary>
    public static IResult Of<TView, TAnswer>(
        HttpContext http, Reply<TView> reply, Func<TView, TAnswer> write, JsonTypeInfo<TAnswer> type, int status = StatusCodes.Status200OK)
        where TView : class
    {
        if (reply.IsRefused)
        {
            return ProblemAnswer.Refused(reply.Refusal);
        }

        if (reply.IsReplay)
        {
            http.Response.Headers[ReplayHeader] = "true";
        }

        return TypedResults.Json(write(reply.Value), type, contentType: null, status);
    }
}
