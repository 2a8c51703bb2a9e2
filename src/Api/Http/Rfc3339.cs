using System.Globalization;
using System.Text.RegularExpressions;
using Gongji.Ledger;

namespace Gongji.Api.Http;

/// <summary>Times with an offset (RFC 3339), as used in requests and options.</summary>
internal static partial class Rfc3339
{
    public const string Example = "2024-12-02T09:00:00+08:00";

    /// <summary>The bounds keep every time computed from an accepted one, such as the next 06:00, within the calendar.</summary>
    public const int YearMin = 2000;

    public const int YearMax = 2200;

    private const int FractionLengthMax = 8;

    /// <summary>Reads a time in any form of the standard except a leap second. Digits finer than .NET's 100 ns are cut off.</summary>
    /// <returns>Whether it is a time within the accepted years; <paramref name="moment"/> is in Asia/Shanghai.</returns>
    public static bool TryParse(string text, out DateTimeOffset moment)
    {
        moment = default;
        if (Form().Match(text) is not { Success: true } parts)
        {
            return false;
        }

        string fraction = parts.Groups["fraction"].Value is { Length: > 0 } digits ? digits[..Math.Min(digits.Length, FractionLengthMax)] : ".0";
        bool isTime = DateTime.TryParseExact(
            $"{parts.Groups["day"].Value}T{parts.Groups["time"].Value}{fraction}", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime local);

        // The time must be far enough from both ends of the calendar that no offset can take it beyond them.
        if (!isTime || local.Year is < YearMin - 1 or > YearMax + 1)
        {
            return false;
        }

        moment = BusinessTime.ToLocal(new DateTimeOffset(local - OffsetOf(parts), TimeSpan.Zero));
        return moment.UtcDateTime.Year is >= YearMin and <= YearMax;
    }

    /// <summary>An offset of any size that the standard allows; .NET itself accepts only offsets within 14 hours.</summary>
    private static TimeSpan OffsetOf(Match parts)
    {
        if (!parts.Groups["hours"].Success)
        {
            return TimeSpan.Zero;
        }

        TimeSpan size = new(int.Parse(parts.Groups["hours"].ValueSpan, CultureInfo.InvariantCulture), int.Parse(parts.Groups["minutes"].ValueSpan, CultureInfo.InvariantCulture), 0);
        return parts.Groups["sign"].Value == "-" ? -size : size;
    }

    [GeneratedRegex(
        @"^(?<day>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt](?<time>[0-9]{2}:[0-9]{2}:[0-9]{2})(?<fraction>\.[0-9]+)?(?:[Zz]|(?<sign>[+-])(?<hours>[01][0-9]|2[0-3]):(?<minutes>[0-5][0-9]))\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
