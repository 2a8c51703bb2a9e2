namespace Gongji.Storage;

/// <summary>
/// Numbers of chains. A ledger that was restored to an earlier moment, or that a server has taken over without the last transactions, knows nothing of
/// the chains opened since. If their numbers were used again, a reader of events whose cursor is of the lost time would take what is written now for
/// what it has read, and skip it. So a number is at least the time at which its chain is opened.
/// </summary>
internal static class ChainNumbers
{
    /// <summary>From here on numbers would only be counted, in 2093.</summary>
    private const long CountedFrom = int.MaxValue - (1 << 20);

    private static readonly DateTimeOffset First = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The least number of a chain that is opened now: seconds since 2025.</summary>
    public static int LeastAt(DateTimeOffset now) => (int)Math.Clamp((now - First).Ticks / TimeSpan.TicksPerSecond, 1, CountedFrom);
}
