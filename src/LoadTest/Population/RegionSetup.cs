using Gongji.Grains;
using Gongji.Grains.Messages;
using Gongji.Ledger;

namespace Gongji.LoadTest;

/// <summary>Puts the regions of a benchmark live: never closed, with limits that nobody reaches, and a cap on the hot ones.</summary>
internal static class RegionSetup
{
    /// <summary>Caps by region, in fen, in the form that the audit needs.</summary>
    public static IReadOnlyDictionary<RegionCode, long> CapsFen { get; } = new Dictionary<RegionCode, long>
    {
        [Population.HotPayer] = BenchLimits.HotRegionCapFen,
        [Population.HotPayee] = BenchLimits.HotRegionCapFen,
    };

    /// <summary>The rules of a region of the benchmark.</summary>
    public static RegionRules RulesOf(RegionCode region) => new()
    {
        Live = LiveTiers.All,
        MaxTransfersPerDay = Limits.TransfersPerDayMax,
        ClosedFrom = TimeOnly.MinValue,
        ClosedUntil = TimeOnly.MinValue,
        NetDebitCapFen = CapsFen.TryGetValue(region, out long cap) ? cap : null,
    };

    /// <summary>Sets all rules at once: in a cluster, a change is answered only when every silo applies it, which takes a moment.</summary>
    public static Task RunAsync(IGrainFactory grains) => Task.WhenAll(Population.Regions.Select(region => PutAsync(grains, region)));

    private static async Task PutAsync(IGrainFactory grains, RegionCode region)
    {
        PutRegion command = new(RegionCatalogue.Regions[region].Name, RulesRecord.Of(RulesOf(region)));
        Reply<RegionView> reply = await grains.GetGrain<IPoolingRegionGrain>(region.ToString()).PutAsync(command);
        if (reply.IsRefused)
        {
            throw new InvalidOperationException($"Region {region} was refused: {reply.Detail}");
        }
    }
}
