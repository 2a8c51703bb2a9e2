using System.Numerics;

namespace Gongji.LoadTest;

/// <summary>
/// Counts latencies in microseconds, log-linear like HdrHistogram: three significant digits at every magnitude, up to 19 hours, in a fixed 221 KB.
/// Recording is thread-safe and lock-free.
/// </summary>
internal sealed class LatencyHistogram
{
    /// <summary>Values below this are counted exactly; above it, a bucket is at most a thousandth of its values wide.</summary>
    private const int SubBuckets = 2_048;

    private const int HalfBits = 10;
    private const int MagnitudeMax = 26;
    private const long ValueMax = ((long)SubBuckets << MagnitudeMax) - 1;

    private readonly long[] _counts = new long[SubBuckets + MagnitudeMax * (SubBuckets / 2)];
    private long _max;

    /// <summary>The number of values recorded.</summary>
    public long Count
    {
        get
        {
            long count = 0;
            for (int i = 0; i < _counts.Length; i++)
            {
                count += Volatile.Read(ref _counts[i]);
            }

            return count;
        }
    }

    /// <summary>The largest value, exactly; 0 when there is none.</summary>
    public long MaxUs => Interlocked.Read(ref _max);

    /// <summary>Records a value. A negative one counts as 0, and one over 19 hours as 19 hours.</summary>
    public void Record(long valueUs)
    {
        long value = Math.Clamp(valueUs, 0, ValueMax);
        Interlocked.Increment(ref _counts[IndexOf(value)]);
        Raise(value);
    }

    /// <summary>Adds the counts of another histogram.</summary>
    public void Add(LatencyHistogram other)
    {
        for (int i = 0; i < _counts.Length; i++)
        {
            Interlocked.Add(ref _counts[i], Volatile.Read(ref other._counts[i]));
        }

        Raise(other.MaxUs);
    }

    /// <summary>The value that a share of all values, e.g. 0.99, does not exceed; 0 when there is none.</summary>
    public long PercentileUs(double share)
    {
        long wanted = Math.Max(1, (long)Math.Ceiling(Count * share));
        long seen = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            seen += Volatile.Read(ref _counts[i]);
            if (seen >= wanted)
            {
                return Math.Min(HighestOf(i), MaxUs);
            }
        }

        return MaxUs;
    }

    private void Raise(long value)
    {
        long max = Interlocked.Read(ref _max);
        while (value > max)
        {
            long seen = Interlocked.CompareExchange(ref _max, value, max);
            if (seen == max)
            {
                return;
            }

            max = seen;
        }
    }

    private static int IndexOf(long value)
    {
        if (value < SubBuckets)
        {
            return (int)value;
        }

        // The highest 11 bits are kept: of magnitude m, values are counted in steps of 2^m.
        int magnitude = BitOperations.Log2((ulong)value) - HalfBits;
        return SubBuckets + (magnitude - 1) * (SubBuckets / 2) + (int)(value >> magnitude) - SubBuckets / 2;
    }

    private static long HighestOf(int index)
    {
        if (index < SubBuckets)
        {
            return index;
        }

        int magnitude = (index - SubBuckets) / (SubBuckets / 2) + 1;
        long kept = (index - SubBuckets) % (SubBuckets / 2) + SubBuckets / 2;
        return ((kept + 1) << magnitude) - 1;
    }
}
