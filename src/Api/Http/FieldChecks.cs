using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Gongji.Ledger;
using Gongji.Storage;

namespace Gongji.Api.Http;

/// <summary>Checks what a field's type cannot express, and keeps the first problem found. After a failed check the returned values are meaningless.</summary>
internal sealed class FieldChecks
{
    private const int QuotedLengthMax = 40;
    private const int UuidLength = 36;

    private string? _wrong;

    /// <summary>Whether a check failed; if so, the problem to answer.</summary>
    public bool Failed([NotNullWhen(true)] out ProblemAnswer? problem)
    {
        problem = _wrong is null ? null : ProblemAnswer.Malformed(_wrong);
        return problem is not null;
    }

    public string Person(string field, string? text)
    {
        Must(PersonId.IsValid(text), field, $"must be 1 to {Limits.PersonIdLengthMax} of A-Z, a-z, 0-9, _ and -", text);
        return text ?? string.Empty;
    }

    /// <summary>A list of persons without duplicates.</summary>
    public string[] Persons(string field, IReadOnlyList<string> texts, int most)
    {
        Must(texts.Count <= most, field, Text($"must name at most {most} persons"), texts.Count);
        HashSet<string> seen = [];
        foreach (string? text in texts)
        {
            Must(seen.Add(Person(field, text)), field, "must name nobody twice", text);
        }

        return [.. texts];
    }

    public RegionCode Region(string field, string? text)
    {
        Must(RegionCode.TryParse(text, out RegionCode region), field, "must be a six-digit region code (GB/T 2260) like 320500", text);
        return region;
    }

    /// <summary>The id of a command, from a body.</summary>
    public Guid Id(string field, Guid id)
    {
        Must(id != Guid.Empty, field, "must be a UUID that the caller chose, not the nil UUID", id.ToString());
        Must(!NamedIds.MayBe(id), field, "must be a UUID of another version than 8, those are the ledger's own; version 7 is advised", id.ToString());
        return id;
    }

    /// <summary>The id of a command, from a path.</summary>
    public Guid Id(string field, string? text)
    {
        // .NET accepts white space around a UUID, which is not part of one.
        bool fits = Guid.TryParseExact(text, "D", out Guid id) && text!.Length == UuidLength && id != Guid.Empty;
        Must(fits, field, "must be a UUID like 0193838a-7c1e-7b3a-9f00-1234567890ab", text);
        return id;
    }

    /// <summary>The code of a designated institution (fixmedins_code).</summary>
    public string Institution(string field, string text)
    {
        Must(
            InstitutionCode.IsValid(text),
            field,
            $"must be the code of an institution: 1 to {Limits.InstitutionLengthMax} of A-Z, a-z and 0-9, like H32050000001",
            text);
        return text;
    }

    /// <summary>A field that must be absent; <paramref name="rule"/> says what must be sent instead.</summary>
    public void None(string field, string shown, bool isThere, string rule) => Must(!isThere, field, rule, shown);

    /// <summary>The difference of a correction, in fen; never 0.</summary>
    public long Difference(string field, long fen)
    {
        Must(fen is >= -Limits.AmountFenMax and <= Limits.AmountFenMax and not 0, field, Text($"must be between {-Limits.AmountFenMax} and {Limits.AmountFenMax} fen, not 0"), fen);
        return fen;
    }

    public long Amount(string field, long fen) => Within(field, fen, 1, Limits.AmountFenMax, "fen");

    public long Within(string field, long value, long least, long most, string unit)
    {
        Must(value >= least && value <= most, field, Text($"must be between {least} and {most} {unit}"), value);
        return value;
    }

    public T Word<T>(string field, string? text, params ReadOnlySpan<(string Word, T Value)> words)
    {
        foreach ((string word, T value) in words)
        {
            if (word == text)
            {
                return value;
            }
        }

        string all = string.Join(" or ", words.ToArray().Select(word => word.Word));
        Must(false, field, $"must be {all}", text);
        return words[0].Value;
    }

    public Kinship Kinship(string field, string? text)
    {
        Must(KinshipNames.TryParse(text, out Kinship kinship), field, $"must be one of {KinshipNames.All}", text);
        return kinship;
    }

    public Kinships KinshipSet(string field, IReadOnlyList<string> texts)
    {
        Kinships set = Ledger.Kinships.None;
        foreach (string? text in texts)
        {
            set |= (Kinships)(1 << (int)Kinship(field, text));
        }

        return set;
    }

    /// <summary>A month as <c>YYYY-MM</c>.</summary>
    public string Month(string field, string text)
    {
        bool fits = text.Length == 7 && DateOnly.TryParseExact(text + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly first)
            && first.Year is >= Rfc3339.YearMin and <= Rfc3339.YearMax;
        Must(fits, field, $"must be a month like 2024-12, in the years {Rfc3339.YearMin} to {Rfc3339.YearMax}", text);
        return text;
    }

    /// <summary>A business day as <c>YYYY-MM-DD</c>.</summary>
    public DateOnly Day(string field, string? text)
    {
        bool fits = DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day)
            && day.Year is >= Rfc3339.YearMin and <= Rfc3339.YearMax;
        string rule = $"must be a day like 2024-12-02, in the years {Rfc3339.YearMin} to {Rfc3339.YearMax}";
        if (text is null)
        {
            _wrong ??= $"{field} is missing: it {rule}.";
        }

        Must(fits, field, rule, text);
        return day;
    }

    /// <summary>A province, by the two digits that its regions' codes begin with.</summary>
    public int Province(string field, string? text)
    {
        bool fits = text is { Length: 2 } && text[0] != '0' && text.All(char.IsAsciiDigit);
        Must(fits, field, "must be the two digits of a province like 32", text);
        return fits ? int.Parse(text!, CultureInfo.InvariantCulture) : 0;
    }

    /// <summary>Two fields that must not be equal.</summary>
    public void Differ(string field, string text, string otherField, string otherText) =>
        Must(text != otherText, field, $"must be another than {otherField}", text);

    /// <summary>A last day that must not be before the first.</summary>
    public void InOrder(string field, DateOnly last, string firstField, DateOnly first) =>
        Must(first <= last, field, $"must not be before {firstField}", last.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    /// <summary>A time of day as <c>HH:mm</c>.</summary>
    public TimeOnly TimeOfDay(string field, string text)
    {
        Must(
            TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly time),
            field,
            "must be a time of day like 22:00 (00:00 to 23:59)",
            text);
        return time;
    }

    public DateTimeOffset Moment(string field, string text)
    {
        Must(Rfc3339.TryParse(text, out DateTimeOffset moment), field, $"must be a time with offset (RFC 3339) like {Rfc3339.Example}, in the years {Rfc3339.YearMin} to {Rfc3339.YearMax}", text);
        return moment;
    }

    /// <summary>A name for people to read.</summary>
    public string Name(string field, string text)
    {
        bool fits = !string.IsNullOrWhiteSpace(text) && text.Length <= Limits.RegionNameLengthMax && !text.Any(char.IsControl);
        Must(fits, field, $"must be 1 to {Limits.RegionNameLengthMax} characters, none of them a control character", text);
        return text;
    }

    /// <summary>A whole number from the query string, or the default.</summary>
    public long Query(HttpRequest request, string field, long fallback, long least, long most)
    {
        if (!request.Query.TryGetValue(field, out Microsoft.Extensions.Primitives.StringValues values))
        {
            return fallback;
        }

        string? text = values.Count == 1 ? values[0] : null;
        bool fits = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value) && value >= least && value <= most;
        Must(fits, field, Text($"must be one whole number between {least} and {most}"), values.ToString());
        return value;
    }

    /// <summary>A text from the query string; null when it is absent.</summary>
    public string? QueryText(HttpRequest request, string field)
    {
        if (!request.Query.TryGetValue(field, out Microsoft.Extensions.Primitives.StringValues values))
        {
            return null;
        }

        Must(values.Count == 1, field, "must be there once", values.ToString());
        return values[0];
    }

    /// <summary>The cursor up to which events were read, from the header of an EventSource or from the query.</summary>
    public LedgerCursor Cursor(string field, string text)
    {
        LedgerCursor? cursor = null;
        Must(
            text.Length <= ApiLimits.CursorLengthMax && LedgerCursor.TryParse(text, out cursor),
            field,
            "must be the id of an event as it was given, 0 for the beginning, or (as after only) now",
            text);
        return cursor ?? LedgerCursor.Start;
    }

    private void Must(bool fits, string field, string rule, string? value)
    {
        if (!fits)
        {
            Keep(field, rule, value is null ? "null" : value.Length <= QuotedLengthMax ? $"\"{value}\"" : $"\"{value.AsSpan(0, QuotedLengthMax)}…\"");
        }
    }

    /// <summary>The same for a number, which is shown without quotes, as it was sent.</summary>
    private void Must(bool fits, string field, string rule, long value)
    {
        if (!fits)
        {
            Keep(field, rule, Text($"{value}"));
        }
    }

    private void Keep(string field, string rule, string shown) => _wrong ??= $"{field} {rule}, but is {shown}.";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
