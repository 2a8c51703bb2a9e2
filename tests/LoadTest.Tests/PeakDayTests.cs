namespace Gongji.LoadTest.Tests;

public sealed class PeakDayTests
{
    private readonly PeakDay _day = new(peakPerSecond: 1_000, seconds: 240);

    [Fact]
    public void Busiest_hour_has_a_fifth_of_the_day_at_the_rate_that_was_asked_for()
    {
        long[] hours = [.. Enumerable.Range(0, 24).Select(hour => _day.DueBy(10 * (hour + 1)) - _day.DueBy(10 * hour))];

        Assert.Equal(10_000, hours.Max());
        Assert.Equal(0.2, hours.Max() / (double)_day.Total, 3);
        Assert.InRange(hours.Sum(), _day.Total - 1, _day.Total);
    }

    [Fact]
    public void Each_movement_is_due_when_it_counts_as_due()
    {
        double before = 0;
        for (long number = 0; number < _day.Total; number += 97)
        {
            double seconds = _day.SecondsOf(number);
            Assert.True(seconds >= before);
            Assert.InRange(_day.DueBy(seconds + 1e-6), number, number + 1);
            before = seconds;
        }

        Assert.InRange(before, 230, 240);
    }

    [Fact]
    public void After_the_day_nothing_more_is_due() => Assert.Equal(_day.Total, _day.DueBy(500));

    [Fact]
    public void One_region_has_fifteen_of_a_hundred_people_and_all_others_have_some()
    {
        Dictionary<Ledger.RegionCode, int> people = Enumerable.Range(0, 30_000).GroupBy(RemotePeople.RegionOf).ToDictionary(region => region.Key, region => region.Count());

        Assert.Equal(4_500, people[Population.HotPayer]);
        Assert.Equal(Population.Regions.ToHashSet(), people.Keys.ToHashSet());
    }
}
