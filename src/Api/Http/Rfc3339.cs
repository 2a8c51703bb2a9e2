using System.Globalization;

namespace Gongji.Api.Http;

/// <summary>Times with an offset (RFC 3339), as requests and options state them.</summary>
internal static class Rfc3339
{
    public const string Example = "2024-12-02T09:00:00+08:00";

    /// <summary>Keeps every time that is reckoned from one, such as the next 06:00, inside the calendar.</summary>
    public const int YearMin = 2000;

    public const int YearMax = 2200;

    private static readonly string[] Formats = ["yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz"];

    public static bool TryParse(string text, out DateTimeOffset moment)
    {
        string withOffset = text.EndsWith('Z') ? string.Concat(text.AsSpan(0, text.Length - 1), "+00:00") : text;
        return DateTimeOffset.TryParseExact(withOffset, Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out moment)
            && moment.UtcDateTime.Year is >= YearMin and <= YearMax;
    }
}
