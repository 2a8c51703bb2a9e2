namespace Gongji.LoadTest.Tests;

public sealed class ZipfTests
{
    private const int Draws = 400_000;

    [Theory]
    [InlineData(100_000, 0.99)]
    [InlineData(1_000, 0.99)]
    [InlineData(1_000, 1.0)]
    [InlineData(50, 0.5)]
    public void Frequencies_follow_the_law(int count, double exponent)
    {
        Zipf zipf = new(count, exponent);
        Chance chance = new(7);
        int[] seen = new int[count];
        for (int i = 0; i < Draws; i++)
        {
            seen[zipf.Next(chance)]++;
        }

        double sum = Enumerable.Range(1, count).Sum(rank => Math.Pow(rank, -exponent));
        int from = 0;
        foreach (int until in new[] { 1, 2, 3, 10, count / 2, count })
        {
            double expected = Draws * Enumerable.Range(from + 1, until - from).Sum(rank => Math.Pow(rank, -exponent)) / sum;

            // Within five standard deviations.
            Assert.InRange(seen.AsSpan(from, until - from).ToArray().Sum(), expected - 5 * Math.Sqrt(expected) - 1, expected + 5 * Math.Sqrt(expected) + 1);
            from = until;
        }
    }

    [Fact]
    public void One_rank_is_always_drawn()
    {
        Zipf zipf = new(1, 0.99);
        Chance chance = new(1);
        Assert.All(Enumerable.Range(0, 100), _ => Assert.Equal(0, zipf.Next(chance)));
    }
}
