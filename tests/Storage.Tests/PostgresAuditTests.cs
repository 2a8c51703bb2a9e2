using Gongji.Ledger;
using Gongji.Ledger.Audit;

namespace Gongji.Storage.Tests;

/// <summary>The audit reads the table in parts, and each order by itself: a violation is found wherever it is.</summary>
public sealed class PostgresAuditTests
{
    private const int Accounts = 900;
    private const int PerBatch = 30;

    /// <summary>Every account has a registration, a credit, and a balance that is wrong; so every part of the table has many of them.</summary>
    [Fact]
    public async Task Wrong_balance_of_each_account_is_found()
    {
        PostgresHarness harness = await PostgresHarness.CreateAsync();
        await using ILedgerStore store = await harness.OpenMigratedAsync();
        await FillAsync(store, entry => entry with { Balances = entry.Balances with { PersonalFen = entry.Balances.PersonalFen + 1 } }, batch => batch);
        Assert.True((long)(await harness.ScalarAsync("SELECT pg_relation_size('entries') / 8192"))! > 16);

        AuditReport report = await new LedgerAuditor().RunAsync(store, null, default);

        Assert.Equal(3L * Accounts, report.Entries);
        Assert.Equal((long)Accounts, Of(report, "account-continuity").ViolationCount);
        Assert.StartsWith("account p0000/3: balances", Of(report, "account-continuity").Violations[0], StringComparison.Ordinal);
        Assert.Equal(0, Of(report, "hash-chain").ViolationCount);
    }

    [Fact]
    public async Task Wrong_hash_of_each_batch_is_found()
    {
        PostgresHarness harness = await PostgresHarness.CreateAsync();
        await using ILedgerStore store = await harness.OpenMigratedAsync();
        await FillAsync(store, entry => entry, batch => batch with { Hash = [.. batch.Hash.Reverse()] });

        AuditReport report = await new LedgerAuditor().RunAsync(store, null, default);

        Assert.Equal(Of(report, "hash-chain").Checked, Of(report, "hash-chain").ViolationCount);
        Assert.Equal(Of(report, "hash-chain").ViolationCount, report.ViolationCount);
    }

    /// <summary>What cannot be read at all is a violation of every pass that needs it, not an error of the audit.</summary>
    [Fact]
    public async Task Row_without_a_kind_is_a_violation()
    {
        PostgresHarness harness = await PostgresHarness.CreateAsync();
        await using ILedgerStore store = await harness.OpenMigratedAsync();
        await FillAsync(store, entry => entry, batch => batch);
        Assert.True((await new LedgerAuditor().RunAsync(store, null, default)).IsClean);
        await harness.ExecuteAsync(
            """
            ALTER TABLE entries ALTER COLUMN kind DROP NOT NULL;
            ALTER TABLE entries DISABLE TRIGGER entries_append_only;
            UPDATE entries SET kind = NULL WHERE account = 'p0450' AND version = 2;
            """);

        AuditReport report = await new LedgerAuditor().RunAsync(store, null, default);

        foreach (string name in new[] { "account-continuity", "transfer-outcomes", "hash-chain", "conservation", "region-deltas" })
        {
            Assert.NotEqual(0, Of(report, name).ViolationCount);
        }
    }

    private static InvariantReport Of(AuditReport report, string name) => Assert.Single(report.Invariants, invariant => invariant.Name == name);

    private static async Task FillAsync(ILedgerStore store, Func<Entry, Entry> last, Func<SealedBatch, SealedBatch> change)
    {
        TestChain[] chains = [await TestChain.OpenAsync(store), await TestChain.OpenAsync(store)];
        for (int from = 0; from < Accounts; from += PerBatch)
        {
            TestChain chain = chains[from / PerBatch % chains.Length];
            Book[] books = [.. Enumerable.Range(from, PerBatch).Select(i => new Book($"p{i:D4}"))];
            foreach (Entry[] entries in (Entry[][])[[.. books.Select(book => book.Register())], [.. books.Select(book => book.Credit(100))], [.. books.Select(book => last(book.Credit(5)))]])
            {
                Assert.Equal(CommitStatus.Committed, (await chain.TryAsync(change(chain.Seal(entries)))).Status);
            }
        }
    }
}
