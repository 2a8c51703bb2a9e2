using System.Text.Json.Nodes;

namespace Gongji.Api.Tests.Support;

/// <summary>An HTTP answer, read to its end.</summary>
internal sealed record Answer(int Status, string? MediaType, HttpResponseMessage Response, string Text)
{
    public JsonNode Json => JsonNode.Parse(Text) ?? throw new InvalidOperationException("The answer is JSON null.");

    /// <summary>The lines of a streamed answer.</summary>
    public JsonNode[] Lines => [.. Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];

    /// <summary>The problem's code.</summary>
    public string Code => (string)Json["code"]!;

    public bool IsReplay => Response.Headers.TryGetValues("Idempotent-Replay", out IEnumerable<string>? values) && values.Single() == "true";

    /// <summary>A text of the answer by its path, e.g. <c>rules.live.crossProvince</c>.</summary>
    public string? Field(string path)
    {
        JsonNode? node = Json;
        foreach (string name in path.Split('.'))
        {
            node = node?[name];
        }

        return node?.ToString();
    }

    public long Number(string path) => long.Parse(Field(path)!, System.Globalization.CultureInfo.InvariantCulture);
}
