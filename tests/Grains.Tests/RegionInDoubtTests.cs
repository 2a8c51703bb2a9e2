using Gongji.Grains.Messages;
using Gongji.Ledger;
using Gongji.Silo;
using Gongji.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;

namespace Gongji.Grains.Tests;

/// <summary>A change of a region's rules that is stored, but not followed by the store's cap: it is answered as failed. What waits behind it on the same grain must know of it.</summary>
public sealed class RegionInDoubtTests : IAsyncLifetime
{
    private static readonly RegionCode Region = RegionCode.Parse("320500");

    private readonly string _folder = Directory.CreateTempSubdirectory("gongji-doubt-").FullName;
    private EscrowGate? _gate;
    private IHost? _host;

    private IPoolingRegionGrain Grain => Service<IGrainFactory>().GetGrain<IPoolingRegionGrain>(Region.ToString());

    public async Task InitializeAsync()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.AddGongjiSilo(new SiloOptions { DataDirectory = _folder, ClockStart = SiloFixture.Morning });
        ServiceDescriptor store = builder.Services.Single(service => service.ServiceType == typeof(ILedgerStore));
        builder.Services.Remove(store);
        builder.Services.AddSingleton(provider => (_gate = EscrowGate.Around((ILedgerStore)store.ImplementationFactory!(provider))).Store);
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
    public async Task Top_up_that_was_stored_does_not_count_again_after_the_change_behind_it()
    {
        Assert.False((await PutAsync(capFen: 0)).IsRefused);
        Task held = _gate!.HoldNextAsync(nameof(IEscrowStore.SetCapAsync));
        Task<Reply<TopUpView>> toppedUp = Service<IGrainFactory>().GetGrain<IClearingGrain>(0).TopUpAsync(new TopUpRegion(Guid.CreateVersion7(), Region.ToString(), 6_000));
        await held;
        Task<Reply<RegionView>> put = PutAsync(capFen: 10);
        _gate.Fail();
        await toppedUp;
        Assert.False((await put).IsRefused);

        Assert.Equal(10, (await Grain.ApplyTopUpsAsync()).Value!.NetDebitCapFen);
    }

    private Task<Reply<RegionView>> PutAsync(long? capFen) =>
        Grain.PutAsync(new PutRegion(Region.ToString(), RulesRecord.Of(RegionRules.Default with { NetDebitCapFen = capFen })));

    private T Service<T>()
        where T : notnull => _host!.Services.GetRequiredService<T>();
}
