namespace Gongji.Storage.Tests;

/// <summary>Small batches keep apart.</summary>
public sealed partial class JournalTests
{
    [Fact]
    public async Task Small_batch_waits_until_the_one_before_is_long_enough_ago()
    {
        await StartAsync(new JournalOptions { Writer = "test" }, smallBatchIntervalMs: 4);
        Book a = new("a");
        Assert.Equal(AppendOutcome.Durable, await Append(a, a.Register()));

        Task<AppendOutcome> second = Append(a, a.Credit(1));
        await TimersAsync();
        _clock.Advance(TimeSpan.FromMilliseconds(3));
        Assert.Single(_store.Attempts);
        Assert.False(second.IsCompleted);

        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(AppendOutcome.Durable, await second);
    }

    [Fact]
    public async Task Batch_goes_at_once_when_the_one_before_is_long_ago()
    {
        await StartAsync(new JournalOptions { Writer = "test" }, smallBatchIntervalMs: 4);
        Book a = new("a");
        Assert.Equal(AppendOutcome.Durable, await Append(a, a.Register()));
        _clock.Advance(TimeSpan.FromMilliseconds(4));

        Assert.Equal(AppendOutcome.Durable, await Append(a, a.Credit(1)));
    }

    [Fact]
    public async Task Enough_entries_are_not_waited_with()
    {
        await StartAsync(new JournalOptions { Writer = "test", SuccessorEntriesMin = 3 }, smallBatchIntervalMs: 4);
        Book a = new("a");
        Assert.Equal(AppendOutcome.Durable, await Append(a, a.Register()));

        Task<AppendOutcome>[] all = [Append(a, a.Credit(1)), Append(a, a.Credit(1)), Append(a, a.Credit(1))];

        await AllAsync(AppendOutcome.Durable, all);
        Assert.Equal([1, 3], _store.Attempts.Select(batch => batch.Entries.Count));
    }

    [Fact]
    public async Task Whole_batch_is_not_waited_with()
    {
        await StartAsync(new JournalOptions { Writer = "test", BatchEntriesMax = 2 }, smallBatchIntervalMs: 4);
        Book a = new("a");
        Assert.Equal(AppendOutcome.Durable, await Append(a, a.Register()));

        Task<AppendOutcome>[] all = [.. Enumerable.Range(0, 4).Select(_ => Append(a, a.Credit(1)))];

        await AllAsync(AppendOutcome.Durable, all);
        Assert.Equal([1, 2, 2], _store.Attempts.Select(batch => batch.Entries.Count));
    }

    [Fact]
    public async Task Journal_that_stops_waits_for_nothing()
    {
        await StartAsync(new JournalOptions { Writer = "test" }, smallBatchIntervalMs: 4);
        Book a = new("a");
        Assert.Equal(AppendOutcome.Durable, await Append(a, a.Register()));
        Task<AppendOutcome> second = Append(a, a.Credit(1));
        await TimersAsync();

        await _journal.StopAsync(default);

        Assert.Equal(AppendOutcome.Durable, await second);
    }
}
