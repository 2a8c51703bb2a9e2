using Gongji.Ledger;

namespace Gongji.Storage.Tests;

public abstract partial class LedgerStoreTests
{
    private static readonly DateTimeOffset Never = DateTimeOffset.UnixEpoch;

    [Fact]
    public async Task Holds_open_until_their_outcome()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        Book a = new("a");
        await chain.CommitAsync(a.Register(), a.Credit(100), a.Hold(Book.Id(1), 10), a.Hold(Book.Id(2), 10), a.Hold(Book.Id(3), 10));
        Assert.Equal([Book.Id(1), Book.Id(2), Book.Id(3)], await UnfinishedAsync(Book.NextReturn, Never));
        await chain.CommitAsync(a.Post(Book.Id(1), 10), a.Void(Book.Id(3), 10));
        Assert.Equal([Book.Id(2)], await UnfinishedAsync(Book.NextReturn, Never));
    }

    [Fact]
    public async Task Holds_ended_in_their_own_batch_are_never_open()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        Book a = new("a");
        await chain.CommitAsync(a.Register(), a.Credit(100), a.Hold(Book.Id(1), 10), a.Post(Book.Id(1), 10), a.Hold(Book.Id(2), 10));
        Assert.Equal([Book.Id(2)], await UnfinishedAsync(Book.NextReturn, Never));
    }

    [Fact]
    public async Task Parts_of_one_operation_are_open_each_until_its_own_outcome()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        (Book a, Book b, Book c) = (new("a"), new("b"), new("c"));
        await chain.CommitAsync(a.Register(), b.Register(), c.Register(), a.Credit(100), b.Credit(100), c.Credit(100));
        await chain.CommitAsync(a.HoldDraw(Book.Id(1), 0, 10), b.HoldDraw(Book.Id(1), 1, 20), a.HoldDraw(Book.Id(2), 0, 5), a.VoidDraw(Book.Id(2), 0, 5));
        await chain.CommitAsync(c.HoldDraw(Book.Id(1), 2, 30));
        Assert.Equal([(Legs.Part(0), "a"), (Legs.Part(1), "b"), (Legs.Part(2), "c")], await OpenPartsAsync(Book.Id(1)));

        await chain.CommitAsync(b.PostDraw(Book.Id(1), 1, 20));
        Assert.Equal([(Legs.Part(0), "a"), (Legs.Part(2), "c")], await OpenPartsAsync(Book.Id(1)));
        await chain.CommitAsync(c.PostDraw(Book.Id(1), 2, 30), a.PostDraw(Book.Id(1), 0, 10));
        Assert.Empty(await UnfinishedAsync(Book.NextReturn, Book.NextReturn));
    }

    private async Task<IEnumerable<(Leg, string)>> OpenPartsAsync(Guid operation) =>
        (await _store.FindUnfinishedAsync(Book.NextReturn, Book.NextReturn, Guid.Empty, 100, default))
        .Where(hold => hold.Operation == operation).OrderBy(hold => hold.Leg).Select(hold => (hold.Leg, hold.Account));

    [Fact]
    public async Task Holds_of_a_refused_batch_are_not_open()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        Book a = new("a");
        await chain.CommitAsync(a.Register(), a.Credit(100));
        Assert.Equal(CommitStatus.Conflict, (await chain.TryAsync(a.Hold(Book.Id(1), 10), new Book("a").Register())).Status);
        Assert.Empty(await UnfinishedAsync(Book.NextReturn, Book.NextReturn));
    }

    [Fact]
    public async Task FindUnfinished_chooses_due_and_interrupted_ones()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        Book a = new("a");
        DateTimeOffset noon = Book.Noon;
        await chain.CommitAsync(
            a.Register(),
            a.Credit(100),
            a.Hold(Book.Id(1), 1, auto: false, heldAt: noon, expiresAt: noon.AddHours(1)),
            a.Hold(Book.Id(2), 1, auto: false, heldAt: noon, expiresAt: noon.AddHours(3)),
            a.Hold(Book.Id(3), 1, auto: true, heldAt: noon, expiresAt: noon.AddHours(3)),
            a.Hold(Book.Id(4), 1, auto: true, heldAt: noon.AddMinutes(5), expiresAt: noon.AddHours(3)),
            a.Hold(Book.Id(5), 1, auto: true, heldAt: noon.AddMinutes(5), expiresAt: noon.AddHours(1)));
        Assert.Equal([Book.Id(1), Book.Id(3), Book.Id(5)], await UnfinishedAsync(noon.AddHours(1), noon));
        Assert.Equal([Book.Id(3), Book.Id(4), Book.Id(5)], await UnfinishedAsync(noon, noon.AddMinutes(5)));
        Assert.Empty(await UnfinishedAsync(noon, noon.AddMinutes(-1)));
        StoredHold hold = (await _store.FindUnfinishedAsync(noon, noon, default, 10, default)).Single();
        Assert.Equal(new StoredHold(Book.Id(3), Leg.Opening, "a", noon, noon.AddHours(3), true), hold);
    }

    [Fact]
    public async Task FindUnfinished_is_bounded_and_resumes_after_the_last()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        Book a = new("a");
        Guid[] ids = [.. Enumerable.Range(1, 25).Select(i => Book.Id((i * 7_919L) << 20))];
        await chain.CommitAsync([a.Register(), a.Credit(100), .. ids.Select((id, i) => a.Hold(id, 1, auto: i % 2 == 0))]);
        List<Guid> seen = [];
        Guid after = Guid.Empty;
        while (await _store.FindUnfinishedAsync(Book.NextReturn, Book.NextReturn, after, 10, default) is { Count: > 0 } page)
        {
            Assert.True(page.Count <= 10);
            seen.AddRange(page.Select(hold => hold.Operation));
            after = page[^1].Operation;
        }

        Assert.Equal(ids.Order(), seen);
    }

    [Fact]
    public async Task FindAnswered_gives_open_holds_with_an_answer_and_where_to_go_on()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        Book a = new("a");
        Book b = new("b");
        await chain.CommitAsync([a.Register(), a.Credit(100), .. Enumerable.Range(1, 6).Select(i => a.Hold(Book.Id(i), 1))]);
        await chain.CommitAsync(b.Register(), b.Receive(Book.Id(2), "a", 1), b.Receive(Book.Id(4), "a", 1), b.Receive(Book.Id(6), "a", 1), a.Post(Book.Id(4), 1));
        List<Guid> found = [];
        Guid after = Guid.Empty;
        int pages = 0;
        do
        {
            HoldPage page = await _store.FindAnsweredAsync(Book.NextReturn, after, 2, default);
            found.AddRange(page.Holds.Select(hold => hold.Operation));
            after = page.Next;
            pages++;
        }
        while (after != Guid.Empty);
        Assert.Equal([Book.Id(2), Book.Id(6)], found);
        Assert.InRange(pages, 3, 4);
        Assert.Empty((await _store.FindAnsweredAsync(Book.Noon, Guid.Empty, 10, default)).Holds);
    }

    private async Task<IEnumerable<Guid>> UnfinishedAsync(DateTimeOffset dueBy, DateTimeOffset interruptedBefore) =>
        (await _store.FindUnfinishedAsync(dueBy, interruptedBefore, Guid.Empty, 100, default)).Select(hold => hold.Operation);
}
