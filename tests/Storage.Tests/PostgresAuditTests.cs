using Gongji.Ledger;
using Gongji.Ledger.Audit;

namespace Gongji.Storage.Tests;

/// <summary>The audit reads the table in parts, and each order separately: a violation is found wherever it is.</summary>
public sealed class PostgresAuditTests
{
    private const int Accounts = 900;
    private const int PerBatch = 30;

    /// <summary>Every account has a registration, a credit and a wrong balance, so every part of the table has many of them.</summary>
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

    /// <summary>A row that cannot be read at all is a violation for every pass that needs it, not an error of the audit.</summary>
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
            UPDATE entries SET kind = NULL WHERE account = (SELECT number FROM accounts WHERE name = 'p0450') AND version = 2;
            """);

        AuditReport report = await new LedgerAuditor().RunAsync(store, null, default);

        foreach (string name in new[] { "account-continuity", "transfer-outcomes", "hash-chain", "conservation", "region-deltas" })
        {
            Assert.NotEqual(0, Of(report, name).ViolationCount);
        }
    }

    /// <summary>References from one row to another, and from a number to a name, are checked like entries.</summary>
    [Theory]
    [InlineData("UPDATE entries SET answer_version = answer_version + 1 WHERE answer_version IS NOT NULL", "transfer-outcomes")]
    [InlineData("UPDATE entries SET answer_account = NULL, answer_version = NULL", "transfer-outcomes")]
    [InlineData("UPDATE entries SET answers_along = NOT answers_along WHERE leg = 2", "transfer-outcomes")]
    [InlineData("UPDATE entries SET answers_along = true WHERE kind = 10", "transfer-outcomes")]
    [InlineData("UPDATE entries SET answers_along = true WHERE leg = 0", "transfer-outcomes")]
    [InlineData("UPDATE entries SET answers_along = true WHERE leg = 1 AND answer_version IS NOT NULL", "transfer-outcomes")]
    [InlineData("UPDATE entries SET answer_account = 1, answer_version = 1 WHERE kind = 10", "transfer-outcomes")]
    [InlineData("UPDATE entries SET answer_account = 1 WHERE leg = 0", "transfer-outcomes")]
    [InlineData("UPDATE accounts SET name = 'z' WHERE name = 'b'", "account-continuity")]
    [InlineData("DELETE FROM accounts WHERE name = 'b'", "account-continuity")]
    [InlineData("UPDATE entries SET body = '\\x00' || body", "account-continuity")]
    public async Task Row_that_leads_nowhere_is_a_violation(string damage, string invariant)
    {
        PostgresHarness harness = await PostgresHarness.CreateAsync();
        await using ILedgerStore store = await harness.OpenMigratedAsync();
        TestChain chain = await TestChain.OpenAsync(store);
        (Book a, Book b) = (new Book("a"), new Book("b"));
        await chain.CommitAsync(a.Register(), b.Register(), a.Credit(100));
        await chain.CommitAsync(a.Hold(Book.Id(1), 40, "b", auto: true), b.Receive(Book.Id(1), "a", 40), a.Post(Book.Id(1), 40));
        Assert.Equal(1L, await harness.ScalarAsync("SELECT count(*) FROM entries WHERE answers_along"));
        Assert.Equal(0, Of(await new LedgerAuditor().RunAsync(store, null, default), invariant).ViolationCount);

        await harness.ExecuteAsync($"ALTER TABLE entries DISABLE TRIGGER entries_append_only; {damage}; ALTER TABLE entries ENABLE TRIGGER entries_append_only");

        Assert.NotEqual(0, Of(await new LedgerAuditor().RunAsync(store, null, default), invariant).ViolationCount);
    }

    /// <summary>A row that is not in the index of operations has no key, so what it did can be done again.</summary>
    [Fact]
    public async Task Credit_that_was_taken_out_of_the_index_of_operations_and_repeated_is_a_violation_that_names_both()
    {
        PostgresHarness harness = await PostgresHarness.CreateAsync();
        await using ILedgerStore store = await harness.OpenMigratedAsync();
        TestChain chain = await TestChain.OpenAsync(store);
        (Book a, Book b) = (new Book("a"), new Book("b"));
        await chain.CommitAsync(a.Register(), b.Register(), a.Credit(100, Book.Id(1)));
        await harness.ExecuteAsync(
            "ALTER TABLE entries DISABLE TRIGGER entries_append_only; UPDATE entries SET answers_along = true WHERE kind = 10; ALTER TABLE entries ENABLE TRIGGER entries_append_only");
        await chain.CommitAsync(b.Credit(100, Book.Id(1)));

        string texts = string.Join("\n", Of(await new LedgerAuditor().RunAsync(store, null, default), "transfer-outcomes").Violations);

        Assert.Contains("account a/2", texts, StringComparison.Ordinal);
        Assert.Contains("account b/2", texts, StringComparison.Ordinal);
    }

    /// <summary>Many servers end what stands still in a transaction, or takes long; an audit of a large ledger does both.</summary>
    [Fact]
    public async Task Audit_goes_on_where_the_server_ends_idle_transactions_and_long_statements()
    {
        PostgresHarness harness = await PostgresHarness.CreateAsync();
        await using ILedgerStore store = await harness.OpenMigratedAsync();
        await FillAsync(store, entry => entry, batch => batch);
        await using PostgresLedgerStore hurried = PostgresHarness.OpenAt($"{harness.ConnectionString};Options=-c idle_in_transaction_session_timeout=100 -c statement_timeout=300");
        await using ILedgerScan scan = await hurried.OpenScanAsync(default);
        await using IAsyncEnumerator<EscrowCap> caps = scan.CapsAsync(default).GetAsyncEnumerator();
        await harness.ExecuteAsync("SELECT pg_sleep(0.5)");

        Assert.Equal(ClearingDays.First, await scan.OpenDayAsync(default));
        Assert.False(await caps.MoveNextAsync());
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
