using Gongji.Ledger;

namespace Gongji.Storage.Tests;

/// <summary>Entries that rest on other entries.</summary>
public sealed partial class JournalTests
{
    [Fact]
    public async Task Followers_go_into_the_same_batch()
    {
        _store.Hold();
        Task<AppendOutcome> first = Append(new Book("x"), new Book("x").Register());
        await AttemptsAsync(1);
        Book[] books = [new("a"), new("b"), new("c")];
        AppendTicket ticket = _journal.Ground;
        foreach (Book book in books)
        {
            ticket = _journal.Follow(ticket, book, book.Register());
        }

        _store.Release();
        await AllAsync(AppendOutcome.Durable, first, ticket.Outcome);
        Assert.Equal([["x"], ["a", "b", "c"]], _store.Batches().Select(batch => batch.Entries.Select(entry => entry.Entry.Account).ToArray()));
    }

    [Fact]
    public async Task Follower_of_an_entry_that_is_not_written_is_not_written_either()
    {
        // Another writer has written a. What follows a's entry must fall, and what follows that, and whatever these writers decided later; what one had decided earlier stays.
        _store.WriteElsewhere(new Book("a").Register());
        _store.Hold();
        Task<AppendOutcome> first = Append(new Book("x"), new Book("x").Register());
        await AttemptsAsync(1);
        Book a = new("a");
        Book b = new("b");
        Book c = new("c");
        Book d = new("d");
        AppendTicket stale = _journal.Follow(_journal.Ground, a, a.Register());
        AppendTicket earlier = _journal.Follow(_journal.Ground, c, c.Register());
        AppendTicket second = _journal.Follow(stale, b, b.Register());
        AppendTicket third = _journal.Follow(second, c, c.Credit(1));
        AppendTicket bystander = _journal.Follow(_journal.Ground, d, d.Register());
        _store.Release();
        await AllAsync(AppendOutcome.Stale, stale.Outcome, second.Outcome, third.Outcome);
        await AllAsync(AppendOutcome.Durable, first, bystander.Outcome, earlier.Outcome);
        Assert.All([a, b, c], book => Assert.True(book.Writer.IsPoisoned));
        Assert.Equal(["a", "c", "d", "x"], _store.Entries().Select(entry => entry.Account));
    }

    [Fact]
    public async Task Follower_in_a_later_batch_falls_with_an_entry_of_an_earlier_one()
    {
        _store.WriteElsewhere(new Book("a").Register());
        _store.Hold();
        Book a = new("a");
        Book b = new("b");
        AppendTicket stale = _journal.Follow(_journal.Ground, a, a.Register());
        await AttemptsAsync(1);
        AppendTicket second = _journal.Follow(stale, b, b.Register());
        _store.Release();
        await AllAsync(AppendOutcome.Stale, stale.Outcome, second.Outcome);
        Assert.Single(_store.Entries());

        // It is known to have failed before it is followed.
        Book c = new("c");
        Assert.Equal(AppendOutcome.Stale, await _journal.Follow(stale, c, c.Register()).Outcome);
    }

    [Fact]
    public async Task Entries_of_different_partitions_follow_only_what_is_durable()
    {
        await StartAsync(new JournalOptions { Writer = "test", Partitions = 2 });
        _store.Hold();
        Book a = new("a");
        AppendTicket first = _journal.Follow(_journal.Ground, a, a.Register());
        Book other = Enumerable.Range(0, 100).Select(i => new Book($"p{i}")).First(book => !_journal.CanFollow(book.Writer, first));
        Entry entry = other.Register();
        Assert.Throws<ArgumentException>(() => _journal.TryAppend(other.Writer, entry, first, out AppendTicket? _, out _));
        _store.Release();
        Assert.Equal(AppendOutcome.Durable, await first.Outcome);
        Assert.Equal(AppendOutcome.Durable, await _journal.Follow(first, other, entry).Outcome);
    }
}
