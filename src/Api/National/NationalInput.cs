using System.Globalization;
using System.Text.Json;
using Gongji.Api.Http;
using Gongji.Ledger;

namespace Gongji.Api.National;

/// <summary>Reads the <c>data</c> node of a message, and keeps the first problem found.</summary>
internal sealed class NationalInput
{
    private readonly JsonElement _data;

    public NationalInput(JsonElement? input)
    {
        if (input is { ValueKind: JsonValueKind.Object } node && node.TryGetProperty("data", out JsonElement data) && data.ValueKind == JsonValueKind.Object)
        {
            (_data, Node) = (data, node);
        }
        else
        {
            Wrong = "input.data must be an object.";
        }
    }

    /// <summary>The whole input.</summary>
    public JsonElement Node { get; }

    /// <summary>What is wrong, in words; null when nothing is.</summary>
    public string? Wrong { get; private set; }

    public string Text(string field, int longest)
    {
        string? text = OptionalText(field);
        Must(text is { Length: > 0 } && text.Length <= longest, $"input.data.{field} must be a text of 1 to {longest} characters.");
        return text ?? string.Empty;
    }

    public string? OptionalText(string field) =>
        Wrong is null && _data.TryGetProperty(field, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public string Person(string field)
    {
        string text = Text(field, Limits.PersonIdLengthMax);
        Must(PersonId.IsValid(text), $"input.data.{field} must be 1 to {Limits.PersonIdLengthMax} of A-Z, a-z, 0-9, _ and -.");
        return text;
    }

    /// <summary>Reads an amount in yuan, given as a number or a text, as fen.</summary>
    public long Fen(string field) => Fen(_data, field, $"input.data.{field}");

    /// <summary>The same for another node.</summary>
    public long Fen(JsonElement node, string field, string name)
    {
        long? fen = Wrong is null && node.ValueKind == JsonValueKind.Object && node.TryGetProperty(field, out JsonElement value) ? ToFen(value) : null;
        Must(fen is >= 0 and <= Limits.AmountFenMax, $"{name} must be an amount in yuan with at most two decimals, from 0 to {Yuan(Limits.AmountFenMax)}.");
        return fen ?? 0;
    }

    public DateOnly Day(string field)
    {
        string text = Text(field, 10);
        Must(
            DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day) && day.Year is >= Rfc3339.YearMin and <= Rfc3339.YearMax,
            $"input.data.{field} must be a day like 2024-12-02, in the years {Rfc3339.YearMin} to {Rfc3339.YearMax}.");
        return day;
    }

    public long Count(string field)
    {
        long count = 0;
        Must(
            Wrong is null && _data.TryGetProperty(field, out JsonElement value)
                && (value.ValueKind == JsonValueKind.Number ? value.TryGetInt64(out count) : value.ValueKind == JsonValueKind.String && long.TryParse(value.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out count))
                && count >= 0,
            $"input.data.{field} must be a whole number.");
        return count;
    }

    public void Must(bool fits, string rule) => Wrong ??= fits ? null : rule;

    /// <summary>An amount in yuan, with its two decimals. Decimal arithmetic is exact.</summary>
    public static decimal Yuan(long fen) => fen * 0.01m;

    private static long? ToFen(JsonElement value)
    {
        decimal yuan;
        bool isRead = value.ValueKind switch
        {
            JsonValueKind.Number => value.TryGetDecimal(out yuan),
            JsonValueKind.String => decimal.TryParse(value.GetString(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out yuan),
            _ => (yuan = -1) == 0,
        };
        return isRead && yuan is >= 0 and < 1_000_000_000_000m && decimal.Truncate(yuan * 100) == yuan * 100 ? (long)(yuan * 100) : null;
    }
}
