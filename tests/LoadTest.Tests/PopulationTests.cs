using System.Globalization;
using Gongji.Ledger;

namespace Gongji.LoadTest.Tests;

public sealed class PopulationTests
{
    [Fact]
    public void Regions_are_31_of_nine_provinces()
    {
        Assert.Equal(31, Population.Regions.Distinct().Count());
        Assert.Equal(9, Population.Regions.Select(region => region.Province).Distinct().Count());
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(1_017)]
    public void Persons_of_a_region_are_in_it_and_all_are_reached(int count)
    {
        Population population = new(count);
        Chance chance = new(3);
        for (int region = 0; region < Population.Regions.Count; region++)
        {
            HashSet<int> seen = [.. Enumerable.Range(0, 2_000).Select(_ => population.AnyOf(region, chance))];
            Assert.Equal(Enumerable.Range(0, count).Where(person => Population.RegionOf(person) == Population.Regions[region]), seen.Order());
        }
    }

    [Fact]
    public void Pairs_are_two_different_persons_of_the_population()
    {
        const int count = 1_000;
        Population population = new(count);
        IPairs[] all = [new UniformPairs(count), new HotPersonPairs(count), new HotRegionPairs(population), new ZipfPairs(count)];
        Chance chance = new(5);
        foreach (IPairs pairs in all)
        {
            for (int i = 0; i < 10_000; i++)
            {
                (int payer, int payee) = pairs.Next(chance);
                Assert.NotEqual(payer, payee);
                Assert.InRange(payer, 0, count - 1);
                Assert.InRange(payee, 0, count - 1);
            }
        }
    }

    [Fact]
    public void Hot_region_pairs_cross_provinces()
    {
        (int payer, int payee) = new HotRegionPairs(new Population(1_000)).Next(new Chance(1));
        Assert.Equal(Tier.CrossProvince, Tiers.Between(Population.RegionOf(payer), Population.RegionOf(payee)));
    }

    [Fact]
    public void Ids_are_version_7_uuids_of_their_moment()
    {
        DateTimeOffset now = DateTimeOffset.FromUnixTimeMilliseconds(1_733_108_400_123);
        Chance chance = new(11);
        HashSet<Guid> ids = [];
        for (int i = 0; i < 10_000; i++)
        {
            Guid id = chance.NextId(now);
            Assert.True(ids.Add(id));
            Assert.Equal(7, id.Version);
            Assert.InRange(id.Variant, 8, 11);
            Assert.StartsWith(now.ToUnixTimeMilliseconds().ToString("x12", CultureInfo.InvariantCulture).Insert(8, "-"), id.ToString(), StringComparison.Ordinal);
        }
    }
}
