using Gongji.Grains.Messages;
using Gongji.Ledger;

namespace Gongji.Grains.Tests;

/// <summary>Some answers have figures that are read after the change was made. When they cannot be read, the answer must not be that nothing was decided.</summary>
public sealed class AnswerAfterChangeTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    private const string Region = "330100";

    [Fact]
    public async Task Rules_that_are_set_are_not_answered_as_undecided_when_the_position_cannot_be_read()
    {
        IPoolingRegionGrain region = silo.Grains.GetGrain<IPoolingRegionGrain>(Region);
        PutRegion put = new("Hangzhou", RulesRecord.Of(new RegionRules { Live = LiveTiers.All, MaxTransfersPerDay = 7 }));

        RefusalCode? code = await WithoutDeltasAsync(() => region.PutAsync(put));

        Assert.Equal((7, RefusalCode.OutcomeUnknown), ((await region.GetRulesAsync()).Value!.MaxTransfersPerDay, code));
    }

    [Fact]
    public async Task Day_that_is_closed_is_not_answered_as_undecided_when_its_figures_cannot_be_read()
    {
        IClearingGrain clearing = silo.Grains.GetGrain<IClearingGrain>(0);
        DateOnly day = new(2024, 11, 30);

        RefusalCode? code = await WithoutDeltasAsync(() => clearing.CloseAsync(day));

        Assert.Equal((true, RefusalCode.OutcomeUnknown), ((await clearing.GetDayAsync(day)).Value!.IsClosed, code));
    }

    /// <summary>The code of a refusal that a command gets while sums of deltas cannot be read.</summary>
    private async Task<RefusalCode?> WithoutDeltasAsync<T>(Func<Task<Reply<T>>> command)
        where T : class
    {
        silo.Unreadable[PartlyUnreadableStore.Deltas] = true;
        try
        {
            return (await command()).Code;
        }
        finally
        {
            silo.Unreadable.Clear();
        }
    }
}
