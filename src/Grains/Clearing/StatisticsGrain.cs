using Gongji.Grains.Messages;
using Gongji.Ledger;
using Gongji.Storage;

namespace Gongji.Grains;

/// <inheritdoc cref="IStatisticsGrain"/>
[StatelessWorker]
internal sealed class StatisticsGrain(ILedgerStore store) : Grain, IStatisticsGrain
{
    public async Task<Reply<StatisticsView>> GetAsync(DateOnly first, DateOnly last)
    {
        Statistics statistics;
        try
        {
            statistics = Statistics.Of(await store.ReadDeltasAsync(first, last, CancellationToken.None));
        }
        catch (StoreUnavailableException)
        {
            return Reply.Refused<StatisticsView>(Refusals.Unavailable);
        }

        return Reply.Of(new StatisticsView
        {
            Aid = TiersOf(statistics.AidOf),
            Transfers = TiersOf(statistics.TransfersOf),
            WalletsOpened = statistics.WalletsOpened,
            Payments = statistics.Payments.Count,
            PaymentsFen = statistics.Payments.AmountFen,
            Contributions = statistics.Contributions.Count,
            ContributionsFen = statistics.Contributions.AmountFen,
        });
    }

    private static TierSumView[] TiersOf(Func<Tier, DeltaSum> sumOf) =>
        [.. Statistics.AllTiers.Select(tier => new TierSumView(tier, sumOf(tier).Count, sumOf(tier).AmountFen))];
}
