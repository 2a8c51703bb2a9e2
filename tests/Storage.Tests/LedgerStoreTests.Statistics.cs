using Gongji.Ledger;

namespace Gongji.Storage.Tests;

public abstract partial class LedgerStoreTests
{
    private static readonly RegionCode Nanjing = RegionCode.Parse("320100");

    /// <summary>
    /// A tenth of a month's traffic as at the end of 2025: about 8,200 transfers a day, 42 % of them cross-province, with a mean of 669 yuan;
    /// a wallet opened for every fifth. The expected table is summed separately, without the ledger's code.
    /// </summary>
    [Fact]
    public async Task Statistics_of_a_month_of_traffic_are_right_to_the_fen()
    {
        const int days = 30;
        const int perDay = 820;
        Random random = new(20251201);
        TestChain chain = await TestChain.OpenAsync(_store);
        Dictionary<(int Day, Tier Tier), (long Count, long Fen)> expected = [];
        long wallets = 0;
        for (int day = 0; day < days; day++)
        {
            List<Entry> entries = [];
            for (int i = 0; i < perDay; i++)
            {
                Tier tier = random.Next(100) switch { < 42 => Tier.CrossProvince, < 60 => Tier.InProvince, _ => Tier.SameRegion };
                RegionCode to = tier switch { Tier.CrossProvince => Book.Zhengzhou, Tier.InProvince => Nanjing, _ => Book.Suzhou };
                long fen = random.Next(1, 2 * 66_900);
                DateTimeOffset at = Book.Noon.AddDays(day);
                string payee = FormattableString.Invariant($"m{day}-{i}");
                entries.Add(Between(Book.Suzhou, to, payee, fen) with { At = at });
                (long count, long sum) = expected.GetValueOrDefault((day, tier));
                expected[(day, tier)] = (count + 1, sum + fen);
                if (i % 5 == 0)
                {
                    wallets += day < 10 ? 1 : 0;
                    entries.Add(new Book("w" + payee).Register(Next()) with { Kind = EntryKind.WalletOpened, Detail = new WalletTerms(to, true), At = at });
                }
            }

            await chain.CommitAsync([.. entries]);
        }

        DateOnly first = BusinessTime.DayOf(Book.Noon);
        Statistics whole = Statistics.Of(await _store.ReadDeltasAsync(first, first.AddDays(days - 1), default));
        Statistics tenDays = Statistics.Of(await _store.ReadDeltasAsync(first, first.AddDays(9), default));
        Statistics oneDay = Statistics.Of(await _store.ReadDeltasAsync(first.AddDays(17), first.AddDays(17), default));

        foreach (Tier tier in Statistics.AllTiers)
        {
            Assert.Equal(SumOf(tier, 0, days), whole.TransfersOf(tier));
            Assert.Equal(SumOf(tier, 0, 10), tenDays.TransfersOf(tier));
            Assert.Equal(SumOf(tier, 17, 18), oneDay.TransfersOf(tier));
        }

        Assert.Equal(days * perDay, whole.Transfers.Count);
        Assert.Equal(wallets, tenDays.WalletsOpened);
        Assert.Equal(0, Statistics.Of(await _store.ReadDeltasAsync(first.AddDays(days), first.AddDays(400), default)).Transfers.Count);

        DeltaSum SumOf(Tier tier, int from, int until) => expected.Where(sum => sum.Key.Tier == tier && sum.Key.Day >= from && sum.Key.Day < until)
            .Aggregate(default(DeltaSum), (sum, one) => new DeltaSum(sum.Count + one.Value.Count, sum.AmountFen + one.Value.Fen));
    }
}
