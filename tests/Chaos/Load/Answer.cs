using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gongji.Chaos.Load;

/// <summary>An HTTP answer, read to its end.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Text">The body.</param>
/// <param name="IsReplay">Whether it is marked as the first answer, given again.</param>
/// <param name="RetryAfter">The Retry-After time, if there is one.</param>
/// <param name="SentAt">When the request was sent, as a timestamp.</param>
internal sealed record Answer(int Status, string Text, bool IsReplay, TimeSpan? RetryAfter, long SentAt)
{
    public JsonNode? Json
    {
        get
        {
            try
            {
                return JsonNode.Parse(Text);
            }
            catch (JsonException)
            {
                return null;
            }
        }
    }

    /// <summary>A problem's code; null for other answers.</summary>
    public string? Code => Json is JsonObject problem ? (string?)problem["code"] : null;

    public override string ToString() => $"{Status} {Text}{(IsReplay ? " (replay)" : string.Empty)}";
}
