namespace Gongji.Storage.Tests;

public sealed class SqliteLedgerStoreTests : LedgerStoreTests
{
    protected override string ForgeEntry =>
        "INSERT INTO entries VALUES (999, 'forged', 1, x'00000000000000000000000000000001', 3, 23, 0, 0, 0, 0, 0, 0, 0, 0, 0, NULL)";

    protected override Task<StoreHarness> CreateHarnessAsync() => Task.FromResult<StoreHarness>(new SqliteHarness());
}

/// <summary>What only the embedded store has.</summary>
public sealed class SqliteOnlyTests
{
    [Fact]
    public async Task Open_directory_in_use_is_refused()
    {
        await using SqliteHarness harness = new();
        harness.Open();
        StoreUnavailableException exception = Assert.Throws<StoreUnavailableException>(() => harness.Open(readOnly: false));
        Assert.Contains("in use by another process", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_again_after_closing_finds_everything()
    {
        await using SqliteHarness harness = new();
        ILedgerStore store = await harness.OpenMigratedAsync();
        TestChain chain = await TestChain.OpenAsync(store);
        await chain.CommitAsync(new Book("a").Register());
        await harness.CloseAsync();
        Assert.False(File.Exists(Path.Combine(harness.DataDirectory, "ledger.db-wal")));
        ILedgerStore again = await harness.OpenMigratedAsync();
        Assert.Single(await again.ReadEntriesAsync("a", 0, 10, default));
        TestChain next = await TestChain.OpenAsync(again);
        Assert.True(next.Head.Chain > chain.Head.Chain);
        await next.CommitAsync(new Book("b").Register());
        await Verification.VerifyAsync(again);
    }

    [Fact]
    public async Task ReadOnly_beside_a_writer_reads_and_refuses_to_write()
    {
        await using SqliteHarness harness = new();
        ILedgerStore store = await harness.OpenMigratedAsync();
        TestChain chain = await TestChain.OpenAsync(store);
        await chain.CommitAsync(new Book("a").Register());
        await using SqliteLedgerStore reader = harness.Open(readOnly: true);
        Assert.Single(await Verification.VerifyAsync(reader));
        await Assert.ThrowsAsync<InvalidOperationException>(() => reader.OpenChainAsync("x", 0, Book.Noon, default));
    }

    [Fact]
    public async Task ReadOnly_without_a_ledger_says_so()
    {
        await using SqliteHarness harness = new();
        Assert.Throws<StoreUnavailableException>(() => harness.Open(readOnly: true));
    }

    [Fact]
    public async Task Commit_that_fails_half_way_writes_nothing()
    {
        await using SqliteHarness harness = new();
        ILedgerStore store = await harness.OpenMigratedAsync();
        TestChain chain = await TestChain.OpenAsync(store);

        // Stands in for a full disk in the middle of a batch.
        await chain.CommitAsync(new Book("a").Register());
        await harness.ExecuteAsync("CREATE TRIGGER full_disk BEFORE INSERT ON entries WHEN NEW.account = 'big' BEGIN SELECT RAISE(FAIL, 'refused by a test'); END");
        await Assert.ThrowsAsync<StoreUnavailableException>(() => chain.TryAsync(new Book("b").Register(), new Book("big").Register()));
        Assert.Empty(await store.ReadEntriesAsync("b", 0, 10, default));
        await chain.CommitAsync(new Book("b").Register());
        await Verification.VerifyAsync(store);
    }
}
