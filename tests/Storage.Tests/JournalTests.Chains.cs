namespace Gongji.Storage.Tests;

/// <summary>A chain that has reached its limit of batches is replaced by a new one.</summary>
public sealed partial class JournalTests
{
    [Fact]
    public async Task Chain_that_is_full_gives_way_to_another_one()
    {
        await StartAsync(new JournalOptions { Writer = "test", BatchesPerChain = 2 });
        Book a = new("a");
        Assert.Equal((2, AppendOutcome.Durable), (_journal.ChainOf("a"), await Append(a, a.Register())));
        for (int n = 0; n < 4; n++)
        {
            Assert.Equal(AppendOutcome.Durable, await Append(a, a.Credit(1)));
        }

        Assert.Equal([2, 2, 1], [_store.Batches(2).Count, _store.Batches(3).Count, _store.Batches(4).Count]);
        Assert.Equal([1L, 2L, 3L, 4L, 5L], _store.Entries().Select(entry => entry.Version));
        Assert.Equal((4, 4), (_journal.ChainOf("a"), _store.Chains));
        AssertChain(chain: 2);
        AssertChain(chain: 3);
        AssertChain(chain: 4);
    }

    [Fact]
    public async Task No_batch_is_sent_behind_the_last_one_of_a_chain()
    {
        await StartAsync(new JournalOptions { Writer = "test", BatchesPerChain = 1, SuccessorEntriesMin = 1 });
        _store.Hold();
        Book a = new("a");
        AppendTicket first = _journal.Follow(_journal.Ground, a, a.Register());
        await AttemptsAsync(1);
        Book b = new("b");
        AppendTicket second = _journal.Follow(first, b, b.Register());
        _store.Release();
        Assert.Equal([AppendOutcome.Durable, AppendOutcome.Durable], [await first.Outcome, await second.Outcome]);
        Assert.Equal([1, 1], [_store.Batches(2).Count, _store.Batches(3).Count]);
        Assert.All(_store.Attempts, batch => Assert.False(batch.IsSuccessor));
    }

    [Fact]
    public async Task Chain_that_is_full_goes_on_until_another_one_can_be_opened()
    {
        await StartAsync(new JournalOptions { Writer = "test", BatchesPerChain = 1 });
        _store.OpensFail = true;
        Book a = new("a");
        Assert.Equal(AppendOutcome.Durable, await Append(a, a.Register()));
        Assert.Equal(AppendOutcome.Durable, await Append(a, a.Credit(1)));
        Assert.True(_journal.IsHealthy);
        _store.OpensFail = false;
        Assert.Equal(AppendOutcome.Durable, await Append(a, a.Credit(1)));
        Assert.Equal([2, 1], [_store.Batches(2).Count, _store.Batches(3).Count]);
        AssertChain(chain: 2);
    }

    /// <summary>A doubt is resolved in its own chain before the new chain is opened.</summary>
    [Theory]
    [InlineData(Fault.UnknownWritten)]
    [InlineData(Fault.UnknownLost)]
    [InlineData(Fault.UnknownLate)]
    [InlineData(Fault.Bug)]
    public async Task Doubt_about_the_last_batch_of_a_chain_is_ended_in_that_chain(Fault fault)
    {
        await StartAsync(new JournalOptions { Writer = "test", BatchesPerChain = 1 });
        _store.Next(fault);
        Book a = new("a");
        Assert.Equal(AppendOutcome.Durable, await Append(a, a.Register()));
        Assert.Equal(AppendOutcome.Durable, await Append(a, a.Credit(1)));
        Assert.Equal(0, _store.LandLate());
        Assert.Equal([1L, 2L], _store.Entries().Select(entry => entry.Version));
        Assert.Single(_store.Batches(3));
        AssertChain(chain: 2);
        AssertChain(chain: 3);
    }
}
