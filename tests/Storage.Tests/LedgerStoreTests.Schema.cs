using Gongji.Ledger;
using Gongji.Ledger.Audit;

namespace Gongji.Storage.Tests;

public abstract partial class LedgerStoreTests
{
    [Fact]
    public async Task Migrate_again_changes_nothing()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        await chain.CommitAsync(new Book("a").Register());
        await _store.MigrateAsync(default);
        Assert.Single(await _store.ReadEntriesAsync("a", 0, 10, default));
    }

    [Fact]
    public async Task Migrate_altered_migration_is_refused()
    {
        await _harness.ExecuteAsync("UPDATE schema_migrations SET checksum = 'other' WHERE number = 1");
        MigrationException exception = await Assert.ThrowsAsync<MigrationException>(() => _store.MigrateAsync(default));
        Assert.Contains("never edited", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrate_newer_store_is_refused()
    {
        await _harness.ExecuteAsync("UPDATE schema_migrations SET number = 9999 WHERE number = 1");
        MigrationException exception = await Assert.ThrowsAsync<MigrationException>(() => _store.MigrateAsync(default));
        Assert.Contains("newer", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_schema_of_this_program_is_quiet() => await _store.VerifySchemaAsync(default);

    [Theory]
    [InlineData("UPDATE schema_migrations SET checksum = 'other' WHERE number = 1", "never edited")]
    [InlineData("UPDATE schema_migrations SET number = 9999 WHERE number = 1", "newer")]
    [InlineData("DELETE FROM schema_migrations WHERE number = (SELECT max(number) FROM schema_migrations)", "Start this program on it once")]
    [InlineData("DELETE FROM schema_migrations", "no ledger of Gongji")]
    [InlineData("DROP TABLE schema_migrations", "no ledger of Gongji")]
    [InlineData("ALTER TABLE schema_migrations RENAME COLUMN checksum TO sum", "no ledger of Gongji")]
    public async Task Verify_schema_that_is_another_says_what_to_do(string sql, string says)
    {
        await _harness.ExecuteAsync(sql);

        MigrationException exception = await Assert.ThrowsAsync<MigrationException>(() => _store.VerifySchemaAsync(default));

        Assert.Contains(says, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_schema_of_an_empty_database_changes_nothing()
    {
        await using StoreHarness harness = await CreateHarnessAsync();
        await harness.ExecuteAsync("CREATE TABLE somebody_else (id INTEGER)");
        await using ILedgerStore store = harness.Open();

        await Assert.ThrowsAsync<MigrationException>(() => store.VerifySchemaAsync(default));

        await Assert.ThrowsAnyAsync<Exception>(() => harness.ExecuteAsync("SELECT * FROM schema_migrations"));
    }

    [Theory]
    [InlineData("UPDATE entries SET version = version + 100")]
    [InlineData("DELETE FROM entries")]
    [InlineData("UPDATE batches SET entry_count = 0")]
    [InlineData("DELETE FROM batches")]
    public async Task Ledger_changed_by_hand_is_refused(string sql)
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        await chain.CommitAsync(new Book("a").Register());
        Exception exception = await Assert.ThrowsAnyAsync<Exception>(() => _harness.ExecuteAsync(sql));
        Assert.Contains("append-only", exception.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await _store.ReadEntriesAsync("a", 0, 10, default)).Single().Version);
    }

    [Fact]
    public async Task Scan_orders_and_hash_chain_are_right()
    {
        TestChain one = await TestChain.OpenAsync(_store);
        TestChain two = await TestChain.OpenAsync(_store);
        Book[] books = [.. Enumerable.Range(0, 40).Select(i => new Book($"p{i * 7 % 40:D2}"))];
        await one.CommitAsync([.. books[..20].Select(book => book.Register())]);
        await two.CommitAsync([.. books[20..].Select(book => book.Register())]);
        await one.CommitAsync([.. books[..20].SelectMany(book => new[] { book.Credit(100), book.Credit(5) })]);
        await two.CommitAsync();
        await two.CommitAsync([.. books[20..].Select((book, i) => book.Receive(Book.Id(i), "x", 5))]);
        await one.CommitAsync([.. books[..20].Select((book, i) => book.Hold(Book.Id(i), 5))]);

        await using ILedgerScan scan = await _store.OpenScanAsync(default);
        List<Entry> byAccount = await scan.ByAccountAsync(default).Select(item => item.Entry).ToListAsync();
        Assert.Equal(120, byAccount.Count);
        Assert.Equal(40, byAccount.Index().Count(item => item.Index == 0 || byAccount[item.Index - 1].Account != item.Item.Account));
        Assert.All(byAccount.GroupBy(entry => entry.Account), entries => Assert.Equal(Enumerable.Range(1, entries.Count()), entries.Select(entry => (int)entry.Version)));
        List<Entry> byOperation = await scan.ByOperationAsync(default).ToListAsync();
        Assert.Equal(40, byOperation.Count);
        Assert.Equal(byOperation.OrderBy(entry => entry.Operation).ThenBy(entry => entry.Leg), byOperation);
        Assert.Equal(20, (await scan.HoldsAsync(default).ToListAsync()).Count);
        Assert.Equal(await _store.ReadDeltasAsync(null, default), await scan.DeltasAsync(default).ToListAsync());
        List<StoredBatch> batches = await scan.ByBatchAsync(default).ToListAsync();
        Assert.Equal([(one.Head.Chain, 1), (one.Head.Chain, 2), (one.Head.Chain, 3), (two.Head.Chain, 1), (two.Head.Chain, 2), (two.Head.Chain, 3)], batches.Select(batch => (batch.Chain, (int)batch.Sequence)));
        await Verification.VerifyAsync(_store);
    }

    [Fact]
    public async Task Scan_sees_one_moment()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        Book a = new("a");
        await chain.CommitAsync(a.Register());
        await using ILedgerScan scan = await _store.OpenScanAsync(default);
        await chain.CommitAsync(a.Credit(1));
        Assert.Single(await scan.ByAccountAsync(default).ToListAsync());
        Assert.Single(await scan.ByBatchAsync(default).ToListAsync());
        await using ILedgerScan later = await _store.OpenScanAsync(default);
        Assert.Equal(2, (await later.ByAccountAsync(default).ToListAsync()).Count);
    }

    [Fact]
    public async Task Scan_streams_can_be_interleaved()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        Book a = new("a");
        await chain.CommitAsync([a.Register(), .. Enumerable.Range(0, 1_200).Select(_ => a.Credit(1))]);
        await using ILedgerScan scan = await _store.OpenScanAsync(default);
        await using IAsyncEnumerator<(Entry, DateOnly)> one = scan.ByAccountAsync(default).GetAsyncEnumerator();
        await using IAsyncEnumerator<(Entry, DateOnly)> two = scan.ByAccountAsync(default).GetAsyncEnumerator();
        int rows = 0;
        while (await one.MoveNextAsync() && await two.MoveNextAsync())
        {
            Assert.Equal(one.Current, two.Current);
            rows++;
        }

        Assert.Equal(1_201, rows);
    }

    [Fact]
    public async Task Scan_shows_entries_that_belong_to_no_batch()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        await chain.CommitAsync(new Book("a").Register());
        await _harness.ExecuteAsync(ForgeEntry);
        await using ILedgerScan scan = await _store.OpenScanAsync(default);
        List<StoredBatch> batches = await scan.ByBatchAsync(default).ToListAsync();
        StoredBatch forged = Assert.Single(batches, batch => !batch.IsThere);
        Assert.Equal("forged", Assert.Single(forged.Entries).Entry.Account);
        Assert.Equal("account forged/1 is in no batch.", Assert.Single(await ViolationsAsync("hash-chain")));
    }

    /// <summary>The order of accounts differs from that of their names, and some have no snapshot, or a snapshot but no entry.</summary>
    [Fact]
    public async Task Audit_compares_each_snapshot_with_the_entries()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        Book[] books = [.. Enumerable.Range(0, 9).Select(i => new Book($"p{i * 5 % 9}"))];
        Entry[][] entries = [.. books.Select(book => (Entry[])[book.Register(), book.Credit(100), book.Credit(1)])];
        await chain.CommitAsync([.. entries.SelectMany(each => each)]);
        await _store.WriteSnapshotsAsync([.. entries.Where((_, i) => i % 2 == 0).Select(each => SnapshotOf(each[..2]))], default);
        InvariantReport sound = Snapshots(await new LedgerAuditor().RunAsync(_store, null, default));

        AccountSnapshot[] wrong =
        [
            SnapshotOf(entries[4], snapshot => snapshot with { Balances = snapshot.Balances + new Amounts(1, 0, 0, 0) }),
            SnapshotOf(entries[6], snapshot => snapshot with { Version = 8 }),
            SnapshotOf(entries[0]) with { Account = "a-nobody" },
        ];
        await _store.WriteSnapshotsAsync(wrong, default);
        InvariantReport report = Snapshots(await new LedgerAuditor().RunAsync(_store, null, default));

        Assert.Equal((9, 0), (sound.Checked, sound.ViolationCount));
        Assert.Equal((10, 3), (report.Checked, report.ViolationCount));
        Assert.All(wrong, each => Assert.Contains(report.Violations, text => text.StartsWith($"snapshot of {each.Account}/{each.Version}: ", StringComparison.Ordinal)));
    }

    private static InvariantReport Snapshots(AuditReport report) => Assert.Single(report.Invariants, invariant => invariant.Name == "snapshots");

    private static AccountSnapshot SnapshotOf(Entry[] entries, Func<PersonSnapshot, PersonSnapshot>? change = null)
    {
        PersonState state = new(entries[0].Account);
        foreach (Entry entry in entries)
        {
            state.Apply(entry);
        }

        PersonSnapshot snapshot = change is null ? state.ToSnapshot() : change(state.ToSnapshot());
        return new AccountSnapshot(state.Person, snapshot.Version, snapshot.Encode());
    }

    /// <summary>SQL that inserts an entry of account "forged" past the store, with kind 23 and no detail.</summary>
    protected abstract string ForgeEntry { get; }
}
