namespace Gongji.LoadTest;

/// <summary>
/// A day of 24 hours, played in less time. Each hour has its own rate, and the busiest has a fifth of the day's movements. The shape is our assumption: no public source gives one.
/// </summary>
/// <param name="peakPerSecond">Movements a second in the busiest hour.</param>
/// <param name="seconds">How long the whole day takes.</param>
internal sealed class PeakDay(double peakPerSecond, double seconds) : IArrivals
{
    /// <summary>Each hour's share of a day's movements, in thousandths.</summary>
    private static readonly int[] Hours = [5, 4, 4, 4, 4, 8, 20, 40, 80, 130, 200, 120, 60, 50, 70, 60, 40, 30, 20, 15, 12, 10, 8, 6];

    private readonly double _hourSeconds = seconds / Hours.Length;
    private readonly double[] _before = Before(peakPerSecond, seconds / Hours.Length);

    /// <summary>The number of movements of the whole day.</summary>
    public long Total => (long)_before[^1];

    public long DueBy(double seconds)
    {
        int hour = Math.Clamp((int)(seconds / _hourSeconds), 0, Hours.Length - 1);
        double into = Math.Clamp(seconds / _hourSeconds - hour, 0, 1);
        return (long)(_before[hour] + into * (_before[hour + 1] - _before[hour]));
    }

    public double SecondsOf(long number)
    {
        int found = Array.BinarySearch(_before, number);
        int hour = Math.Clamp(found >= 0 ? found : ~found - 1, 0, Hours.Length - 1);
        return (hour + (number - _before[hour]) / (_before[hour + 1] - _before[hour])) * _hourSeconds;
    }

    /// <summary>The number of movements before each hour, and after the last.</summary>
    private static double[] Before(double peakPerSecond, double hourSeconds)
    {
        double[] before = new double[Hours.Length + 1];
        for (int hour = 0; hour < Hours.Length; hour++)
        {
            before[hour + 1] = before[hour] + peakPerSecond * hourSeconds * Hours[hour] / Hours.Max();
        }

        return before;
    }
}
