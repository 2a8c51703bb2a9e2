using Gongji.Ledger.Audit;
using static Gongji.Ledger.Tests.Given;

namespace Gongji.Ledger.Tests;

/// <summary>The audit of a ledger whose days are closed and settled: clean, and violated for each kind of damage.</summary>
public sealed class ClearingAuditTests
{
    private const string Clearing = "clearing";
    private static readonly DateOnly Day = BusinessTime.DayOf(Noon);

    [Fact]
    public void Audit_of_a_cleared_ledger_is_clean()
    {
        AuditReport report = LedgerImage.Of([.. Story.Entries, .. Cleared()]).Audit();

        Assert.Empty(report.Invariants.SelectMany(invariant => invariant.Violations));
        Assert.Equal(Story.Entries.Count + Cleared().Count, report.Entries);
    }

    [Fact]
    public void Audit_finds_more_settled_than_was_owed() => AssertViolated(Clearing, Change<SettlementTerms>(terms => terms with { AmountFen = terms.AmountFen + 1 }));

    [Fact]
    public void Audit_finds_a_settlement_of_an_open_day() => AssertViolated(Clearing, [.. Cleared().Where(entry => entry.Kind != EntryKind.DayClosed)]);

    [Fact]
    public void Audit_finds_a_settlement_on_another_days_account() => AssertViolated(Clearing, Change<SettlementTerms>(terms => terms with { Day = Day.AddDays(-1) }));

    [Fact]
    public void Audit_finds_days_closed_out_of_order() => AssertViolated(Clearing, Change<DayClosing>(terms => terms with { Day = Day.AddDays(9).AddDays(-terms.Day.Day) }));

    [Fact]
    public void Audit_finds_a_day_closed_before_it_began() =>
        AssertViolated(Clearing, [.. Cleared().Select(entry => entry.Detail is DayClosing { Day.Day: 31 } ? entry with { Detail = new DayClosing(new DateOnly(2026, 4, 3), ClearingBasis.Gross) } : entry)]);

    [Fact]
    public void Audit_finds_a_province_that_signs_twice() => AssertViolated(Clearing, Change<StatementSignature>(terms => terms with { Province = 32 }));

    [Fact]
    public void Audit_finds_a_top_up_on_another_regions_account() => AssertViolated(Clearing, Change<TopUpTerms>(terms => terms with { Region = Nanjing }));

    [Fact]
    public void Audit_finds_a_gap_in_an_account_of_the_clearing() =>
        AssertViolated("account-continuity", [.. Cleared().Where(entry => entry.Detail is not DayClosing { Day: var day } || day != Day)]);

    [Fact]
    public void Audit_finds_money_on_an_account_of_the_clearing() => AssertViolated(
        "pockets", [.. Cleared().Select(entry => entry.Kind == EntryKind.ToppedUp ? entry with { Balances = new Amounts(1, 0, 0, 0) } : entry)]);

    [Fact]
    public void Audit_finds_an_open_day_that_was_changed()
    {
        LedgerImage image = LedgerImage.Of([.. Story.Entries, .. Cleared()]);
        int index = image.Batches.FindLastIndex(batch => batch.OpenDay != default);
        image.Batches[index] = image.Batches[index] with { OpenDay = Day };

        AuditReport report = image.Audit();

        Assert.Contains(report.Invariants, invariant => invariant is { Name: "hash-chain", ViolationCount: > 0 });
        Assert.Contains(report.Invariants, invariant => invariant is { Name: Clearing, ViolationCount: > 0 });
    }

    [Fact]
    public void Audit_finds_an_open_day_that_the_closings_do_not_give()
    {
        LedgerImage image = LedgerImage.Of([.. Story.Entries, .. Cleared()]);
        Assert.Equal(new DateOnly(2026, 4, 1), image.OpenDay);
        foreach (DateOnly? wrong in (DateOnly?[])[Day, new(2026, 4, 2), ClearingDays.First, null])
        {
            image.OpenDay = wrong;
            InvariantReport report = Assert.Single(image.Audit().Invariants, invariant => invariant.ViolationCount > 0);
            Assert.Contains("2026-04-01 was expected", Assert.Single(report.Violations), StringComparison.Ordinal);
        }
    }

    /// <summary>Across chains this is found along an account, and wherever the order of writing is known.</summary>
    [Fact]
    public void Audit_finds_what_counts_on_a_day_that_was_closed_before()
    {
        InvariantChecks checks = new();
        AccountAuditor accounts = new(checks);
        Entry[] daughter = [.. Story.Entries.Where(entry => entry.Account == "daughter").Take(4)];
        Assert.Equal([EntryKind.Registered, EntryKind.Credit, EntryKind.Credit, EntryKind.WalletOpened], daughter.Select(entry => entry.Kind));
        foreach ((Entry entry, DateOnly openDay) in daughter.Zip([Day.AddDays(1), Day, Day.AddDays(1), Day]))
        {
            accounts.Add(entry, openDay);
        }

        Assert.Equal(["account daughter/2", "account daughter/4"], checks.Clearing.ToReport().Violations.Select(text => text.Split(':')[0]));
    }

    [Fact]
    public void Audit_finds_a_batch_for_a_day_that_was_closed_when_it_was_written()
    {
        foreach ((Entry entry, long expected) in new[] { (Story.Entries.First(entry => entry.Kind == EntryKind.Registered), 0L), (Story.Entries.First(entry => entry.Kind == EntryKind.Credit), 1L) })
        {
            InvariantChecks checks = new();
            (Entry, byte[]?)[] entries = [(entry, null)];
            byte[] hash = HashChain.Genesis(1);
            new ChainAuditor(checks).Add(1, 1, hash, HashChain.Next(hash, entries, Day), 1, entries, Day, Day.AddDays(1));
            Assert.Equal((0, expected), (checks.HashChain.ViolationCount, checks.Clearing.ViolationCount));
        }
    }

    [Fact]
    public void Audit_finds_an_open_day_that_goes_back()
    {
        InvariantChecks checks = new();
        ChainAuditor auditor = new(checks);
        byte[] hash = HashChain.Genesis(1);
        foreach ((long sequence, DateOnly openDay) in new[] { (1L, Day), (2L, Day), (3L, Day.AddDays(-1)) })
        {
            (Entry, byte[]?)[] entries = [(Story.Entries[0], null)];
            byte[] next = HashChain.Next(hash, entries, openDay);
            auditor.Add(1, sequence, hash, next, 1, entries, openDay);
            hash = next;
        }

        Assert.Equal((0, 1), (checks.HashChain.ViolationCount, checks.Clearing.ViolationCount));
    }

    private static void AssertViolated(string name, IReadOnlyList<Entry> clearing)
    {
        AuditReport report = LedgerImage.Of([.. Story.Entries, .. clearing]).Audit();
        string[] violated = [.. report.Invariants.Where(invariant => invariant.ViolationCount > 0).Select(invariant => invariant.Name)];
        Assert.Contains(name, violated);
    }

    private static List<Entry> Change<T>(Func<T, T> change)
        where T : EntryDetail => [.. Cleared().Select(entry => entry.Detail is T detail ? entry with { Detail = change(detail) } : entry)];

    /// <summary>Both days of the story closed; what daughter's region owes father's for the first day settled in two parts; the month signed.</summary>
    private static List<Entry> Cleared()
    {
        DateTimeOffset now = At("2026-04-02 09:00:00");
        ClearingAccount days = new(ClearingAccounts.Days);
        ClearingAccount settlements = new(ClearingAccounts.OfDay(Day));
        ClearingAccount signatures = new(ClearingAccounts.OfMonth("2026-03"));
        ClearingAccount topUps = new(ClearingAccounts.OfPrepayment(Suzhou));
        ClearingTable table = ClearingTable.Of(Deltas.Aggregate(Story.Entries));
        long owed = table.OwedFen(Suzhou, Zhengzhou, ClearingBasis.Gross);
        List<Entry> all = [];
        void Take(ClearingAccount account, Decision decision)
        {
            account.Apply(decision.Entry!);
            all.Add(decision.Entry!);
        }

        Take(days, ClearingRules.Close(days, Day, ClearingBasis.Gross, now));
        Take(days, ClearingRules.Close(days, new DateOnly(2026, 3, 31), ClearingBasis.Gross, now));
        Take(settlements, ClearingRules.Settle(settlements, ClearingBasis.Gross, table, new(Id(801), Day, Suzhou, Zhengzhou, owed - 1), now));
        Take(settlements, ClearingRules.Settle(settlements, ClearingBasis.Gross, table, new(Id(802), Day, Suzhou, Zhengzhou, 1), now));
        Statement statement = new("2026-03", [(table, ClearingBasis.Gross)], new(2026, 4, 1), ClearingBasis.Gross, signatures);
        Take(signatures, ClearingRules.Sign(signatures, statement, 32, now));
        Take(signatures, ClearingRules.Sign(signatures, statement, 41, now));
        Take(topUps, ClearingRules.TopUp(topUps, new(Id(803), Suzhou, 5), 100, now));
        return all;
    }
}
