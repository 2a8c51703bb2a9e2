using Gongji.Grains;
using Gongji.Grains.Messages;
using Gongji.Ledger;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;

namespace Gongji.Silo;

/// <summary>With <c>--demo-regions</c>: puts demo regions whose rules were never set live in every tier, without closed hours. What an operator set stays, at every start.</summary>
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

        List<string> live = [];
        List<string> left = [];
        RulesRecord rules = RulesRecord.Of(new RegionRules { Live = LiveTiers.All, ClosedFrom = TimeOnly.MinValue, ClosedUntil = TimeOnly.MinValue });
        foreach (string code in Codes)
        {
            string name = RegionCatalogue.Regions[RegionCode.Parse(code)].Name;
            Reply<RegionView> reply = await grains.GetGrain<IPoolingRegionGrain>(code).PutFirstAsync(new PutRegion(name, rules));
            if (reply.IsRefused)
            {
                throw new InvalidOperationException($"Demo region {code} was refused: {reply.Detail}");
            }

            (reply.Value.Rules == rules ? live : left).Add(code);
        }

        if (live.Count > 0)
        {
            logger.DemoRegionsLive(string.Join(", ", live));
        }

        if (left.Count > 0)
        {
            logger.DemoRegionsLeft(string.Join(", ", left));
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
