namespace Gongji.Storage.Tests;

/// <summary>Which entries fall along with a falling entry, and which stay.</summary>
public sealed partial class JournalTests
{
    /// <summary>What was decided before the repeat was decided on a true state, so its callers need not decide again, unlike the caller of the repeat.</summary>
    [Fact]
    public async Task Entries_before_a_repeat_are_durable_and_those_after_it_are_stale()
    {
        Guid known = WriteElsewhere();
        _store.Hold();
        Book a = new("a");
        Task<AppendOutcome>[] appended = [Append(a, a.Register()), Append(a, a.Credit(1)), Append(a, a.Credit(2) with { Operation = known }), Append(a, a.Credit(3))];

        _store.Release();

        Assert.Equal(
            [AppendOutcome.Durable, AppendOutcome.Durable, AppendOutcome.Duplicate, AppendOutcome.Stale], await Task.WhenAll(appended));
        Assert.Equal([1L, 2L], _store.Entries().Where(entry => entry.Account == "a").Select(entry => entry.Version));
        Assert.True(a.Writer.IsPoisoned);
    }

    /// <summary>Otherwise two accounts with the same ids in different orders would make each other's entries fall, and again when both decide anew.</summary>
    [Fact]
    public async Task Repeat_of_an_entry_that_falls_is_no_repeat()
    {
        (Guid one, Guid other) = (Book.Id(1), Book.Id(2));
        _store.Hold();
        Task<AppendOutcome> first = Append(new Book("x"), new Book("x").Register());
        await AttemptsAsync(1);
        Book a = new("a");
        Book b = new("b");
        Task<AppendOutcome>[] appended =
        [
            Append(a, a.Register()), Append(b, b.Register()),
            Append(a, a.Credit(1, one)), Append(b, b.Hold(one, 1)),
            Append(b, b.Hold(other, 1)), Append(a, a.Credit(1, other)),
        ];

        _store.Release();

        Assert.Equal(
            [AppendOutcome.Durable, AppendOutcome.Durable, AppendOutcome.Durable, AppendOutcome.Duplicate, AppendOutcome.Stale, AppendOutcome.Durable],
            await Task.WhenAll(appended));
        Assert.Equal([4, 1], (int[])[_store.Batches()[^1].Entries.Count, _store.Batches()[0].Entries.Count]);
        Assert.False(a.Writer.IsPoisoned);
    }

    /// <summary>Otherwise the next activation could load the account before these entries land, and find an old state.</summary>
    [Fact]
    public async Task What_a_poisoned_writer_has_left_on_its_way_is_seen_by_the_next_one()
    {
        await StartAsync(new JournalOptions { Writer = "test", SuccessorEntriesMin = 1 });
        Guid known = WriteElsewhere();
        Book lost = new("x");
        AppendTicket ground = _journal.Follow(_journal.Ground, lost, lost.Credit(1) with { Operation = known });
        Assert.NotEqual(AppendOutcome.Durable, await ground.Outcome);
        _store.Hold();
        Book a = new("a");
        AppendTicket[] left = [_journal.Follow(_journal.Ground, a, a.Register()), _journal.Follow(_journal.Ground, a, a.Credit(1))];
        AppendTicket fallen = _journal.Follow(ground, a, a.Credit(2));
        Assert.Equal(AppendOutcome.Stale, await fallen.Outcome);

        AppendTicket seen = _journal.LastOf(new AccountWriter("a"));
        Assert.Same(left[^1], seen);
        Assert.Null(seen.Ended);
        Assert.Equal(AppendOutcome.Stale, _journal.LastOf(a.Writer).Ended);
        Assert.Same(_journal.Ground, _journal.LastOf(new AccountWriter("b")));
        _store.Release();

        await AllAsync(AppendOutcome.Durable, [.. left.Select(ticket => ticket.Outcome)]);
        await WaitAsync(() => ReferenceEquals(_journal.LastOf(new AccountWriter("a")), _journal.Ground));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_poisoned_writer_has_left_falls_with_the_store(bool isUnknown)
    {
        await StartAsync(new JournalOptions { Writer = "test", SuccessorEntriesMin = 1 });
        _clock.AutoAdvance = false;
        Book lost = new("x");
        AppendTicket ground = _journal.Follow(_journal.Ground, lost, lost.Credit(1) with { Operation = WriteElsewhere() });
        Assert.NotEqual(AppendOutcome.Durable, await ground.Outcome);
        _store.Hold();
        _store.Next(isUnknown ? Fault.UnknownLate : Fault.Unavailable);
        Book a = new("a");
        AppendTicket[] left = [_journal.Follow(_journal.Ground, a, a.Register()), _journal.Follow(_journal.Ground, a, a.Credit(1))];
        AppendTicket fallen = _journal.Follow(ground, a, a.Credit(2));
        Assert.Equal(AppendOutcome.Stale, await fallen.Outcome);
        _store.Release();
        await TimersAsync();
        _store.IsDown = true;

        await AdvanceUntilAsync(() => left[^1].Ended is not null);

        Assert.Equal(isUnknown ? AppendOutcome.Unknown : AppendOutcome.Unavailable, left[0].Ended);
        Assert.Same(_journal.Ground, _journal.LastOf(new AccountWriter("a")));
    }

    /// <summary>Writes an operation to the ledger from elsewhere, and returns its id.</summary>
    private Guid WriteElsewhere()
    {
        Book elsewhere = new("elsewhere");
        _store.WriteElsewhere(elsewhere.Register(), elsewhere.Credit(7));
        return _store.Entries()[^1].Operation;
    }
}
