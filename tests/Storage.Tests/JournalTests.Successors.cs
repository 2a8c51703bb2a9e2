using Gongji.Ledger;

namespace Gongji.Storage.Tests;

/// <summary>A second batch is sent while the first is in flight.</summary>
public sealed partial class JournalTests
{
    public static TheoryData<Fault, Fault> FaultPairs
    {
        get
        {
            TheoryData<Fault, Fault> pairs = [];
            foreach (Fault first in Enum.GetValues<Fault>())
            {
                foreach (Fault second in Enum.GetValues<Fault>())
                {
                    pairs.Add(first, second);
                }
            }

            return pairs;
        }
    }

    [Fact]
    public async Task Successor_is_sent_behind_the_batch_under_way_and_names_its_hash()
    {
        await StartAsync(new JournalOptions { Writer = "test", SuccessorEntriesMin = 2 });
        (Task<AppendOutcome>[] all, SealedBatch[] sent) = await SendTwoAsync(new Book("a"));
        Assert.Equal([false, true], sent.Select(batch => batch.IsSuccessor));
        Assert.Equal([sent[0].Sequence + 1, 2], [sent[1].Sequence, sent[1].Entries.Count]);
        Assert.Equal(sent[0].Hash, sent[1].PreviousHash);
        _store.Release();
        await AllAsync(AppendOutcome.Durable, all);
        AssertChain(chain: 2);
    }

    [Fact]
    public async Task Successor_of_a_batch_that_is_split_is_sealed_anew()
    {
        await StartAsync(new JournalOptions { Writer = "test", SuccessorEntriesMin = 2 });
        _store.WriteElsewhere(new Book("a").Register());
        (Task<AppendOutcome>[] all, SealedBatch[] sent) = await SendTwoAsync(new Book("a"));
        _store.Release();
        Assert.Equal(AppendOutcome.Stale, await all[0]);
        await AllAsync(AppendOutcome.Durable, all[1..]);
        Assert.DoesNotContain(_store.Batches(2), batch => batch.Hash.SequenceEqual(sent[1].Hash));
        AssertChain(chain: 2);
    }

    [Fact]
    public async Task Entry_of_a_successor_that_rests_on_one_that_was_not_written_is_not_written_either()
    {
        await StartAsync(new JournalOptions { Writer = "test", SuccessorEntriesMin = 1 });
        _store.WriteElsewhere(new Book("a").Register());
        _store.Hold();
        Book a = new("a");
        AppendTicket stale = _journal.Follow(_journal.Ground, a, a.Register());
        await AttemptsAsync(1);
        Book b = new("b");
        AppendTicket rests = _journal.Follow(stale, b, b.Register());
        await AttemptsAsync(2);
        _store.Release();
        Assert.Equal([AppendOutcome.Stale, AppendOutcome.Stale], [await stale.Outcome, await rests.Outcome]);
        Assert.True(b.Writer.IsPoisoned);
        Assert.Empty(await EntriesOfAsync("b"));
    }

    /// <summary>Whatever happens to either batch, and in whatever order they arrive, both are written in the end, once.</summary>
    [Theory]
    [MemberData(nameof(FaultPairs))]
    public async Task Faults_of_a_batch_and_its_successor_end_in_both_being_there_once(Fault first, Fault second)
    {
        await StartAsync(new JournalOptions { Writer = "test", SuccessorEntriesMin = 2 });
        (Task<AppendOutcome>[] all, _) = await SendTwoAsync(new Book("a"));
        _store.Next(first, second);
        _store.Release();
        await AllAsync(AppendOutcome.Durable, all);
        Assert.Equal(0, _store.LandLate());
        Assert.Equal(["a", "b", "c"], _store.Entries().Select(entry => entry.Account));
        AssertChain(chain: 2);
    }

    /// <summary>The store becomes unavailable after the faults. A caller who was told that nothing was written must find nothing, whatever still lands.</summary>
    [Theory]
    [MemberData(nameof(FaultPairs))]
    public async Task Faults_of_a_batch_and_its_successor_that_cannot_be_resolved_are_told_and_settled(Fault first, Fault second)
    {
        await StartAsync(new JournalOptions { Writer = "test", SuccessorEntriesMin = 2 });
        _clock.AutoAdvance = false;
        (Task<AppendOutcome>[] all, SealedBatch[] sent) = await SendTwoAsync(new Book("a"));
        _store.Next(first, second);
        _store.IsDownAfter(2);
        _store.Release();
        await AdvanceUntilAsync(() => Array.TrueForAll(all, outcome => outcome.IsCompleted));
        _store.LandLate();
        _store.IsDown = false;
        await AdvanceUntilAsync(() => _journal.IsHealthy);
        Assert.Equal(0, _store.LandLate());
        HashSet<string> there = [.. _store.Entries().Select(entry => entry.Account)];
        string[] accounts = ["a", "b", "c"];
        for (int i = 0; i < accounts.Length; i++)
        {
            AppendOutcome told = await all[i];
            Assert.True(told switch { AppendOutcome.Durable => there.Contains(accounts[i]), AppendOutcome.Unknown => true, _ => !there.Contains(accounts[i]) }, $"{accounts[i]} was told {told}");
        }

        Book d = new("d");
        Assert.Equal(AppendOutcome.Durable, await Append(d, d.Register()));
        AssertChain(chain: 2);
        Assert.Equal(2, sent.Length);
    }

    private async Task<(Task<AppendOutcome>[] Outcomes, SealedBatch[] Sent)> SendTwoAsync(Book first)
    {
        _store.Hold();
        int sent = _store.Attempts.Count;
        Task<AppendOutcome> leading = Append(first, first.Register());
        await AttemptsAsync(sent + 1);
        Book b = new("b");
        Book c = new("c");
        Task<AppendOutcome>[] all = [leading, Append(b, b.Register()), Append(c, c.Register())];
        await AttemptsAsync(sent + 2);
        return (all, [.. _store.Attempts.Skip(sent).Take(2)]);
    }

    private async Task<IReadOnlyList<Entry>> EntriesOfAsync(string account) => (await _store.LoadAccountAsync(account, default)).Entries;
}
