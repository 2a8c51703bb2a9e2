using Gongji.Grains.Messages;
using Gongji.Ledger;
using Gongji.Silo;
using Gongji.Storage;
using Gongji.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Storage;

namespace Gongji.Grains.Tests;

/// <summary>
/// Another activation of a region's grain changes the rules: one on a silo that was frozen and declared dead, and that runs on for a moment. It writes the state, and the operator
/// reads its answer, but nothing notifies the activation that everybody else asks.
/// </summary>
public sealed class RegionChangedElsewhereTests : IAsyncLifetime
{
    private const string Region = "320500";

    private readonly string _folder = Directory.CreateTempSubdirectory("gongji-regions-").FullName;
    private readonly FakeClock _time = new() { AutoAdvance = true };
    private IHost? _host;

    public async Task InitializeAsync()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.AddGongjiSilo(new SiloOptions { DataDirectory = _folder });
        builder.Services.AddSingleton(new RulesPropagation(isClustered: true, _time));
        _host = builder.Build();
        await _host.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _host!.StopAsync();
        _host.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Are_told_a_moment_later_and_their_cap_is_set()
    {
        await PutAsync(maxTransferFen: 1_000);
        await ChangeElsewhereAsync(maxTransferFen: 2_000, capFen: 77);

        Assert.Equal(1_000, (await Grain.GetRulesAsync()).Value!.MaxTransferFen);
        _time.Advance(RulesPropagation.StateFreshFor);

        Assert.Equal(2_000, (await Grain.GetRulesAsync()).Value!.MaxTransferFen);
        Assert.Equal(77, (await Grain.GetAsync()).Value!.Rules.NetDebitCapFen);
        await using ILedgerScan scan = await Service<ILedgerStore>().OpenScanAsync(CancellationToken.None);
        EscrowCap cap = await scan.CapsAsync(CancellationToken.None).SingleAsync();
        Assert.Equal((RegionCode.Parse(Region), 77), (cap.Region, cap.CapFen));
    }

    [Fact]
    public async Task Are_the_ones_that_a_change_here_follows()
    {
        await PutAsync(maxTransferFen: 1_000);
        await ChangeElsewhereAsync(maxTransferFen: 2_000, capFen: null);
        _time.Advance(RulesPropagation.StateFreshFor);

        await PutAsync(maxTransferFen: 3_000);

        Assert.Equal(3_000, (await Grain.GetRulesAsync()).Value!.MaxTransferFen);
    }

    [Fact]
    public async Task Are_what_the_answer_to_a_change_waits_for()
    {
        await PutAsync(maxTransferFen: 1_000);
        long before = _time.GetTimestamp();

        await PutAsync(maxTransferFen: 2_000);

        Assert.True(_time.GetElapsedTime(before) >= RegionRulesCache.FreshFor + RulesPropagation.StateFreshFor);
    }

    private IPoolingRegionGrain Grain => Service<IGrainFactory>().GetGrain<IPoolingRegionGrain>(Region);

    private T Service<T>()
        where T : notnull => _host!.Services.GetRequiredService<T>();

    private async Task PutAsync(long maxTransferFen)
    {
        Reply<RegionView> put = await Grain.PutAsync(new PutRegion(Region, RulesRecord.Of(RegionRules.Default with { MaxTransferFen = maxTransferFen })));
        Assert.False(put.IsRefused, put.Detail);
    }

    /// <summary>Changes the rules as that other activation would.</summary>
    private async Task ChangeElsewhereAsync(long maxTransferFen, long? capFen)
    {
        IGrainStorage storage = _host!.Services.GetRequiredKeyedService<IGrainStorage>(GrainStorage.Regions);
        GrainState<RegionRecord> state = new();
        await storage.ReadStateAsync("rules", Grain.GetGrainId(), state);
        state.State = new RegionRecord
        {
            Name = state.State!.Name,
            Rules = state.State.Rules with { MaxTransferFen = maxTransferFen, NetDebitCapFen = capFen },
            Revision = state.State.Revision + 1,
        };
        await storage.WriteStateAsync("rules", Grain.GetGrainId(), state);
    }
}
