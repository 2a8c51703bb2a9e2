using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Gongji.Api.Http;

/// <summary>
/// Says in words why a body could not be read: which field, what was wrong, how to mend it. Runs only after reading has failed, so it
/// may take its time; it says nothing of .NET.
/// </summary>
internal static class BodyDiagnosis
{
    private const int QuotedLengthMax = 40;

    private static readonly JsonDocumentOptions DocumentOptions = new() { MaxDepth = ApiLimits.JsonDepthMax, AllowDuplicateProperties = true };

    public static string Of(ReadOnlySpan<byte> utf8, JsonTypeInfo type)
    {
        if (utf8.IsEmpty)
        {
            return "The body is empty: send a JSON object.";
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(utf8.ToArray(), DocumentOptions);
            return Diagnose(document.RootElement, type, path: "") ?? "The body is not what this call takes; see /openapi/v1.json.";
        }
        catch (JsonException exception)
        {
            return $"The body is not valid JSON at line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1} "
                + $"(comments, trailing commas and more than {ApiLimits.JsonDepthMax} levels are not taken).";
        }
        catch (InvalidOperationException)
        {
            return "A text in the body has an escape that is not a character (an unpaired surrogate).";
        }
    }

    private static string? Diagnose(JsonElement element, JsonTypeInfo type, string path)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return $"{Name(path)} must be a JSON object, but is {Describe(element)}.";
        }

        Dictionary<string, JsonPropertyInfo> known = type.Properties.ToDictionary(property => property.Name, StringComparer.Ordinal);
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (JsonProperty property in element.EnumerateObject())
        {
            string field = Join(path, property.Name);
            if (!known.TryGetValue(property.Name, out JsonPropertyInfo? info) && type.UnmappedMemberHandling == JsonUnmappedMemberHandling.Disallow)
            {
                return $"{Quote(field)} is not a field of this call: leave it out. Fields: {string.Join(", ", known.Keys)}.";
            }

            if (!seen.Add(property.Name))
            {
                return $"{Quote(field)} is there twice: send it once.";
            }

            if ((info is null ? DiagnoseAnything(property.Value, field) : DiagnoseValue(property.Value, info, type.Options, field)) is { } wrong)
            {
                return wrong;
            }
        }

        JsonPropertyInfo? missing = type.Properties.FirstOrDefault(property => property.IsRequired && !seen.Contains(property.Name));
        return missing is null ? null : $"{Join(path, missing.Name)} is missing: it must be {Expected(missing.PropertyType)}.";
    }

    private static string? DiagnoseValue(JsonElement value, JsonPropertyInfo info, JsonSerializerOptions options, string field)
    {
        Type plain = Nullable.GetUnderlyingType(info.PropertyType) ?? info.PropertyType;
        if (value.ValueKind == JsonValueKind.Null)
        {
            return info.IsSetNullable && (!info.PropertyType.IsValueType || plain != info.PropertyType)
                ? null
                : $"{field} is null: it must be {Expected(plain)}.";
        }

        return plain switch
        {
            _ when plain == typeof(string) && value.ValueKind == JsonValueKind.String => IsText(value)
                ? null
                : $"{field} has an escape that is not a character (an unpaired surrogate).",
            _ when plain == typeof(string) => Must(false),
            _ when plain == typeof(bool) => Must(value.ValueKind is JsonValueKind.True or JsonValueKind.False),
            _ when plain == typeof(long) => Must(value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _)),
            _ when plain == typeof(int) => Must(value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out _)),
            _ when plain == typeof(Guid) => Must(value.ValueKind == JsonValueKind.String && value.TryGetGuid(out _)),
            _ when plain == typeof(IReadOnlyList<string>) =>
                Must(value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)),
            _ when plain == typeof(JsonElement) => DiagnoseAnything(value, field),
            _ => Diagnose(value, options.GetTypeInfo(plain), field),
        };

        string? Must(bool fits) => fits ? null : $"{field} must be {Expected(plain)}, but is {Describe(value)}.";
    }

    /// <summary>Where any JSON is taken, only a field that is there twice can be wrong.</summary>
    private static string? DiagnoseAnything(JsonElement value, string path)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            return value.EnumerateArray().Select((item, index) => DiagnoseAnything(item, $"{path}[{index}]")).FirstOrDefault(wrong => wrong is not null);
        }

        HashSet<string> seen = new(StringComparer.Ordinal);
        return value.ValueKind != JsonValueKind.Object ? null : value.EnumerateObject()
            .Select(property => seen.Add(property.Name)
                ? DiagnoseAnything(property.Value, Join(path, property.Name))
                : $"{Quote(Join(path, property.Name))} is there twice: send it once.")
            .FirstOrDefault(wrong => wrong is not null);
    }

    private static bool IsText(JsonElement value)
    {
        try
        {
            return value.GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static string Expected(Type type)
    {
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain switch
        {
            _ when plain == typeof(string) => "a text",
            _ when plain == typeof(bool) => "true or false",
            _ when plain == typeof(long) || plain == typeof(int) => "a whole number, without quotes, fraction or exponent",
            _ when plain == typeof(Guid) => "a UUID like 0193838a-7c1e-7b3a-9f00-1234567890ab",
            _ when plain == typeof(IReadOnlyList<string>) => "a list of texts",
            _ => "a JSON object",
        };
    }

    private static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => $"the text {Quote(value.GetString() ?? string.Empty)}",
        JsonValueKind.Number => $"the number {Shorten(value.GetRawText())}",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => "null",
    };

    private static string Name(string path) => path.Length == 0 ? "The body" : path;

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static string Quote(string text) => $"\"{Shorten(text)}\"";

    private static string Shorten(string text) => text.Length <= QuotedLengthMax ? text : string.Concat(text.AsSpan(0, QuotedLengthMax), "…");
}
