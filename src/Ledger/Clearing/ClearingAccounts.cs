using System.Globalization;

namespace Gongji.Ledger;

/// <summary>
/// The accounts of the clearing: entries without balances, fenced and chained like all others. Their names have a slash, which no person's
/// identifier can have.
/// </summary>
public static class ClearingAccounts
{
    /// <summary>Which days were closed, and when.</summary>
    public const string Days = Prefix + "days";

    private const string Prefix = "clearing/";
    private const string PrepaymentPrefix = Prefix + "prepayment/";

    /// <summary>Whether an account belongs to the clearing and not to a person. In a damaged store any name is possible: one with a slash is taken to be the clearing's.</summary>
    public static bool Is(string account) => account.Contains('/', StringComparison.Ordinal);

    /// <summary>The settlements of a day.</summary>
    public static string OfDay(DateOnly day) => Prefix + day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>The signatures under a month's statement, <c>YYYY-MM</c>.</summary>
    public static string OfMonth(string month) => Prefix + month;

    /// <summary>The top-ups of a region's prepayment.</summary>
    public static string OfPrepayment(RegionCode region) => PrepaymentPrefix + region;
}
