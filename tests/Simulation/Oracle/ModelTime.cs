namespace Gongji.Simulation.Oracle;

/// <summary>Business days and hours as the model computes them itself, in whole milliseconds since 1970.</summary>
internal static class ModelTime
{
    public const long DayMs = 86_400_000;
    private const long ShanghaiMs = 8 * 3_600_000;
    private const long ReturnMs = 6 * 3_600_000;

    public static int DayOf(long atMs) => (int)((atMs + ShanghaiMs) / DayMs);

    public static int MinuteOf(long atMs) => (int)((atMs + ShanghaiMs) % DayMs / 60_000);

    /// <summary>The next 06:00 after a moment.</summary>
    public static long NextReturn(long atMs)
    {
        long local = atMs + ShanghaiMs;
        long today = local - local % DayMs + ReturnMs;
        return (local < today ? today : today + DayMs) - ShanghaiMs;
    }

    public static bool IsClosed(long atMs, int from, int until)
    {
        int minute = MinuteOf(atMs);
        return from <= until ? minute >= from && minute < until : minute >= from || minute < until;
    }

    /// <summary>Whether transfers are closed at any moment of a period.</summary>
    public static bool IsClosedWithin(long fromMs, long untilMs, int from, int until)
    {
        if (from == until)
        {
            return false;
        }

        if (IsClosed(fromMs, from, until) || IsClosed(untilMs, from, until))
        {
            return true;
        }

        long local = fromMs + ShanghaiMs;
        long closing = local - local % DayMs + from * 60_000L;
        closing = closing < local ? closing + DayMs : closing;
        return closing <= untilMs + ShanghaiMs;
    }
}
