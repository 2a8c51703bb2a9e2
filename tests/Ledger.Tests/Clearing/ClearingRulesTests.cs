using Gongji.Ledger.Audit;
using static Gongji.Ledger.Tests.Given;

namespace Gongji.Ledger.Tests;

public sealed class ClearingRulesTests
{
    private static readonly DateOnly Today = BusinessTime.DayOf(Noon);
    private readonly ClearingAccount _days = new(ClearingAccounts.Days);

    [Fact]
    public void Close_takes_all_days_before_along_and_asked_again_does_nothing()
    {
        Entry entry = Take(_days, ClearingRules.Close(_days, Today, ClearingBasis.Net, Noon));

        Assert.Equal((Leg.Place, EntryKind.DayClosed, Amounts.Zero), (entry.Leg, entry.Kind, entry.Balances));
        Assert.Equal(Today.AddDays(1), ClearingRules.OpenDayOf(_days));
        Assert.Equal(Decision.Nothing, ClearingRules.Close(_days, Today, ClearingBasis.Gross, Noon));
        Assert.Equal(Decision.Nothing, ClearingRules.Close(_days, Today.AddDays(-40), ClearingBasis.Gross, Noon));
        Assert.Equal(ClearingBasis.Net, ClearingRules.BasisOf(_days, Today.AddDays(-40)));
        Assert.Null(ClearingRules.BasisOf(_days, Today.AddDays(1)));
    }

    [Fact]
    public void Close_of_a_day_that_has_not_begun_is_refused()
    {
        AssertRefused(RefusalCode.WrongState, ClearingRules.Close(_days, Today.AddDays(1), ClearingBasis.Gross, At("2026-03-02 23:59:59.999")));
        Take(_days, ClearingRules.Close(_days, Today.AddDays(1), ClearingBasis.Gross, At("2026-03-03 00:00:00")));
    }

    [Fact]
    public void Close_keeps_the_basis_of_days_that_were_closed_before()
    {
        Take(_days, ClearingRules.Close(_days, Today.AddDays(-1), ClearingBasis.Net, Noon));
        Take(_days, ClearingRules.Close(_days, Today, ClearingBasis.Gross, Noon));

        Assert.Equal(ClearingBasis.Net, ClearingRules.BasisOf(_days, Today.AddDays(-1)));
        Assert.Equal(ClearingBasis.Gross, ClearingRules.BasisOf(_days, Today));
    }

    [Theory]
    [InlineData(ClearingBasis.Gross, 1_000)]
    [InlineData(ClearingBasis.Net, 700)]
    public void Settle_takes_parts_up_to_what_is_owed_on_the_days_basis(ClearingBasis basis, long owedFen)
    {
        ClearingAccount settlements = new(ClearingAccounts.OfDay(Today));
        ClearingTable table = ClearingTable.Of([Moved(Suzhou, Zhengzhou, 1_000), Moved(Zhengzhou, Suzhou, 300), Moved(Suzhou, Nanjing, 9)]);

        AssertRefused(RefusalCode.AmountOverLimit, Settle(settlements, basis, table, owedFen + 1));
        Take(settlements, Settle(settlements, basis, table, owedFen - 1));
        AssertRefused(RefusalCode.AmountOverLimit, Settle(settlements, basis, table, 2));
        Take(settlements, Settle(settlements, basis, table, 1));
        AssertRefused(RefusalCode.ClearingClosed, Settle(settlements, basis, table, 1));
        Assert.Equal(0, ClearingRules.OutstandingFen(settlements, table, basis, Suzhou, Zhengzhou));
        Assert.Equal(basis == ClearingBasis.Gross ? 300 : 0, ClearingRules.OutstandingFen(settlements, table, basis, Zhengzhou, Suzhou));
        Assert.Equal(9, ClearingRules.OutstandingFen(settlements, table, basis, Suzhou, Nanjing));
    }

    [Fact]
    public void Settle_of_an_open_day_is_refused() =>
        AssertRefused(RefusalCode.WrongState, Settle(new(ClearingAccounts.OfDay(Today)), null, ClearingTable.Of([Moved(Suzhou, Zhengzhou, 1)]), 1));

    [Fact]
    public void Sign_is_for_provinces_of_a_complete_month_and_once()
    {
        ClearingAccount signatures = new(ClearingAccounts.OfMonth("2026-03"));
        ClearingTable table = ClearingTable.Of([Moved(Suzhou, Zhengzhou, 1_000), Moved(Zhengzhou, Suzhou, 300)]);
        Statement Of(DateOnly openDay) => new("2026-03", [(table, ClearingBasis.Net)], openDay, ClearingBasis.Net, signatures);

        AssertRefused(RefusalCode.WrongState, ClearingRules.Sign(signatures, Of(new(2026, 3, 31)), 32, Noon));
        Statement complete = Of(new(2026, 4, 1));
        AssertRefused(RefusalCode.WrongState, ClearingRules.Sign(signatures, complete, 11, Noon));
        Take(signatures, ClearingRules.Sign(signatures, complete, 32, Noon));
        Assert.Equal(Decision.Nothing, ClearingRules.Sign(signatures, complete, 32, Noon));
        Assert.Empty(complete.Notices);
        Take(signatures, ClearingRules.Sign(signatures, complete, 41, Noon));

        Assert.Equal([new ClearingNotice("2026-03-32-41", 32, 41, 700)], complete.Notices);
    }

    /// <summary>Part of what was paid on the first day is refunded on the second; the third is settled on another basis.</summary>
    [Theory]
    [InlineData(ClearingBasis.Gross)]
    [InlineData(ClearingBasis.Net)]
    public void Notices_say_what_is_to_be_settled_for_the_days_of_the_month(ClearingBasis basis)
    {
        (ClearingTable Table, ClearingBasis Basis)[] days =
        [
            (ClearingTable.Of([Moved(Suzhou, Zhengzhou, 100)]), basis),
            (ClearingTable.Of([Moved(Suzhou, Zhengzhou, -30, Activity.Draw)]), basis),
            (ClearingTable.Of([Moved(Suzhou, Zhengzhou, 50), Moved(Zhengzhou, Suzhou, 20), Moved(Zhengzhou, Nanjing, 7)]), basis == ClearingBasis.Gross ? ClearingBasis.Net : ClearingBasis.Gross),
        ];
        ClearingAccount signatures = new(ClearingAccounts.OfMonth("2026-03"));
        Statement statement = new("2026-03", days, new DateOnly(2026, 4, 1), basis, signatures);
        Take(signatures, ClearingRules.Sign(signatures, statement, 32, Noon));
        Take(signatures, ClearingRules.Sign(signatures, statement, 41, Noon));

        Assert.All([Suzhou, Zhengzhou], debtor => Assert.Equal(
            days.Sum(day => day.Table.DebtsFen(day.Basis).Where(debt => debt.Key == debtor).Sum(debt => debt.Value)),
            statement.Notices.Where(notice => notice.Debtor == debtor.Province).Sum(notice => notice.AmountFen)));
        Assert.Equal((100 + 50, 100 + 50 - 20 - 7), (statement.National[0].GrossFen, statement.National[0].NetFen));
    }

    [Fact]
    public void Statement_of_a_month_without_traffic_needs_no_signature_and_has_no_notices()
    {
        Statement statement = new("2024-02", [], new(2024, 3, 1), ClearingBasis.Gross, new(ClearingAccounts.OfMonth("2024-02")));

        Assert.Equal((true, true, 0), (statement.IsComplete, statement.IsSigned, statement.Notices.Count));
        Assert.Equal(new DateOnly(2024, 2, 29), Statement.LastDayOf("2024-02"));
    }

    [Fact]
    public void Top_up_needs_a_cap_and_stays_in_bounds()
    {
        ClearingAccount topUps = new(ClearingAccounts.OfPrepayment(Suzhou));
        TopUpOrder order = new(Id(1), Suzhou, 2);

        AssertRefused(RefusalCode.WrongState, ClearingRules.TopUp(topUps, order, null, Noon));
        AssertRefused(RefusalCode.AmountOverLimit, ClearingRules.TopUp(topUps, order, Limits.BalanceFenMax - 1, Noon));
        Assert.Equal(Leg.Opening, Take(topUps, ClearingRules.TopUp(topUps, order, Limits.BalanceFenMax - 2, Noon)).Leg);
    }

    /// <summary>For any traffic, the levels of the table are sums of its pairs, net is the difference, and nothing is lost between levels.</summary>
    [Fact]
    public void Table_levels_add_up_to_the_pairs_for_any_traffic()
    {
        RegionCode[] regions = [Suzhou, Nanjing, Zhengzhou, RegionCode.Parse("410300"), RegionCode.Parse("110000")];
        for (int seed = 0; seed < 200; seed++)
        {
            Random random = new(seed);
            KeyValuePair<DeltaKey, DeltaSum>[] deltas =
            [
                .. Enumerable.Range(0, random.Next(40)).Select(_ => Moved(
                    regions[random.Next(5)], regions[random.Next(5)], random.Next(1, 1_000), random.Next(2) == 0 ? Activity.Transfer : Activity.Move)),
            ];
            ClearingTable table = ClearingTable.Of(deltas);
            long crossing = deltas.Where(delta => delta.Key.From != delta.Key.To).Sum(delta => delta.Value.AmountFen);

            Assert.Equal(crossing, table.Pairs.Sum(pair => pair.Sum.AmountFen));
            Assert.Equal(crossing, table.National.Concat(table.Provincial).Sum(level => level.GrossFen));
            Assert.All(table.National, level => Assert.NotEqual(level.From, level.To));
            Assert.All(table.Provincial, level => Assert.Equal(level.From / 10_000, level.To / 10_000));
            foreach (LevelFigure level in table.National)
            {
                long back = table.National.FirstOrDefault(other => other.From == level.To && other.To == level.From).GrossFen;
                Assert.Equal(Math.Max(0, level.GrossFen - back), level.NetFen);
            }

            foreach (RegionCode region in regions)
            {
                long position = deltas.Aggregate(default(RegionPosition), (sum, delta) => sum.Add(region, delta.Key, delta.Value.AmountFen)).NetFen;
                long owed = regions.Sum(other => table.OwedFen(other, region, ClearingBasis.Net) - table.OwedFen(region, other, ClearingBasis.Net));
                Assert.Equal(position, owed);
            }
        }
    }

    /// <summary>Refunds of earlier payments can exceed what a day's payments moved.</summary>
    [Theory]
    [InlineData(100, 30, 100, 30)]
    [InlineData(-100, 0, 0, 100)]
    [InlineData(-100, 30, 0, 130)]
    [InlineData(-100, -30, 30, 100)]
    [InlineData(0, -30, 30, 0)]
    public void Table_owes_the_other_way_round_what_more_went_back_than_came(long thereFen, long backFen, long owedThereFen, long owedBackFen)
    {
        ClearingTable table = ClearingTable.Of([Moved(Suzhou, Zhengzhou, thereFen, Activity.Draw), Moved(Zhengzhou, Suzhou, backFen, Activity.Draw)]);

        Assert.Equal(owedThereFen, table.OwedFen(Suzhou, Zhengzhou, ClearingBasis.Gross));
        Assert.Equal(owedBackFen, table.OwedFen(Zhengzhou, Suzhou, ClearingBasis.Gross));
        Assert.Equal(Math.Max(0, thereFen - backFen), table.OwedFen(Suzhou, Zhengzhou, ClearingBasis.Net));
        Assert.Equal(Math.Max(0, backFen - thereFen), table.OwedFen(Zhengzhou, Suzhou, ClearingBasis.Net));
        Assert.All(table.Pairs, pair => Assert.True(pair.Sum.AmountFen > 0));
    }

    /// <summary>A person without money moves, and a payment is refunded in full: both leave a figure of 0.</summary>
    [Fact]
    public void Figure_of_nothing_makes_no_pair_and_waits_for_no_signature()
    {
        (RegionCode empty, RegionCode other) = (RegionCode.Parse("450100"), RegionCode.Parse("460100"));
        ClearingTable table = ClearingTable.Of(
        [
            Moved(empty, other, 0, Activity.Move), Moved(other, empty, 50, Activity.Draw), Moved(other, empty, -50, Activity.Draw), Moved(Suzhou, Zhengzhou, 900), Moved(Suzhou, Nanjing, 0),
        ]);
        ClearingAccount signatures = new(ClearingAccounts.OfMonth("2026-03"));
        Statement statement = new("2026-03", [(table, ClearingBasis.Gross)], new DateOnly(2026, 4, 1), ClearingBasis.Gross, signatures);

        Assert.Equal([(Suzhou, Zhengzhou)], table.Pairs.Select(pair => (pair.From, pair.To)));
        Assert.Empty(table.Provincial);
        Assert.Equal([32, 41], statement.Provinces);
        AssertRefused(RefusalCode.WrongState, ClearingRules.Sign(signatures, statement, 45, Noon));
        Take(signatures, ClearingRules.Sign(signatures, statement, 32, Noon));
        Take(signatures, ClearingRules.Sign(signatures, statement, 41, Noon));
        Assert.Equal([900L], statement.With(signatures).Notices.Select(notice => notice.AmountFen));
    }

    [Fact]
    public void Settle_pays_what_is_owed_the_other_way_round()
    {
        ClearingAccount settlements = new(ClearingAccounts.OfDay(Today));
        ClearingTable table = ClearingTable.Of([Moved(Zhengzhou, Suzhou, -100, Activity.Draw)]);

        AssertRefused(
            RefusalCode.ClearingClosed,
            ClearingRules.Settle(settlements, ClearingBasis.Gross, table, new SettlementOrder(Guid.NewGuid(), Today, Zhengzhou, Suzhou, 1), Noon));
        AssertRefused(RefusalCode.AmountOverLimit, Settle(settlements, ClearingBasis.Gross, table, 101));
        Take(settlements, Settle(settlements, ClearingBasis.Gross, table, 100));
        AssertRefused(RefusalCode.ClearingClosed, Settle(settlements, ClearingBasis.Gross, table, 1));
    }

    /// <summary>The audit independently derives the same debts for any traffic.</summary>
    [Fact]
    public void Table_with_refunds_owes_nothing_negative_keeps_positions_and_agrees_with_the_audit()
    {
        RegionCode[] regions = [Suzhou, Nanjing, Zhengzhou, RegionCode.Parse("110000")];
        Activity[] activities = [Activity.Transfer, Activity.Move, Activity.Draw, Activity.PharmacyDraw, Activity.ContributionDraw];
        int reversed = 0;
        for (int seed = 0; seed < 200; seed++)
        {
            Random random = new(seed);
            KeyValuePair<DeltaKey, DeltaSum>[] deltas =
            [
                .. Enumerable.Range(0, random.Next(30)).Select(_ => Moved(
                    regions[random.Next(4)], regions[random.Next(4)], random.Next(-1_000, 1_000), activities[random.Next(activities.Length)])),
            ];
            ClearingTable table = ClearingTable.Of(deltas);
            DeltaAuditor auditor = new(new InvariantChecks());
            deltas.ToList().ForEach(delta => auditor.AddStored(delta.Key, delta.Value));

            Assert.All(table.Pairs, pair => Assert.True(pair.Sum.AmountFen >= 0, $"{seed}: {pair}"));
            reversed += deltas.Where(delta => delta.Key.From != delta.Key.To).GroupBy(delta => (delta.Key.From, delta.Key.To)).Count(pair => pair.Sum(delta => delta.Value.AmountFen) < 0);
            foreach (RegionCode region in regions)
            {
                long position = deltas.Aggregate(default(RegionPosition), (sum, delta) => sum.Add(region, delta.Key, delta.Value.AmountFen)).NetFen;
                Assert.Equal(position, regions.Sum(other => table.OwedFen(other, region, ClearingBasis.Net) - table.OwedFen(region, other, ClearingBasis.Net)));
                Assert.Equal(position, regions.Sum(other => table.OwedFen(other, region, ClearingBasis.Gross) - table.OwedFen(region, other, ClearingBasis.Gross)));
                Assert.All(
                    regions.Where(other => other != region),
                    other => Assert.Equal((Int128)table.OwedFen(region, other, ClearingBasis.Gross), auditor.OwedFen(Today, region, other)));
            }
        }

        Assert.True(reversed > 100, $"{reversed} pairs were reversed.");
    }

    [Fact]
    public void Clearing_day_is_the_business_day_or_the_open_day_when_that_is_later()
    {
        Assert.Equal(Today, ClearingDays.DayOf(Noon, ClearingDays.First));
        Assert.Equal(Today, ClearingDays.DayOf(Noon, Today));
        Assert.Equal(Today.AddDays(3), ClearingDays.DayOf(Noon, Today.AddDays(3)));
        Entry closing = Take(_days, ClearingRules.Close(_days, Today, ClearingBasis.Gross, Noon));
        Assert.Equal(Today.AddDays(1), ClearingDays.OpenAfter(ClearingDays.First, [closing]));
        Assert.Equal(Today.AddDays(9), ClearingDays.OpenAfter(Today.AddDays(9), [closing]));
    }

    private static KeyValuePair<DeltaKey, DeltaSum> Moved(RegionCode from, RegionCode to, long fen, Activity activity = Activity.Transfer) =>
        new(new DeltaKey(activity, Tiers.Between(from, to), Today, from, to), new DeltaSum(1, fen));

    private static Decision Settle(ClearingAccount settlements, ClearingBasis? basis, ClearingTable table, long fen) =>
        ClearingRules.Settle(settlements, basis, table, new SettlementOrder(Guid.NewGuid(), Today, Suzhou, Zhengzhou, fen), Noon);

    private static Entry Take(ClearingAccount account, Decision decision)
    {
        Assert.NotNull(decision.Entry);
        account.Apply(decision.Entry);
        return decision.Entry;
    }
}
