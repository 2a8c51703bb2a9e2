using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Json.Schema;

namespace Gongji.Api.Tests.Support;

/// <summary>
/// Checks real requests and answers against the OpenAPI document: statuses, headers, media types, and bodies by their schemas. A field that the
/// document does not have fails the check.
/// </summary>
internal static partial class ApiDescription
{
    private const string Json = "application/json";

    private static readonly EvaluationOptions Options = new() { OutputFormat = OutputFormat.List, RequireFormatValidation = true };

    /// <summary>Headers of the contract: wherever they are sent, the document must have them.</summary>
    private static readonly string[] Headers = ["Idempotent-Replay", "Location", "Retry-After"];

    private static readonly JsonObject Document = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "openapi.v1.json")))!.AsObject();

    private static readonly JsonObject Components = Closed(Document["components"]!["schemas"]!.AsObject());

    /// <summary>Paths without parameters come first, as they do in routing.</summary>
    private static readonly Operation[] Operations =
    [
        .. from path in Document["paths"]!.AsObject()
           from operation in path.Value!.AsObject()
           orderby PathPart().Count(path.Key)
           select new Operation(operation.Key, new Regex($"^{PathPart().Replace(path.Key, "[^/]+")}$"), operation.Value!.AsObject()),
    ];

    private static readonly ConcurrentDictionary<string, JsonSchema> Schemas = [];

    /// <summary>The names of all operations.</summary>
    public static IEnumerable<string> OperationIds => Operations.Select(operation => operation.Id);

    /// <summary>Compares an answer, and a request that was accepted, with the document.</summary>
    /// <returns>The operation that was done; null when it was refused or is not in the document.</returns>
    public static async Task<string?> CheckAsync(HttpRequestMessage request, HttpResponseMessage response, string text)
    {
        string path = request.RequestUri!.IsAbsoluteUri ? request.RequestUri.AbsolutePath : request.RequestUri.OriginalString.Split('?')[0];
        Operation? operation = Array.Find(
            Operations, each => each.Method.Equals(request.Method.Method, StringComparison.OrdinalIgnoreCase) && each.Path.IsMatch(path));
        if (operation is null)
        {
            return null;
        }

        string what = $"{operation.Id} {(int)response.StatusCode}";
        JsonNode? described = operation.Node["responses"]![$"{(int)response.StatusCode}"];
        Assert.True(described is not null, $"{what} is not in the document: {text}");
        foreach (string header in Headers.Where(response.Headers.Contains))
        {
            Assert.True(described["headers"]?[header] is not null, $"{what}: header {header} is not in the document.");
        }

        string mediaType = response.Content.Headers.ContentType?.MediaType ?? "none";
        JsonNode? content = described["content"]?[mediaType];
        Assert.True(content is not null, $"{what}: media type {mediaType} is not in the document.");
        Check($"{what} answered", content["schema"]!, mediaType, text);
        if (!response.IsSuccessStatusCode)
        {
            return null;
        }

        if (request.Content?.Headers.ContentType?.MediaType is { } sent && operation.Node["requestBody"]?["content"]?[sent]?["schema"] is { } taken)
        {
            // Some lines are wrong on purpose, and the answer to each of them says so; lines are therefore not checked.
            Check($"{what} took", taken, sent == Json ? Json : "none", await request.Content.ReadAsStringAsync());
        }

        return operation.Id;
    }

    /// <summary>Compares the answer of a successful operation.</summary>
    public static void CheckAnswer(string id, string text) => CheckJson(id, Find(id).Node["responses"]!["200"]!["content"]!.AsObject().Single().Value!["schema"]!, text);

    /// <summary>Compares the body of a request.</summary>
    public static void CheckRequest(string id, string mediaType, string text) => CheckJson(id, Find(id).Node["requestBody"]!["content"]![mediaType]!["schema"]!, text);

    private static Operation Find(string id) => Operations.Single(operation => operation.Id == id);

    private static void Check(string what, JsonNode schema, string mediaType, string text)
    {
        if (mediaType is Json or "application/problem+json")
        {
            CheckJson(what, schema, text);
        }
        else if (mediaType == "application/x-ndjson")
        {
            foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                CheckJson(what, schema, line);
            }
        }
    }

    private static void CheckJson(string what, JsonNode node, string text)
    {
        JsonSchema schema = Schemas.GetOrAdd(node.ToJsonString(), static rule => JsonSchema.FromText(
            Local(new JsonObject { ["allOf"] = new JsonArray(JsonNode.Parse(rule)), ["$defs"] = Components.DeepClone() }.ToJsonString())));
        using JsonDocument document = JsonDocument.Parse(text);
        EvaluationResults results = schema.Evaluate(document.RootElement, Options);
        Assert.True(
            results.IsValid,
            $"{what} what the document does not say: {text}\n{string.Join('\n', (results.Details ?? []).Where(detail => detail.Errors is { Count: > 0 }).Select(detail => $"{detail.InstanceLocation}: {string.Join(", ", detail.Errors!.Values)}"))}");
    }

    /// <summary>The same schemas, made to allow no field that they do not name; except the national envelope, most of which is ignored.</summary>
    private static JsonObject Closed(JsonObject schemas)
    {
        JsonObject closed = schemas.DeepClone().AsObject();
        foreach (JsonObject schema in closed.Where(each => each.Key != "NationalRequest").Select(each => each.Value!.AsObject()).Where(schema => schema["properties"] is not null))
        {
            schema["additionalProperties"] = false;
        }

        return closed;
    }

    private static string Local(string json) => json.Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal);

    [GeneratedRegex("\\{[^}]+\\}")]
    private static partial Regex PathPart();

    private sealed record Operation(string Method, Regex Path, JsonObject Node)
    {
        public string Id => (string)Node["operationId"]!;
    }
}
