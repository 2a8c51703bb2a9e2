using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gongji.Chaos.Load;

/// <summary>An HTTP answer, read to its end.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Text">The body.</param>
/// <param name="IsReplay">Whether it says that it is a first answer given again.</param>
/// <param name="RetryAfter">When to ask again, if it says so.</param>
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

    /// <summary>A problem's code; null when it has none.</summary>
    public string? Code => Json is JsonObject problem ? (string?)problem["code"] : null;

    public override string ToString() => $"{Status} {Text}{(IsReplay ? " (replay)" : string.Empty)}";
}
