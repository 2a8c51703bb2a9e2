using Gongji.Grains.Messages;
using Gongji.Ledger;
using Gongji.Storage;

namespace Gongji.Grains.Tests;

/// <summary>A change of a region's rules is stored, but setting the store's cap fails, so it is answered as failed. A call waiting behind it on the same grain must see it.</summary>
public sealed class RegionInDoubtTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    private const string Region = "320500";

    private IPoolingRegionGrain Grain => silo.Grains.GetGrain<IPoolingRegionGrain>(Region);

    [Fact]
    public async Task Top_up_that_was_stored_does_not_count_again_after_the_change_behind_it()
    {
        Assert.False((await PutAsync(capFen: 0)).IsRefused);
        Task held = silo.Gate.HoldNextAsync(nameof(IEscrowStore.SetCapAsync));
        Task<Reply<TopUpView>> toppedUp = silo.Grains.GetGrain<IClearingGrain>(0).TopUpAsync(new TopUpRegion(Guid.CreateVersion7(), Region, 6_000));
        await held;
        Task<Reply<RegionView>> put = PutAsync(capFen: 10);
        silo.Gate.Fail();
        await toppedUp;
        Assert.False((await put).IsRefused);

        Assert.Equal(10, (await Grain.ApplyTopUpsAsync()).Value!.NetDebitCapFen);
        await silo.AssertAuditAsync();
    }

    private Task<Reply<RegionView>> PutAsync(long? capFen) =>
        Grain.PutAsync(new PutRegion(Region, RulesRecord.Of(RegionRules.Default with { NetDebitCapFen = capFen })));
}
