using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Gongji.Api.Contracts;
using Gongji.Ledger;

namespace Gongji.Api.Http;

/// <summary>
/// Says in words why a body could not be read: which field, what was wrong, and how to fix it. It runs only after reading has failed, so it need not
/// be fast. Its texts mention nothing of .NET.
/// </summary>
internal static class BodyDiagnosis
{
    private const int QuotedLengthMax = 40;

    private static readonly JsonDocumentOptions DocumentOptions = new() { MaxDepth = ApiLimits.JsonDepthMax, AllowDuplicateProperties = true };

    /// <summary>Features that some JSON parsers accept, and this API does not.</summary>
    private static readonly (JsonDocumentOptions Options, string Note)[] NotTaken =
    [
        (DocumentOptions with { CommentHandling = JsonCommentHandling.Skip }, "comments are not taken"),
        (DocumentOptions with { AllowTrailingCommas = true }, "a comma before a closing bracket is not taken"),
        (DocumentOptions with { MaxDepth = ApiLimits.BodyBytesMax }, $"more than {ApiLimits.JsonDepthMax} levels are not taken"),
    ];

    /// <param name="utf8">The body, or one line of it.</param>
    /// <param name="type">The type that was expected.</param>
    /// <param name="isLine">Whether it is one line of several.</param>
    public static string Of(ReadOnlySpan<byte> utf8, JsonTypeInfo type, bool isLine)
    {
        string what = isLine ? "This line" : "The body";
        if (utf8.IndexOfAnyExcept(" \t\r\n"u8) < 0)
        {
            return $"{what} is empty: send a JSON object.";
        }

        byte[] bytes = utf8.ToArray();
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes, DocumentOptions);
            return Diagnose(document.RootElement, type, path: "", what) ?? $"{what} is not what this call takes; see /openapi/v1.json.";
        }
        catch (JsonException exception)
        {
            string line = isLine ? string.Empty : $"line {exception.LineNumber + 1}, ";
            string? note = NotTaken.FirstOrDefault(each => IsJson(bytes, each.Options)).Note;
            return $"{what} is not valid JSON at {line}byte {exception.BytePositionInLine + 1}{(note is null ? "" : $": {note}")}.";
        }
        catch (InvalidOperationException)
        {
            return $"{what} has a text with an escape that is not a character (an unpaired surrogate).";
        }
    }

    private static bool IsJson(byte[] utf8, JsonDocumentOptions options)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(utf8, options);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <param name="element">The value that was sent.</param>
    /// <param name="type">The type that was expected.</param>
    /// <param name="path">The value's place in the body.</param>
    /// <param name="what">What to call it when it is the whole body.</param>
    private static string? Diagnose(JsonElement element, JsonTypeInfo type, string path, string what)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return $"{(path.Length == 0 ? what : path)} must be a JSON object, but is {Describe(element)}.";
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
        return missing is null ? null : $"{Join(path, missing.Name)} is missing: it must be {Expected(missing)}.";
    }

    private static string? DiagnoseValue(JsonElement value, JsonPropertyInfo info, JsonSerializerOptions options, string field)
    {
        Type plain = Nullable.GetUnderlyingType(info.PropertyType) ?? info.PropertyType;
        if (value.ValueKind == JsonValueKind.Null)
        {
            return info.IsSetNullable && (!info.PropertyType.IsValueType || plain != info.PropertyType)
                ? null
                : $"{field} is null: it must be {Expected(info)}.";
        }

        return plain switch
        {
            _ when plain == typeof(string) && value.ValueKind == JsonValueKind.String => IsText(value)
                ? null
                : $"{field} has an escape that is not a character (an unpaired surrogate).",
            _ when plain == typeof(string) => Must(false),
            _ when plain == typeof(bool) => Must(value.ValueKind is JsonValueKind.True or JsonValueKind.False),
            _ when plain == typeof(long) => MustBeWhole(value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _), long.MinValue, long.MaxValue),
            _ when plain == typeof(int) => MustBeWhole(value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out _), int.MinValue, int.MaxValue),
            _ when plain == typeof(Guid) => Must(value.ValueKind == JsonValueKind.String && value.TryGetGuid(out _)),
            _ when plain == typeof(IReadOnlyList<string>) =>
                Must(value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)),
            _ when plain == typeof(JsonElement) => DiagnoseAnything(value, field),
            _ => Diagnose(value, options.GetTypeInfo(plain), field, field),
        };

        string? Must(bool fits) => fits ? null : $"{field} must be {Expected(info)}, but is {Describe(value)}.";

        // A whole number that overflows its type is still a whole number: the message gives the allowed range instead.
        string? MustBeWhole(bool fits, long least, long most)
        {
            if (fits || value.ValueKind != JsonValueKind.Number || value.GetRawText().AsSpan().TrimStart('-').ContainsAnyExceptInRange('0', '9'))
            {
                return Must(fits);
            }

            (least, most) = RuleOf(info) is BetweenAttribute between ? (between.Least, between.Most) : (least, most);
            return string.Create(CultureInfo.InvariantCulture, $"{field} must be between {least} and {most}{(field.EndsWith("Fen", StringComparison.Ordinal) ? " fen" : "")}, but is {Shorten(value.GetRawText())}.");
        }
    }

    /// <summary>Where any JSON is accepted, only a duplicated field can be wrong.</summary>
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

    /// <summary>The field's schema attribute, if it has one.</summary>
    private static object? RuleOf(JsonPropertyInfo info) => info.AttributeProvider?.GetCustomAttributes(typeof(SchemaAttribute), inherit: true).FirstOrDefault();

    private static string Expected(JsonPropertyInfo info)
    {
        Type plain = Nullable.GetUnderlyingType(info.PropertyType) ?? info.PropertyType;
        string? words = RuleOf(info) switch
        {
            KinshipWordsAttribute => $"one of {KinshipNames.All}",
            WordsAttribute rule => string.Join(" or ", rule.Words),
            _ => null,
        };
        return plain switch
        {
            _ when plain == typeof(string) => words ?? (RuleOf(info) is PatternAttribute pattern ? $"a text like {pattern.Example}" : "a text"),
            _ when plain == typeof(IReadOnlyList<string>) && words is not null => $"a list, each of it {words}",
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

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static string Quote(string text) => $"\"{Shorten(text)}\"";

    private static string Shorten(string text) => text.Length <= QuotedLengthMax ? text : string.Concat(text.AsSpan(0, QuotedLengthMax), "…");
}
