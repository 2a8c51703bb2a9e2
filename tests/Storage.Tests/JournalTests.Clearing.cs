using Gongji.Ledger;

namespace Gongji.Storage.Tests;

/// <summary>Days that are closed while batches are on their way.</summary>
public sealed partial class JournalTests
{
    private static readonly DateOnly Today = BusinessTime.DayOf(Book.Noon);
    private static readonly DateOnly Tomorrow = Today.AddDays(1);

    [Fact]
    public async Task Day_closed_elsewhere_has_the_batch_sealed_again_for_the_open_day()
    {
        Book a = new("a");
        await AllAsync(AppendOutcome.Durable, Append(a, a.Register()), Append(a, a.Credit(1)));
        _store.OpenDay = Tomorrow;

        await AllAsync(AppendOutcome.Durable, Append(a, a.Credit(2)), Append(a, a.Credit(3)));

        Assert.False(a.Writer.IsPoisoned);
        Assert.Equal([Today, Tomorrow], Days().Distinct());
        int attempts = _store.Attempts.Count;
        await AllAsync(AppendOutcome.Durable, Append(a, a.Credit(4)));
        Assert.Equal(attempts + 1, _store.Attempts.Count);
        AssertChain();
    }

    [Fact]
    public async Task Day_closed_by_this_journal_is_known_to_it_at_once()
    {
        Book days = new(ClearingAccounts.Days);
        Book a = new("a");
        await AllAsync(AppendOutcome.Durable, Append(days, days.CloseDay(Today)));

        await AllAsync(AppendOutcome.Durable, Append(a, a.Register()), Append(a, a.Credit(1)));

        Assert.Equal(Tomorrow, _store.OpenDay);
        Assert.All(_store.Attempts, batch => Assert.Equal(Tomorrow, batch.OpenDay));
        Assert.Equal([Tomorrow], Days().Distinct());
    }

    [Fact]
    public async Task Partition_that_opens_after_a_closing_knows_the_open_day()
    {
        _store.OpenDay = Tomorrow;
        await StartAsync(new JournalOptions { Writer = "test" });
        Book a = new("a");

        await AllAsync(AppendOutcome.Durable, Append(a, a.Register()), Append(a, a.Credit(1)));

        Assert.All(_store.Attempts, batch => Assert.Equal(Tomorrow, batch.OpenDay));
    }

    /// <summary>The doubtful batch is still on its way when the day is closed: only it or an empty batch may take its place in the chain.</summary>
    [Fact]
    public async Task Day_closed_while_a_batch_is_in_doubt_closes_the_doubt_first()
    {
        Book a = new("a");
        await AllAsync(AppendOutcome.Durable, Append(a, a.Register()));
        _store.Next(Fault.UnknownLate);
        _store.Hold();
        Task<AppendOutcome> credit = Append(a, a.Credit(5));
        await AttemptsAsync(2);
        _store.OpenDay = Tomorrow;
        _store.Release();

        await AllAsync(AppendOutcome.Durable, credit);

        Assert.Equal(0, _store.LandLate());
        Assert.Equal([1, 0, 1], _store.Batches().Select(batch => batch.Entries.Count));
        Assert.Equal([Tomorrow], Days().Distinct());
        AssertChain();
    }

    /// <summary>The batch had landed before the day was closed: it counts on its own day, and only once.</summary>
    [Fact]
    public async Task Day_closed_after_a_doubtful_batch_landed_leaves_it_where_it_is()
    {
        Book a = new("a");
        await AllAsync(AppendOutcome.Durable, Append(a, a.Register()));
        _store.Next(Fault.UnknownWritten);
        _store.Hold();
        Task<AppendOutcome> credit = Append(a, a.Credit(5));
        await AttemptsAsync(2);
        _store.Release();
        await AttemptsAsync(3);
        _store.OpenDay = Tomorrow;

        await AllAsync(AppendOutcome.Durable, credit);

        Assert.Equal([Today], Days().Distinct());
        Assert.Single(_store.Entries(), entry => entry.Kind == EntryKind.Credit);
        AssertChain();
    }

    /// <summary>The days that the deltas of durable batches count on.</summary>
    private IEnumerable<DateOnly> Days() => _store.Batches().SelectMany(batch => batch.Deltas).Select(delta => delta.Key.Day);
}
