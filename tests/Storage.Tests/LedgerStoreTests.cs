using Gongji.Ledger;

namespace Gongji.Storage.Tests;

/// <summary>What every store must do in the same way.</summary>
public abstract partial class LedgerStoreTests : IAsyncLifetime
{
    private StoreHarness _harness = null!;
    private ILedgerStore _store = null!;

    protected abstract Task<StoreHarness> CreateHarnessAsync();

    public async Task InitializeAsync()
    {
        _harness = await CreateHarnessAsync();
        _store = await _harness.OpenMigratedAsync();
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        await _harness.DisposeAsync();
    }

    [Fact]
    public async Task Chains_each_opening_get_new_numbers()
    {
        int first = await _store.OpenChainAsync("silo-1", 0, Book.Noon, default);
        int second = await _store.OpenChainAsync("silo-1", 0, Book.Noon, default);
        Assert.True(first > 0 && second > first);
        ChainHead head = await _store.ReadChainHeadAsync(second, default);
        Assert.Equal(0, head.Sequence);
        Assert.Equal(HashChain.Genesis(second), head.Hash);
    }

    /// <summary>Otherwise a cursor of the lost time would stand in the middle of the new chain, and its reader would skip all before that.</summary>
    [Fact]
    public async Task Number_of_a_chain_that_a_restored_ledger_has_lost_is_not_used_again()
    {
        int lost = await _store.OpenChainAsync("silo-1", 0, Book.Noon, default);
        await _harness.ExecuteAsync(ForgetChains);

        Assert.True(await _store.OpenChainAsync("silo-1", 0, Book.Noon.AddSeconds(1), default) > lost);
    }

    [Fact]
    public async Task Chains_that_are_opened_at_one_moment_get_numbers_of_their_own()
    {
        int[] chains = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _store.OpenChainAsync("silo-1", 0, Book.Noon, default)));

        Assert.Equal(20, chains.Distinct().Count());
    }

    /// <summary>SQL after which the store is as if no chain had ever been opened.</summary>
    protected abstract string ForgetChains { get; }

    [Fact]
    public async Task Commit_then_everything_reads_back_as_written()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        Book payer = new("payer");
        Guid transfer = Book.Id(1);
        Entry[] entries = [payer.Register(), payer.Credit(10_000), payer.Hold(transfer, 8_000), new Book("payee").Receive(transfer, "payer", 8_000), payer.Post(transfer, 8_000)];
        await chain.CommitAsync(entries);

        Assert.Equal(entries.Where(entry => entry.Account == "payer"), await _store.ReadEntriesAsync("payer", 0, 100, default));
        Assert.Equal(entries[2..5], await _store.ReadOperationAsync(transfer, default));
        ChainHead head = await _store.ReadChainHeadAsync(chain.Head.Chain, default);
        Assert.Equal((chain.Head.Sequence, Convert.ToHexString(chain.Head.Hash)), (head.Sequence, Convert.ToHexString(head.Hash)));
    }

    [Fact]
    public async Task Several_operations_are_read_at_once_each_by_leg_and_unknown_ones_are_not_there()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        Book payer = new("payer");
        (Guid settled, Guid held, Guid unknown) = (Book.Id(1), Book.Id(2), Book.Id(3));
        Entry[] entries =
            [payer.Register(), payer.Credit(20_000), payer.Hold(settled, 8_000), payer.Hold(held, 100), new Book("payee").Receive(settled, "payer", 8_000), payer.Post(settled, 8_000)];
        await chain.CommitAsync(entries);

        IReadOnlyDictionary<Guid, IReadOnlyList<Entry>> found = await _store.ReadOperationsAsync([unknown, held, settled], default);

        Assert.Equal(2, found.Count);
        Assert.Equal([entries[2], entries[4], entries[5]], found[settled]);
        Assert.Equal([entries[3]], found[held]);
    }

    [Fact]
    public async Task Commit_empty_batch_takes_its_place()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        await chain.CommitAsync();
        Assert.Equal(1, (await _store.ReadChainHeadAsync(chain.Head.Chain, default)).Sequence);
    }

    [Fact]
    public async Task Commit_sent_behind_one_that_is_under_way_comes_after_it_or_not_at_all()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        for (int round = 0; round < 20; round++)
        {
            SealedBatch first = chain.Seal(new Book($"first-{round}").Register());
            TestChain ahead = chain.After(first);
            SealedBatch second = ahead.Seal(new Book($"second-{round}").Register()) with { IsSuccessor = true };
            Task<CommitResult> leading = chain.TryAsync(first);
            CommitResult following = await ahead.TryAsync(second);
            Assert.Equal(CommitStatus.Committed, (await leading).Status);
            if (following.Status != CommitStatus.Committed)
            {
                Assert.Empty(await _store.ReadEntriesAsync($"second-{round}", 0, 10, default));
                Assert.Equal(CommitStatus.Committed, (await ahead.TryAsync(second)).Status);
            }

            chain = ahead;
        }

        Assert.Equal(40, (await _store.ReadChainHeadAsync(chain.Head.Chain, default)).Sequence);
    }

    [Fact]
    public async Task Commit_behind_one_that_was_refused_is_refused()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        await chain.CommitAsync(new Book("a").Register());
        SealedBatch first = chain.Seal(new Book("a").Register());
        Task<CommitResult> leading = chain.TryAsync(first);
        CommitResult following = await chain.After(first).TryAsync(chain.After(first).Seal(new Book("b").Register()) with { IsSuccessor = true });
        Assert.Equal([0], (await leading).StaleAt);
        Assert.True(following.ChainMoved);
        Assert.Empty(await _store.ReadEntriesAsync("b", 0, 10, default));
    }

    [Fact]
    public async Task Commit_existing_version_is_stale_and_writes_nothing()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        await chain.CommitAsync(new Book("a").Register());
        CommitResult result = await chain.TryAsync(new Book("b").Register(), new Book("a").Register());
        Assert.Equal(CommitStatus.Conflict, result.Status);
        Assert.Equal([1], result.StaleAt);
        Assert.Empty(result.DuplicateAt);
        Assert.False(result.ChainMoved);
        Assert.Empty(await _store.ReadEntriesAsync("b", 0, 10, default));
        Assert.Equal(1, (await _store.ReadChainHeadAsync(chain.Head.Chain, default)).Sequence);
    }

    [Fact]
    public async Task Commit_existing_operation_leg_is_duplicate()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        Guid operation = Book.Id(7);
        Book a = new("a");
        await chain.CommitAsync(a.Register(), a.Credit(5, operation));
        Book b = new("b");
        CommitResult result = await chain.TryAsync(b.Register(), b.Credit(5, operation));
        Assert.Equal([1], result.DuplicateAt);
        Assert.Empty(result.StaleAt);
    }

    [Fact]
    public async Task Commit_same_operation_on_another_leg_is_written()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        Book a = new("a");
        Guid transfer = Book.Id(9);
        await chain.CommitAsync(a.Register(), a.Credit(100), a.Hold(transfer, 100));
        await chain.CommitAsync(a.Void(transfer, 100));
        Assert.Equal([Leg.Opening, Leg.Outcome], (await _store.ReadOperationAsync(transfer, default)).Select(entry => entry.Leg));
    }

    [Fact]
    public async Task Commit_missing_previous_version_is_stale()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        Book ahead = new("a", version: 4);
        CommitResult result = await chain.TryAsync(new Book("b").Register(), ahead.Credit(1));
        Assert.Equal([1], result.StaleAt);
    }

    [Fact]
    public async Task Commit_gap_inside_a_batch_is_stale()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        Book a = new("a");
        Entry first = a.Register();
        a.Credit(1);
        CommitResult result = await chain.TryAsync(first, a.Credit(2));
        Assert.Equal([1], result.StaleAt);
    }

    [Fact]
    public async Task Commit_operation_twice_in_a_batch_later_one_is_a_repeat()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        Guid operation = Book.Id(3);
        CommitResult result = await chain.TryAsync(new Book("a").Register(operation), new Book("b").Register(operation));
        Assert.Equal([1], result.RepeatAt);
        Assert.Empty(result.DuplicateAt);
    }

    [Fact]
    public async Task Commit_version_twice_in_a_batch_later_one_is_stale()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        CommitResult result = await chain.TryAsync(new Book("a").Register(), new Book("a").Register());
        Assert.Equal([1], result.StaleAt);
    }

    [Fact]
    public async Task Commit_same_batch_again_says_that_the_chain_moved()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        SealedBatch batch = chain.Seal(new Book("a").Register());
        Assert.Equal(CommitStatus.Committed, (await chain.TryAsync(batch)).Status);
        CommitResult again = await _store.CommitAsync(batch, default);
        Assert.True(again.ChainMoved);
        Assert.Single(await _store.ReadEntriesAsync("a", 0, 10, default));
    }

    [Fact]
    public async Task Commit_without_the_batch_before_is_refused()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        SealedBatch skipped = chain.Seal(new Book("a").Register()) with { Sequence = 2 };
        CommitResult result = await _store.CommitAsync(skipped, default);
        Assert.True(result.ChainMoved);
        Assert.Empty(await _store.ReadEntriesAsync("a", 0, 10, default));
    }

    [Fact]
    public async Task Commit_on_another_previous_hash_is_refused()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        await chain.CommitAsync(new Book("a").Register());
        CommitResult result = await _store.CommitAsync(chain.Seal(new Book("b").Register()) with { PreviousHash = new byte[32] }, default);
        Assert.True(result.ChainMoved);
    }

    [Fact]
    public async Task Commit_large_batch_keeps_order_and_details()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        Book[] books = [.. Enumerable.Range(0, 500).Select(i => new Book($"p{i:D4}"))];
        Entry[] entries = [.. books.Select(book => book.Register()), .. books.Select(book => book.Credit(100)), .. books.Select(book => book.Credit(200)), .. books.Select((book, i) => book.Hold(Book.Id(i), 50))];
        await chain.CommitAsync(entries);
        await using ILedgerScan scan = await _store.OpenScanAsync(default);
        StoredBatch stored = Assert.Single(await scan.ByBatchAsync(default).ToListAsync());
        Assert.Equal(entries, stored.Entries.Select(entry => entry.Entry));
    }

    [Fact]
    public async Task Load_unknown_account_is_empty()
    {
        AccountHistory history = await _store.LoadAccountAsync("nobody", default);
        Assert.Null(history.Snapshot);
        Assert.Equal(0, history.SnapshotVersion);
        Assert.Empty(history.Entries);
    }

    [Fact]
    public async Task Load_with_snapshot_gives_it_and_the_entries_after_it()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        Book a = new("a");
        Entry[] entries = [a.Register(), a.Credit(1), a.Credit(2), a.Credit(3)];
        await chain.CommitAsync(entries);
        await _store.WriteSnapshotsAsync([new AccountSnapshot("a", 2, [1, 2])], default);
        AccountHistory history = await _store.LoadAccountAsync("a", default);
        Assert.Equal(new byte[] { 1, 2 }, history.Snapshot);
        Assert.Equal(2, history.SnapshotVersion);
        Assert.Equal(entries[1], history.AtSnapshot);
        Assert.Equal(entries[2..], history.Entries);
    }

    [Fact]
    public async Task Load_with_a_snapshot_past_the_last_entry_gives_no_entry_of_its_version()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        await chain.CommitAsync(new Book("a").Register());
        await _store.WriteSnapshotsAsync([new AccountSnapshot("a", 2, [1])], default);
        AccountHistory history = await _store.LoadAccountAsync("a", default);
        Assert.Equal(2, history.SnapshotVersion);
        Assert.Null(history.AtSnapshot);
        Assert.Empty(history.Entries);
    }

    [Fact]
    public async Task Load_takes_no_entry_for_a_snapshot()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        Book a = new("a");
        Entry[] entries = [a.Register(), a.Credit(1), a.Register()];
        Assert.Equal(Leg.Place, entries[2].Leg);
        await chain.CommitAsync(entries);
        AccountHistory without = await _store.LoadAccountAsync("a", default);
        Assert.Null(without.Snapshot);
        Assert.Equal(entries, without.Entries);

        await _store.WriteSnapshotsAsync([new AccountSnapshot("a", 1, [1])], default);
        AccountHistory with = await _store.LoadAccountAsync("a", default);
        Assert.Equal(new byte[] { 1 }, with.Snapshot);
        Assert.Equal(1, with.SnapshotVersion);
        Assert.Equal(entries[1..], with.Entries);
    }

    [Fact]
    public async Task Snapshots_older_never_replaces_newer()
    {
        await _store.WriteSnapshotsAsync([new AccountSnapshot("a", 5, [5]), new AccountSnapshot("b", 1, [])], default);
        await _store.WriteSnapshotsAsync([new AccountSnapshot("a", 4, [4]), new AccountSnapshot("b", 2, [2])], default);
        await _store.WriteSnapshotsAsync([new AccountSnapshot("a", 7, [7]), new AccountSnapshot("a", 6, [6])], default);
        Assert.Equal(7, (await _store.LoadAccountAsync("a", default)).SnapshotVersion);
        Assert.Equal(2, (await _store.LoadAccountAsync("b", default)).SnapshotVersion);
    }

    [Fact]
    public async Task ReadEntries_pages_by_version()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        Book a = new("a");
        await chain.CommitAsync([a.Register(), .. Enumerable.Range(0, 9).Select(_ => a.Credit(1))]);
        Assert.Equal([4L, 5L, 6L], (await _store.ReadEntriesAsync("a", 3, 3, default)).Select(entry => entry.Version));
        Assert.Equal([10L], (await _store.ReadEntriesAsync("a", 9, 3, default)).Select(entry => entry.Version));
    }

    [Fact]
    public async Task Deltas_add_up_over_batches_and_chains()
    {
        TestChain one = await TestChain.OpenAsync(_store);
        TestChain two = await TestChain.OpenAsync(_store);
        Book a = new("a");
        Book b = new("b");
        await one.CommitAsync(a.Register(), a.Credit(100));
        await one.CommitAsync(a.Credit(20));
        await two.CommitAsync(b.Register(), b.Credit(3), b.Receive(Book.Id(1), "x", 50));
        DeltaKey credit = new(Activity.Credit, Tier.SameRegion, BusinessTime.DayOf(Book.Noon), RegionCode.Outside, Book.Suzhou);
        DeltaKey transfer = new(Activity.Transfer, Tier.CrossProvince, BusinessTime.DayOf(Book.Noon), Book.Suzhou, Book.Zhengzhou);
        Assert.Equal([new(credit, new DeltaSum(3, 123)), new(transfer, new DeltaSum(1, 50))], await _store.ReadDeltasAsync(null, default));
        Assert.Equal([new(transfer, new DeltaSum(1, 50))], await _store.ReadDeltasAsync(Book.Zhengzhou, default));
        Assert.Equal(2, (await _store.ReadDeltasAsync(Book.Suzhou, default)).Count);
        Assert.Empty(await _store.ReadDeltasAsync(RegionCode.Parse("110100"), default));
    }

    [Fact]
    public async Task GrainState_write_read_and_etags()
    {
        IGrainStateStore state = _store.GrainState;
        Assert.Equal((null, null), await state.ReadAsync("region", "320500", default));
        string? first = await state.WriteAsync("region", "320500", [1], null, default);
        Assert.NotNull(first);
        Assert.Null(await state.WriteAsync("region", "320500", [9], null, default));
        string? second = await state.WriteAsync("region", "320500", [2], first, default);
        Assert.NotNull(second);
        Assert.NotEqual(first, second);
        Assert.Null(await state.WriteAsync("region", "320500", [9], first, default));
        (byte[]? payload, string? etag) = await state.ReadAsync("region", "320500", default);
        Assert.Equal(new byte[] { 2 }, payload);
        Assert.Equal(second, etag);
    }

    [Fact]
    public async Task GrainState_clear_needs_the_etag_and_an_old_one_never_fits_again()
    {
        IGrainStateStore state = _store.GrainState;
        string? first = await state.WriteAsync("n", "k", [], null, default);
        Assert.False(await state.ClearAsync("n", "k", "0", default));
        Assert.False(await state.ClearAsync("n", "k", null, default));
        Assert.True(await state.ClearAsync("n", "k", first, default));
        Assert.True(await state.ClearAsync("n", "k", null, default));
        string? again = await state.WriteAsync("n", "k", [1], null, default);
        Assert.NotEqual(first, again);
        Assert.Null(await state.WriteAsync("n", "k", [2], first, default));
        Assert.Null(await state.WriteAsync("n", "k", [2], "nonsense", default));
    }
}
