using Gongji.Ledger;
using Gongji.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gongji.Storage.Tests;

/// <summary>The journal's state machine against a store with scripted faults, with a clock that jumps.</summary>
public sealed partial class JournalTests : IAsyncLifetime
{
    private readonly ScriptedStore _store = new();
    private readonly FakeClock _clock = new() { AutoAdvance = true };
    private readonly RecordedLog<Journal> _log = new();
    private Journal _journal = null!;

    public Task InitializeAsync() => StartAsync(new JournalOptions { Writer = "test" });

    public async Task DisposeAsync() => await _journal.DisposeAsync();

    [Fact]
    public async Task Append_is_durable_and_in_order()
    {
        Book a = new("a");
        await AllAsync(AppendOutcome.Durable, Append(a, a.Register()), Append(a, a.Credit(1)), Append(a, a.Credit(2)));
        Assert.Equal([1L, 2L, 3L], _store.Entries().Select(entry => entry.Version));
        Assert.True(_journal.IsHealthy);
    }

    [Fact]
    public async Task Entries_that_come_while_a_batch_is_in_flight_form_the_next_one()
    {
        _store.Hold();
        Book[] books = [.. Enumerable.Range(0, 50).Select(i => new Book($"p{i}"))];
        Task<AppendOutcome> first = Append(books[0], books[0].Register());
        await AttemptsAsync(1);
        Task<AppendOutcome>[] rest = [.. books[1..].Select(book => Append(book, book.Register()))];
        _store.Release();
        await AllAsync(AppendOutcome.Durable, [first, .. rest]);
        Assert.Equal([1, 49], _store.Batches().Select(batch => batch.Entries.Count));
    }

    [Fact]
    public async Task Batch_is_bounded()
    {
        await StartAsync(new JournalOptions { Writer = "test", BatchEntriesMax = 10 });
        _store.Hold();
        Book a = new("a");
        Task<AppendOutcome>[] all = [Append(a, a.Register()), .. Enumerable.Range(0, 34).Select(_ => Append(a, a.Credit(1)))];
        _store.Release();
        await AllAsync(AppendOutcome.Durable, all);
        Assert.All(_store.Batches(2), batch => Assert.InRange(batch.Entries.Count, 1, 10));
        Assert.Equal(35, _store.Entries().Count);
    }

    [Fact]
    public async Task Full_queue_refuses_and_takes_again_when_drained()
    {
        await StartAsync(new JournalOptions { Writer = "test", QueueEntriesMax = 3 });
        _store.Hold();
        Book a = new("a");
        Task<AppendOutcome> first = Append(a, a.Register());
        await AttemptsAsync(1);
        Task<AppendOutcome>[] queued = [Append(a, a.Credit(1)), Append(a, a.Credit(1)), Append(a, a.Credit(1))];
        Book b = new("b");
        Entry entry = b.Register();
        Assert.False(_journal.TryAppend(b.Writer, entry, out Task<AppendOutcome> durable, out AppendOutcome refusal));
        Assert.Equal(AppendOutcome.Unavailable, refusal);
        Assert.Equal(AppendOutcome.Unavailable, await durable);
        Assert.False(b.Writer.IsPoisoned);
        _store.Release();
        await AllAsync(AppendOutcome.Durable, [first, .. queued]);
        Assert.Equal(AppendOutcome.Durable, await Append(b, entry));
    }

    [Fact]
    public async Task Stale_entry_is_split_off_and_the_rest_is_durable()
    {
        _store.WriteElsewhere(new Book("a").Register());
        _store.Hold();
        Book a = new("a");
        Book b = new("b");
        Task<AppendOutcome>[] stale = [Append(a, a.Register()), Append(a, a.Credit(1))];
        Task<AppendOutcome> fine = Append(b, b.Register());
        _store.Release();
        await AllAsync(AppendOutcome.Stale, stale);
        Assert.Equal(AppendOutcome.Durable, await fine);
        Assert.True(a.Writer.IsPoisoned);
        Assert.False(b.Writer.IsPoisoned);
        Assert.True(_journal.IsHealthy);
    }

    [Fact]
    public async Task Duplicate_operation_is_told_and_poisons()
    {
        _store.WriteElsewhere(new Book("x").Register(Book.Id(1)));
        Book a = new("a");
        Assert.Equal(AppendOutcome.Duplicate, await Append(a, a.Register(Book.Id(1))));
        Assert.True(a.Writer.IsPoisoned);
        Assert.False(_journal.TryAppend(a.Writer, a.Credit(1), out Task<AppendOutcome> _, out AppendOutcome refusal));
        Assert.Equal(AppendOutcome.Stale, refusal);
    }

    [Fact]
    public async Task Poisoned_writer_nothing_later_of_it_is_ever_written()
    {
        _store.WriteElsewhere(new Book("a").Register());
        _store.Hold();
        Book a = new("a");
        Task<AppendOutcome> first = Append(a, a.Register());
        await AttemptsAsync(1);
        Task<AppendOutcome>[] queued = [Append(a, a.Credit(1)), Append(a, a.Credit(2))];
        _store.Release();
        await AllAsync(AppendOutcome.Stale, [first, .. queued]);
        Assert.Single(_store.Entries());

        // A new activation, with the true state.
        Book again = new("a", version: 1);
        Assert.Equal(AppendOutcome.Durable, await Append(again, again.Credit(5)));
    }

    [Fact]
    public async Task Writer_that_starts_ahead_of_the_ledger_is_stale()
    {
        Book ahead = new("a", version: 3);
        Assert.Equal(AppendOutcome.Stale, await Append(ahead, ahead.Credit(1)));
    }

    [Fact]
    public async Task Predecessor_is_proven_once_per_writer()
    {
        Book a = new("a");
        Assert.Equal(AppendOutcome.Durable, await Append(a, a.Register()));
        Assert.Equal(AppendOutcome.Durable, await Append(a, a.Credit(1)));
        Book again = new("a", version: 2);
        Assert.Equal(AppendOutcome.Durable, await Append(again, again.Credit(1)));
        Assert.Equal([0, 0, 1], _store.Batches().Select(batch => batch.Unproven!.Count));
    }

    [Fact]
    public async Task Append_out_of_order_by_one_writer_is_a_bug()
    {
        Book a = new("a");
        await Append(a, a.Register());
        a.Credit(1);
        Assert.Throws<InvalidOperationException>(() => _journal.TryAppend(a.Writer, a.Credit(1), out Task<AppendOutcome> _, out _));
        Assert.Throws<ArgumentException>(() => _journal.TryAppend(a.Writer, new Book("b").Register(), out Task<AppendOutcome> _, out _));
    }

    [Fact]
    public async Task Unavailable_for_a_moment_is_not_noticed()
    {
        _store.Next(Fault.Unavailable, Fault.VanishingConflict, Fault.Unavailable);
        Book a = new("a");
        Assert.Equal(AppendOutcome.Durable, await Append(a, a.Register()));
        Assert.Equal(4, _store.Attempts.Count);
        Assert.Single(_store.Attempts.Select(attempt => Convert.ToHexString(attempt.Hash)).Distinct());
    }

    [Fact]
    public async Task Unavailable_for_long_refuses_all_and_recovers_by_itself()
    {
        _clock.AutoAdvance = false;
        _store.IsDown = true;
        Book a = new("a");
        Book b = new("b");
        Task<AppendOutcome> inFlight = Append(a, a.Register());
        await AttemptsAsync(1);
        Task<AppendOutcome> queued = Append(b, b.Register());
        await AdvanceUntilAsync(() => inFlight.IsCompleted && queued.IsCompleted);
        await AllAsync(AppendOutcome.Unavailable, inFlight, queued);
        Assert.True(a.Writer.IsPoisoned && b.Writer.IsPoisoned);
        Assert.False(_journal.IsHealthy);
        Book c = new("c");
        Entry entry = c.Register();
        Assert.False(_journal.TryAppend(c.Writer, entry, out _, out AppendOutcome refusal));
        Assert.Equal(AppendOutcome.Unavailable, refusal);

        _store.IsDown = false;
        await AdvanceUntilAsync(() => _journal.IsHealthy);
        Assert.Equal(AppendOutcome.Durable, await Append(c, entry));
        Assert.Equal(["c"], _store.Entries().Select(stored => stored.Account));
    }

    [Theory]
    [InlineData(Fault.UnknownWritten, 1)]
    [InlineData(Fault.UnknownLost, 1)]
    [InlineData(Fault.UnknownLate, 1)]
    [InlineData(Fault.Bug, 1)]
    [InlineData(Fault.OutOfMemory, 1)]
    internal async Task Unknown_outcome_is_resolved_to_durable_and_written_once(Fault fault, int batches)
    {
        _store.Next(fault);
        Book a = new("a");
        Assert.Equal(AppendOutcome.Durable, await Append(a, a.Register()));
        Assert.Equal(AppendOutcome.Durable, await Append(a, a.Credit(1)));
        Assert.Equal(batches + 1, _store.Batches().Count);
        Assert.Equal(0, _store.LandLate());
        AssertChain();
    }

    [Fact]
    public async Task Unknown_outcome_then_conflict_closes_the_place_before_the_rest_is_sent()
    {
        // The first attempt is in flight when another silo writes a's version; the second attempt finds that.
        _store.Next(Fault.UnknownLate);
        _store.Hold();
        Book a = new("a");
        Book b = new("b");
        Task<AppendOutcome> stale = Append(a, a.Register());
        Task<AppendOutcome> fine = Append(b, b.Register());
        _store.WriteElsewhere(new Book("a").Register());
        _store.Release();
        Assert.Equal(AppendOutcome.Stale, await stale);
        Assert.Equal(AppendOutcome.Durable, await fine);
        Assert.Equal(0, _store.LandLate());
        Assert.Contains(_store.Batches(), batch => batch.Entries.Count == 0);
        AssertChain();
    }

    [Theory]
    [InlineData(Fault.UnknownWritten)]
    [InlineData(Fault.UnknownLost)]
    [InlineData(Fault.UnknownLate)]
    internal async Task Unknown_outcome_while_closing_the_place_is_resolved_too(Fault second)
    {
        _store.Next(Fault.UnknownLate, Fault.None, second);
        _store.Hold();
        Book a = new("a");
        Book b = new("b");
        Task<AppendOutcome> stale = Append(a, a.Register());
        Task<AppendOutcome> fine = Append(b, b.Register());
        _store.WriteElsewhere(new Book("a").Register());
        _store.Release();
        Assert.Equal(AppendOutcome.Stale, await stale);
        Assert.Equal(AppendOutcome.Durable, await fine);
        Assert.Equal(0, _store.LandLate());
        AssertChain();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Unknown_outcome_that_cannot_be_resolved_is_told_and_settled_before_anything_else(bool landsMeanwhile)
    {
        _clock.AutoAdvance = false;
        _store.Next(Fault.UnknownLate);
        _store.Hold();
        Book a = new("a");
        Task<AppendOutcome> unknown = Append(a, a.Register());
        await AttemptsAsync(1);
        Book b = new("b");
        Task<AppendOutcome> queued = Append(b, b.Register());
        _store.Release();
        await TimersAsync();
        _store.IsDown = true;
        await AdvanceUntilAsync(() => unknown.IsCompleted);
        Assert.Equal(AppendOutcome.Unknown, await unknown);
        Assert.Equal(AppendOutcome.Unavailable, await queued);
        Assert.True(a.Writer.IsPoisoned && b.Writer.IsPoisoned);

        int landed = landsMeanwhile ? _store.LandLate() : 0;
        _store.IsDown = false;
        await AdvanceUntilAsync(() => _journal.IsHealthy);
        Assert.Equal(0, _store.LandLate());
        Assert.Equal(landed, _store.Entries().Count);
        Book c = new("c");
        Assert.Equal(AppendOutcome.Durable, await Append(c, c.Register()));
        AssertChain();
    }

    [Fact]
    public async Task Store_that_lost_committed_batches_closes_the_journal()
    {
        Book a = new("a");
        await AllAsync(AppendOutcome.Durable, Append(a, a.Register()));
        await AllAsync(AppendOutcome.Durable, Append(a, a.Credit(1)));
        _store.LoseLastBatch();
        Assert.Equal(AppendOutcome.Unavailable, await Append(a, a.Credit(1)));
        Assert.False(_journal.IsHealthy);
        Book b = new("b");
        Assert.False(_journal.TryAppend(b.Writer, b.Register(), out _, out _));
        Assert.Single(_store.Entries());
    }

    [Fact]
    public async Task Stop_drains_what_is_queued_and_refuses_the_rest()
    {
        _store.Hold();
        Book a = new("a");
        Task<AppendOutcome>[] all = [Append(a, a.Register()), .. Enumerable.Range(0, 20).Select(_ => Append(a, a.Credit(1)))];
        Task stopping = _journal.StopAsync(default);
        Book b = new("b");
        Assert.False(_journal.TryAppend(b.Writer, b.Register(), out _, out AppendOutcome refusal));
        Assert.Equal(AppendOutcome.Unavailable, refusal);
        Assert.False(_journal.IsHealthy);
        _store.Release();
        await stopping;
        await AllAsync(AppendOutcome.Durable, all);
    }

    [Fact]
    public async Task Stop_whose_patience_ends_tells_what_it_knows()
    {
        _store.Hold();
        Book a = new("a");
        Task<AppendOutcome> inFlight = Append(a, a.Register());
        await AttemptsAsync(1);
        Book b = new("b");
        Task<AppendOutcome> queued = Append(b, b.Register());
        using CancellationTokenSource patience = new();
        Task stopping = _journal.StopAsync(patience.Token);
        await patience.CancelAsync();
        await stopping;
        Assert.Equal(AppendOutcome.Unknown, await inFlight);
        Assert.Equal(AppendOutcome.Unavailable, await queued);
    }

    [Fact]
    public async Task Start_without_a_store_fails_and_can_be_repeated()
    {
        ScriptedStore store = new() { IsDown = true };
        await using Journal journal = new(store, new JournalOptions { Writer = "test", Partitions = 2 }, _clock, NullLogger<Journal>.Instance);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => journal.StartAsync(default));
        Book a = new("a");
        Entry entry = a.Register();
        Assert.False(journal.TryAppend(a.Writer, entry, out _, out _));
        store.IsDown = false;
        await journal.StartAsync(default);
        Assert.True(journal.TryAppend(a.Writer, entry, out Task<AppendOutcome> durable, out _));
        Assert.Equal(AppendOutcome.Durable, await durable);
    }

    [Fact]
    public async Task Snapshots_newest_per_account_is_written_and_failures_are_survived()
    {
        _store.SnapshotsFail = true;
        _journal.OfferSnapshot(new AccountSnapshot("lost", 1, []));
        await WaitAsync(() => _clock.GetUtcNow() > Book.Noon);
        _store.SnapshotsFail = false;
        _journal.OfferSnapshot(new AccountSnapshot("a", 2, [2]));
        _journal.OfferSnapshot(new AccountSnapshot("a", 1, [1]));
        await WaitAsync(() => _store.Snapshots.Any(snapshot => snapshot.Account == "a"));
        await _journal.StopAsync(default);
        Assert.Equal(2, _store.Snapshots.Where(snapshot => snapshot.Account == "a").Max(snapshot => snapshot.Version));
    }

    [Fact]
    public void Partition_of_an_account_is_the_same_in_every_process()
    {
        Assert.Equal(2_166_202_364u, StableHash.Of(""));
        uint[] buckets = [.. Enumerable.Range(0, 8_000).Select(i => StableHash.Of($"320500{i:D8}") % 4)];
        Assert.All(buckets.GroupBy(bucket => bucket), bucket => Assert.InRange(bucket.Count(), 1_700, 2_300));
    }

    /// <summary>Starts a journal whose small batches do not keep apart, unless the test is about that: the clock stands still here.</summary>
    private async Task StartAsync(JournalOptions options, int smallBatchIntervalMs = 0)
    {
        if (_journal is not null)
        {
            await _journal.DisposeAsync();
        }

        // When the test is about pauses, only the test may end them.
        _clock.AutoAdvance = smallBatchIntervalMs == 0;
        _journal = new Journal(_store, options with { SmallBatchInterval = TimeSpan.FromMilliseconds(smallBatchIntervalMs) }, _clock, _log);
        await _journal.StartAsync(default);
    }

    private Task<AppendOutcome> Append(Book book, Entry entry)
    {
        Assert.True(_journal.TryAppend(book.Writer, entry, out Task<AppendOutcome> durable, out AppendOutcome refusal), refusal.ToString());
        return durable;
    }

    private static async Task AllAsync(AppendOutcome expected, params Task<AppendOutcome>[] outcomes) =>
        Assert.All(await Task.WhenAll(outcomes), outcome => Assert.Equal(expected, outcome));

    private Task AttemptsAsync(int count) => WaitAsync(() => _store.Attempts.Count >= count);

    private Task TimersAsync() => WaitAsync(() => _clock.PendingTimers > 0);

    private Task AdvanceUntilAsync(Func<bool> condition) => WaitAsync(() =>
    {
        _clock.Advance(TimeSpan.FromMilliseconds(100));
        return condition();
    });

    private static async Task WaitAsync(Func<bool> condition)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private void AssertChain(int chain = 1)
    {
        byte[] previous = HashChain.Genesis(chain);
        foreach (SealedBatch batch in _store.Batches(chain))
        {
            Assert.Equal(previous, batch.PreviousHash);
            Assert.Equal(batch.Hash, HashChain.Next(previous, batch.Entries.Select(entry => (entry.Entry, entry.Detail)), batch.OpenDay));
            previous = batch.Hash;
        }
    }
}
