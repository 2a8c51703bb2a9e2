using Gongji.Ledger;

namespace Gongji.Storage.Tests;

/// <summary>A hold and its outcome in one batch. A store may keep both in one row, which must be invisible from outside.</summary>
public abstract partial class LedgerStoreTests
{
    private static readonly Guid Settled = Book.Id(31);

    /// <summary>Transfer 31 of a to b is held, received and posted in one batch; then a gets another credit.</summary>
    private async Task<(TestChain Chain, Book A, Book B, Entry[] Entries)> SettleInOneBatchAsync(Func<Book, Entry>? end = null)
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        (Book a, Book b) = (new Book("a"), new Book("b"));
        Entry[] before = [a.Register(), b.Register(), a.Credit(100)];
        await chain.CommitAsync(before);
        Entry[] settled = [a.Hold(Settled, 40, "b", auto: true), b.Receive(Settled, "a", 40), (end ?? (book => book.Post(Settled, 40)))(a)];
        await chain.CommitAsync(settled);
        Entry after = a.Credit(7);
        await chain.CommitAsync(after);
        return (chain, a, b, [.. before, .. settled, after]);
    }

    [Fact]
    public async Task Hold_and_outcome_of_one_batch_read_back_as_they_were_written_in_every_order()
    {
        (_, _, _, Entry[] entries) = await SettleInOneBatchAsync();
        Entry[] ofA = [.. entries.Where(entry => entry.Account == "a")];

        Assert.Equal(ofA, await _store.ReadEntriesAsync("a", 0, 100, default));
        Assert.Equal(ofA, (await _store.LoadAccountAsync("a", default)).Entries);
        Assert.Equal([Leg.Opening, Leg.Answer, Leg.Outcome], (await _store.ReadOperationAsync(Settled, default)).Select(entry => entry.Leg));
        Assert.Empty(await _store.FindUnfinishedAsync(Book.NextReturn, Never, Guid.Empty, 10, default));
        await using ILedgerScan scan = await _store.OpenScanAsync(default);
        Assert.Equal(
            entries.OrderBy(entry => entry.Account, StringComparer.Ordinal).ThenBy(entry => entry.Version),
            (await scan.ByAccountAsync(default).Select(item => item.Entry).ToListAsync()).GroupBy(entry => entry.Account).OrderBy(account => account.Key, StringComparer.Ordinal).SelectMany(account => account));
        Assert.Equal([Leg.Opening, Leg.Answer, Leg.Outcome], (await scan.ByOperationAsync(default).ToListAsync()).Select(entry => entry.Leg));
        Assert.Equal(entries, (await scan.ByBatchAsync(default).ToListAsync()).SelectMany(batch => batch.Entries).Select(entry => entry.Entry));
        Assert.Equal(entries, (await ReadAllAsync(LedgerCursor.Start)).Select(item => item.Entry));
        await Verification.VerifyAsync(_store);
    }

    /// <summary>An outcome with a detail, and pages and snapshots that end between hold and outcome.</summary>
    [Fact]
    public async Task Hold_and_outcome_of_one_batch_can_be_told_apart()
    {
        (_, _, _, Entry[] entries) = await SettleInOneBatchAsync(book => book.Void(Settled, 40));
        Entry[] ofA = [.. entries.Where(entry => entry.Account == "a")];

        for (int after = 0; after <= ofA.Length; after++)
        {
            for (int limit = 0; limit <= ofA.Length; limit++)
            {
                Assert.Equal(ofA.Skip(after).Take(limit), await _store.ReadEntriesAsync("a", after, limit, default));
            }
        }

        for (int version = 1; version <= ofA.Length; version++)
        {
            await _store.WriteSnapshotsAsync([new AccountSnapshot("a", version, [(byte)version])], default);
            AccountHistory history = await _store.LoadAccountAsync("a", default);
            Assert.Equal([(byte)version], history.Snapshot!);
            Assert.Equal(ofA[version - 1], history.AtSnapshot);
            Assert.Equal(ofA.Skip(version), history.Entries);
        }
    }

    [Fact]
    public async Task Entry_after_a_hold_and_outcome_of_one_batch_follows_them()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        Book a = new("a");
        await chain.CommitAsync(a.Register(), a.Credit(100), a.Hold(Settled, 40), a.Post(Settled, 40));

        // What a second activation could write: at the outcome's version, at the hold's, and beyond a gap.
        Assert.Equal([0], (await chain.TryAsync(new Book("a", a.Version - 1, a.Balances).Credit(1))).StaleAt);
        Assert.Equal([0], (await chain.TryAsync(new Book("a", a.Version - 2, a.Balances).Credit(1))).StaleAt);
        Assert.Equal([0], (await chain.TryAsync(new Book("a", a.Version + 1, a.Balances).Credit(1))).StaleAt);
        await chain.CommitAsync(a.Credit(1));
    }

    [Fact]
    public async Task Outcome_of_a_hold_that_has_one_already_is_a_duplicate()
    {
        (TestChain chain, Book a, Book b, _) = await SettleInOneBatchAsync();

        CommitResult result = await chain.TryAsync(a.Void(Settled, 40), b.Credit(1), b.Post(Settled, 1));

        Assert.Equal([0, 2], result.DuplicateAt);
    }

    /// <summary>A later writer of another answer is refused, whichever account it is on, and whether or not the transfer has its outcome.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Answer_to_a_transfer_that_came_with_its_answer_is_a_duplicate(bool hasOutcome)
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        (Book a, Book b, Book c) = (new Book("a"), new Book("b"), new Book("c"));
        await chain.CommitAsync(a.Register(), b.Register(), c.Register(), a.Credit(100));
        Entry[] transfer = [a.Hold(Settled, 40, "b", auto: true), b.Receive(Settled, "a", 40)];
        await chain.CommitAsync(hasOutcome ? [.. transfer, a.Post(Settled, 40)] : transfer);

        Assert.Equal([1], (await chain.TryAsync(a.Credit(1), b.Decline(Settled))).DuplicateAt);
        Assert.Equal([0], (await chain.TryAsync(c.Decline(Settled))).DuplicateAt);
        Assert.Equal([Leg.Opening, Leg.Answer], (await _store.ReadOperationAsync(Settled, default)).Select(entry => entry.Leg).Take(2));
        Assert.Equal(hasOutcome ? 0 : 1, (await _store.FindAnsweredAsync(Book.NextReturn, Guid.Empty, 10, default)).Holds.Count);
    }

    [Fact]
    public async Task Two_answers_in_the_batch_of_their_transfer_are_one_too_many()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        (Book a, Book b, Book c) = (new Book("a"), new Book("b"), new Book("c"));
        await chain.CommitAsync(a.Register(), b.Register(), c.Register(), a.Credit(100));

        Assert.Equal([2], (await chain.TryAsync(a.Hold(Settled, 40, "b", auto: true), b.Receive(Settled, "a", 40), c.Decline(Settled))).RepeatAt);
        Assert.Empty(await _store.ReadOperationAsync(Settled, default));
    }

    [Fact]
    public async Task Transfers_with_and_without_their_answer_in_one_batch_are_read_together()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        (Book a, Book b) = (new Book("a"), new Book("b"));
        await chain.CommitAsync(a.Register(), b.Register(), a.Credit(1_000));
        Guid[] ids = [.. Enumerable.Range(40, 4).Select(i => Book.Id(i))];
        await chain.CommitAsync(a.Hold(ids[0], 1, "b"), a.Hold(ids[1], 2, "b", auto: true), b.Receive(ids[1], "a", 2), a.Hold(ids[2], 3, "b", auto: true), b.Receive(ids[2], "a", 3), a.Post(ids[2], 3));
        await chain.CommitAsync(b.Decline(ids[0]), a.Post(ids[1], 2));

        IReadOnlyDictionary<Guid, IReadOnlyList<Entry>> read = await _store.ReadOperationsAsync(ids, default);

        Assert.Equal(3, read.Count);
        Assert.Equal([EntryKind.Hold, EntryKind.Decline], read[ids[0]].Select(entry => entry.Kind));
        Assert.Equal([EntryKind.Hold, EntryKind.Receive, EntryKind.Post], read[ids[1]].Select(entry => entry.Kind));
        Assert.Equal([EntryKind.Hold, EntryKind.Receive, EntryKind.Post], read[ids[2]].Select(entry => entry.Kind));
        await Verification.VerifyAsync(_store);
    }

    /// <summary>Two holds of one account that end in the same batch, with neither outcome directly behind its hold.</summary>
    [Fact]
    public async Task Holds_and_outcomes_that_are_interleaved_read_back_as_they_were_written()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        Book a = new("a");
        Entry[] entries =
        [
            a.Register(), a.Credit(100), a.Hold(Book.Id(1), 10), a.Hold(Book.Id(2), 20), a.Post(Book.Id(1), 10), a.Void(Book.Id(2), 20),
            a.Hold(Book.Id(3), 5), a.Post(Book.Id(3), 5), a.HoldDraw(Book.Id(4), 0, 6), a.PostDraw(Book.Id(4), 0, 6),
        ];
        await chain.CommitAsync(entries);

        Assert.Equal(entries, await _store.ReadEntriesAsync("a", 0, 100, default));
        Assert.Empty(await _store.FindUnfinishedAsync(Book.NextReturn, Never, Guid.Empty, 10, default));
        await Verification.VerifyAsync(_store);
    }

    /// <summary>A hold before midnight and its outcome after it: each is in the file of its own day.</summary>
    [Fact]
    public async Task Hold_and_outcome_at_different_times_are_each_found_by_their_own()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        foreach (TimeSpan later in (TimeSpan[])[TimeSpan.FromSeconds(1), TimeSpan.FromHours(2)])
        {
            Book book = new($"a-{later.TotalSeconds}");
            Guid id = Guid.NewGuid();
            (Entry opened, Entry ended) = (book.Hold(id, 40, heldAt: Book.Noon), book.Void(id, 40) with { At = Book.Noon + later, Detail = new EndTerms(EndReason.Returned) });
            await chain.CommitAsync(opened, ended);
            await using ILedgerScan scan = await _store.OpenScanAsync(default);

            Assert.Equal([opened], await NamedAsync(scan, id, Book.Noon, Book.Noon.AddMilliseconds(1)));
            Assert.DoesNotContain(opened, await NamedAsync(scan, id, Book.Noon + later, Book.Noon + later + TimeSpan.FromMilliseconds(1)));
        }

        static async Task<List<Entry>> NamedAsync(ILedgerScan scan, Guid operation, DateTimeOffset from, DateTimeOffset until)
        {
            List<Entry> entries = [];
            await foreach ((Entry entry, _) in scan.NamingAsync(Book.Suzhou.ToString(), from, until, default))
            {
                if (entry.Operation == operation)
                {
                    entries.Add(entry);
                }
            }

            return entries;
        }
    }
}
