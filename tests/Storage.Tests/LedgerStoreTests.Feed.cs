using System.Collections.Immutable;

namespace Gongji.Storage.Tests;

public abstract partial class LedgerStoreTests
{
    [Fact]
    public async Task Feed_of_an_empty_ledger_has_nothing()
    {
        await TestChain.OpenAsync(_store);

        Assert.Empty(await _store.Feed.ReadHeadsAsync(default));
        Assert.Empty(await ReadAllAsync(LedgerCursor.Start));
    }

    [Fact]
    public async Task Feed_gives_every_entry_once_and_goes_on_after_each()
    {
        (TestChain one, TestChain two) = (await TestChain.OpenAsync(_store), await TestChain.OpenAsync(_store));
        Book[] books = [.. Enumerable.Range(0, 6).Select(i => new Book($"p{i}"))];
        await one.CommitAsync([.. books[..3].Select(book => book.Register())]);
        await two.CommitAsync([.. books[3..].Select(book => book.Register())]);
        await one.CommitAsync();
        await two.CommitAsync([.. books[3..].SelectMany(book => new[] { book.Credit(100), book.Credit(5) })]);
        await one.CommitAsync([.. books[..3].Select(book => book.Credit(7))]);
        await two.CommitAsync();

        IReadOnlyList<LedgerEvent> events = await ReadAllAsync(LedgerCursor.Start);

        Assert.Equal(15, events.Count);
        AssertOrdered(events, []);
        for (int i = 0; i < events.Count; i++)
        {
            Assert.True(LedgerCursor.TryParse(events[i].After.ToString(), out LedgerCursor? cursor));
            IReadOnlyList<LedgerEvent> rest = await ReadAllAsync(cursor);
            Assert.Equal(Places(events.Skip(i + 1)), Places(rest).Order());
            AssertOrdered(rest, events.Take(i + 1));
        }
    }

    /// <summary>An account changes from one chain to another and back; whichever chain is read first, its versions come in order.</summary>
    /// <summary>The table of chains is no part of the ledger: no hash covers it.</summary>
    [Fact]
    public async Task Feed_has_chains_that_the_table_of_chains_has_not()
    {
        TestChain[] chains = [await TestChain.OpenAsync(_store), await TestChain.OpenAsync(_store), await TestChain.OpenAsync(_store), await TestChain.OpenAsync(_store)];
        foreach (TestChain chain in chains.Where(chain => chain != chains[1]))
        {
            await chain.CommitAsync(new Book($"a{chain.Head.Chain}").Register());
        }

        await chains[2].CommitAsync(new Book("b").Register());
        await _harness.ExecuteAsync($"DELETE FROM chains WHERE id <= {chains[2].Head.Chain}");

        ImmutableSortedDictionary<int, long> heads = await _store.Feed.ReadHeadsAsync(default);

        Assert.Equal([(chains[0].Head.Chain, 1L), (chains[2].Head.Chain, 2L), (chains[3].Head.Chain, 1L)], heads.Select(head => (head.Key, head.Value)));
    }

    [Fact]
    public async Task Feed_of_an_account_that_changes_chains_is_in_order_of_version()
    {
        TestChain[] chains = [await TestChain.OpenAsync(_store), await TestChain.OpenAsync(_store), await TestChain.OpenAsync(_store)];
        Book[] books = [.. Enumerable.Range(0, 5).Select(i => new Book($"p{i}"))];
        await chains[2].CommitAsync([.. books.Select(book => book.Register())]);
        Random random = new(7);
        for (int round = 0; round < 60; round++)
        {
            await chains[random.Next(3)].CommitAsync([.. books.Where(_ => random.Next(2) == 0).SelectMany(book => new[] { book.Credit(1), book.Credit(2) })]);
        }

        IReadOnlyList<LedgerEvent> events = await ReadAllAsync(LedgerCursor.Start);

        Assert.Equal(books.Sum(book => book.Version), events.Count);
        AssertOrdered(events, []);
        for (int i = 0; i < events.Count; i += 11)
        {
            AssertOrdered(await ReadAllAsync(events[i].After), events.Take(i + 1));
        }
    }

    [Fact]
    public async Task Feed_read_while_batches_come_skips_nothing()
    {
        (TestChain one, TestChain two) = (await TestChain.OpenAsync(_store), await TestChain.OpenAsync(_store));
        Book a = new("a");
        Book b = new("b");
        await two.CommitAsync(a.Register());
        LedgerReader reader = new(_store.Feed, _store.ReadOperationsAsync, LedgerCursor.Start);
        List<LedgerEvent> events = [.. await reader.ReadAsync(await _store.Feed.ReadHeadsAsync(default), default)];

        // A chain that was opened earlier, and therefore has smaller batch ids, commits later.
        await one.CommitAsync(b.Register(), a.Credit(1));
        await two.CommitAsync(a.Credit(2), b.Credit(3));
        ImmutableSortedDictionary<int, long> heads = await _store.Feed.ReadHeadsAsync(default);
        await one.CommitAsync(a.Credit(4));
        events.AddRange(await DrainAsync(reader, heads));
        Assert.Equal(5, events.Count);
        events.AddRange(await DrainAsync(reader, await _store.Feed.ReadHeadsAsync(default)));

        Assert.Equal(6, events.Count);
        AssertOrdered(events, []);
    }

    [Fact]
    public async Task Feed_pages_are_bounded_whatever_is_there()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        Book a = new("a");
        await chain.CommitAsync([a.Register(), .. Enumerable.Range(0, StorageLimits.FeedPageEntries + 100).Select(_ => a.Credit(1))]);
        for (int i = 0; i < 40; i++)
        {
            await chain.CommitAsync([.. Enumerable.Range(0, 100).Select(_ => a.Credit(1))]);
        }

        LedgerReader reader = new(_store.Feed, _store.ReadOperationsAsync, LedgerCursor.Start);
        ImmutableSortedDictionary<int, long> heads = await _store.Feed.ReadHeadsAsync(default);
        Assert.Equal(StorageLimits.FeedPageEntries + 101, (await reader.ReadAsync(heads, default)).Count);
        Assert.Equal(StorageLimits.FeedPageEntries / 100 * 100, (await reader.ReadAsync(heads, default)).Count);
        Assert.Equal(a.Version, StorageLimits.FeedPageEntries + 101 + StorageLimits.FeedPageEntries / 100 * 100 + (await DrainAsync(reader, heads)).Count);
    }

    /// <summary>A process that has read nothing yet does not know where a batch is stored.</summary>
    [Fact]
    public async Task Feed_goes_on_in_the_middle_of_a_ledger_that_was_not_read_before()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        Book a = new("a");
        for (int i = 0; i < 10; i++)
        {
            await chain.CommitAsync([.. Enumerable.Range(0, 3_000).Select(_ => a.Credit(1))]);
        }

        LedgerReader reader = new(_store.Feed, _store.ReadOperationsAsync, LedgerCursor.Start.After(chain.Head.Chain, 9));
        List<LedgerEvent> events = await DrainAsync(reader, await _store.Feed.ReadHeadsAsync(default));

        Assert.Equal(Enumerable.Range(27_001, 3_000).Select(version => (long)version), events.Select(item => item.Entry.Version));
    }

    [Fact]
    public async Task Feed_names_the_region_of_persons_also_where_the_entry_does_not()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        Book payer = new("payer");
        Guid transfer = Book.Id(3);
        await chain.CommitAsync(payer.Register(), payer.Credit(100), payer.Hold(transfer, 50));
        await chain.CommitAsync(payer.Void(transfer, 50), payer.Move());
        await chain.CommitAsync(new Book("stranger").Post(Book.Id(4), 0));
        LedgerEvent[] events = [.. await ReadAllAsync(LedgerCursor.Start)];

        Assert.Equal([Book.Suzhou, Book.Suzhou, Book.Suzhou, Book.Suzhou, Book.Zhengzhou, null], events.Select(item => item.Region));
        Assert.Equal(Book.Suzhou, (await ReadAllAsync(events[2].After))[0].Region);
    }

    [Fact]
    public async Task Watch_tells_every_listener_of_new_batches()
    {
        Gongji.TestKit.FakeClock clock = new();
        using LedgerWatch watch = new(_store, clock, Microsoft.Extensions.Logging.Abstractions.NullLogger<LedgerWatch>.Instance);
        TestChain chain = await TestChain.OpenAsync(_store);
        using LedgerListener one = await watch.ListenAsync(default);
        using LedgerListener two = await watch.ListenAsync(default);
        Assert.Empty(one.News.Heads);
        await chain.CommitAsync(new Book("a").Register());
        Assert.False(one.News.Next.IsCompleted);

        clock.AutoAdvance = true;
        clock.Advance(TimeSpan.FromMilliseconds(StorageLimits.FeedPollMs));
        LedgerNews news = await one.News.Next;

        Assert.Equal(1, news.Heads[chain.Head.Chain]);
        Assert.Same(news, await two.News.Next);
    }

    [Theory]
    [InlineData("")]
    [InlineData("AQ")]
    [InlineData("not base64url!")]
    [InlineData("AQAAAAAAAA")]
    public void Cursor_that_was_never_given_is_refused(string text) => Assert.False(LedgerCursor.TryParse(text, out _));

    [Fact]
    public void Cursor_with_any_letter_changed_or_cut_is_refused()
    {
        string text = LedgerCursor.Start.After(1, 70_000).After(90, 1).Within(3, uint.MaxValue, 4_095).ToString();
        Assert.True(LedgerCursor.TryParse(text, out LedgerCursor? same));
        Assert.Equal((3, 4_095, uint.MaxValue, 70_000), (same.PartChain, same.PartEntries, same.Whole[3], same.Whole[1]));
        Assert.Equal(text, same.ToString());
        for (int i = 0; i < text.Length; i++)
        {
            Assert.False(LedgerCursor.TryParse(text[..i], out _));
            Assert.False(LedgerCursor.TryParse($"{text[..i]}{(text[i] == 'A' ? 'B' : 'A')}{text[(i + 1)..]}", out _));
        }
    }

    private async Task<IReadOnlyList<LedgerEvent>> ReadAllAsync(LedgerCursor from) =>
        await DrainAsync(new LedgerReader(_store.Feed, _store.ReadOperationsAsync, from), await _store.Feed.ReadHeadsAsync(default));

    private static async Task<List<LedgerEvent>> DrainAsync(LedgerReader reader, ImmutableSortedDictionary<int, long> heads)
    {
        List<LedgerEvent> all = [];
        while (await reader.ReadAsync(heads, default) is { Count: > 0 } some)
        {
            all.AddRange(some);
        }

        return all;
    }

    private static IEnumerable<(string, long)> Places(IEnumerable<LedgerEvent> events) => events.Select(item => (item.Entry.Account, item.Entry.Version)).Order();

    /// <summary>Asserts that each account's versions continue without a gap from what was read before.</summary>
    private static void AssertOrdered(IEnumerable<LedgerEvent> events, IEnumerable<LedgerEvent> before)
    {
        Dictionary<string, long> versions = [];
        foreach (LedgerEvent item in before)
        {
            versions[item.Entry.Account] = item.Entry.Version;
        }

        foreach (LedgerEvent item in events)
        {
            Assert.Equal(versions.GetValueOrDefault(item.Entry.Account) + 1, item.Entry.Version);
            versions[item.Entry.Account] = item.Entry.Version;
        }
    }
}
