namespace Gongji.LoadTest.Tests;

public sealed class LatencyHistogramTests
{
    private static readonly double[] Shares = [0.001, 0.25, 0.5, 0.9, 0.99, 0.999, 1];

    [Theory]
    [InlineData(1, 2_047)]
    [InlineData(2, 100_000)]
    [InlineData(3, 60_000_000)]
    [InlineData(4, 4_000_000_000)]
    public void Percentiles_agree_with_sorting_to_three_digits(ulong seed, long most)
    {
        LatencyHistogram histogram = new();
        Chance chance = new(seed);
        long[] values = new long[20_000];
        for (int i = 0; i < values.Length; i++)
        {
            // Spread over all magnitudes, as latencies are.
            values[i] = (long)Math.Pow(most, chance.NextShare());
            histogram.Record(values[i]);
        }

        Array.Sort(values);
        Assert.Equal(values.Length, histogram.Count);
        Assert.Equal(values[^1], histogram.MaxUs);
        foreach (double share in Shares)
        {
            long exact = values[(int)Math.Ceiling(values.Length * share) - 1];
            Assert.InRange(histogram.PercentileUs(share), exact, exact + exact / 1_000);
        }
    }

    [Fact]
    public void Every_value_is_found_again_within_a_thousandth()
    {
        for (long value = 0; value < 137_000_000_000; value += 1 + value / 3)
        {
            LatencyHistogram histogram = new();
            histogram.Record(value);
            histogram.Record(137_000_000_000);
            Assert.InRange(histogram.PercentileUs(0.5), value, value + value / 1_000);
        }
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(long.MaxValue, (2_048L << 26) - 1)]
    public void Values_outside_are_counted_at_the_ends(long value, long expected)
    {
        LatencyHistogram histogram = new();
        histogram.Record(value);
        Assert.Equal(expected, histogram.PercentileUs(0.99));
    }

    [Fact]
    public void Without_values_everything_is_zero()
    {
        LatencyHistogram histogram = new();
        Assert.Equal((0, 0, 0), (histogram.Count, histogram.MaxUs, histogram.PercentileUs(0.99)));
    }

    [Fact]
    public void What_another_one_counted_is_added()
    {
        LatencyHistogram one = new();
        LatencyHistogram other = new();
        one.Record(5);
        other.Record(5);
        other.Record(3_000_000);
        one.Add(other);
        Assert.Equal((3, 3_000_000, 5), (one.Count, one.MaxUs, one.PercentileUs(0.5)));
    }

    [Fact]
    public void Recording_from_many_threads_loses_nothing()
    {
        LatencyHistogram histogram = new();
        Parallel.For(0, 8, thread =>
        {
            for (int i = 0; i < 10_000; i++)
            {
                histogram.Record(i * 8 + thread);
            }
        });
        Assert.Equal((80_000, 79_999), (histogram.Count, histogram.MaxUs));
    }
}
