using System.Globalization;
using Gongji.Ledger;

namespace Gongji.Grains.Tests;

/// <summary>A silo caches the rules only of regions that exist, however many codes it is asked for.</summary>
public sealed class RegionRulesCacheTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    [Fact]
    public async Task Codes_without_a_region_are_not_kept()
    {
        RegionRulesCache cache = new(silo.Grains, TimeProvider.System);
        for (int code = 980_001; code <= 980_020; code++)
        {
            Assert.Null(await cache.GetAsync(RegionCode.Parse(code.ToString(CultureInfo.InvariantCulture))));
        }

        Assert.NotNull(await cache.GetAsync(RegionCode.Parse("320500")));
        Assert.Equal(1, cache.Count);
    }
}
