using Gongji.Grains;
using Gongji.Grains.Messages;
using Gongji.Ledger;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;

namespace Gongji.Silo;

/// <summary>With <c>--demo-regions</c>: puts the demo's regions live in every tier, without closed hours.</summary>
internal sealed class DemoRegions(SiloOptions options, IGrainFactory grains, ILogger<DemoRegions> logger) : IHostedService
{
    /// <summary>Suzhou, Nanjing, Zhengzhou, Luoyang.</summary>
    private static readonly string[] Codes = ["320500", "320100", "410100", "410300"];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!options.DemoRegions)
        {
            return;
        }

        RegionRules rules = new() { Live = LiveTiers.All, ClosedFrom = TimeOnly.MinValue, ClosedUntil = TimeOnly.MinValue };
        foreach (string code in Codes)
        {
            string name = RegionCatalogue.Regions[RegionCode.Parse(code)].Name;
            Reply<RegionView> reply = await grains.GetGrain<IPoolingRegionGrain>(code).PutAsync(new PutRegion(name, RulesRecord.Of(rules)));
            if (reply.IsRefused)
            {
                throw new InvalidOperationException($"Demo region {code} was refused: {reply.Detail}");
            }
        }

        logger.DemoRegionsLive(string.Join(", ", Codes));
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
