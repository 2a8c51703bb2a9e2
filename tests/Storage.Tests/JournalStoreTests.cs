using Gongji.Ledger;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gongji.Storage.Tests;

/// <summary>The journal on a real store.</summary>
public abstract class JournalStoreTests : IAsyncLifetime
{
    private StoreHarness _harness = null!;
    private ILedgerStore _store = null!;

    protected abstract int Partitions { get; }

    public async Task InitializeAsync()
    {
        _harness = await CreateHarnessAsync();
        _store = await _harness.OpenMigratedAsync();
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        await _harness.DisposeAsync();
    }

    [Fact]
    public async Task Many_accounts_at_once_end_in_a_ledger_that_verifies()
    {
        await using Journal journal = await StartAsync(_store);
        Producer[] producers = [.. Enumerable.Range(0, 32).Select(i => new Producer($"p{i}", _store, journal))];
        await Task.WhenAll(producers.Select(producer => producer.RunAsync(60)));
        await journal.StopAsync(default);
        Assert.All(producers, producer => Assert.Empty(producer.Met));
        List<Entry> entries = await Verification.VerifyAsync(_store);
        Assert.Equal(32 * 60, entries.Count);
        Assert.Equal(32 * 59, entries.Sum(entry => entry.Amounts.TotalFen));
    }

    [Fact]
    public async Task Transfers_between_accounts_keep_every_fen()
    {
        await using Journal journal = await StartAsync(_store);
        await Task.WhenAll(Enumerable.Range(0, 16).Select(async number =>
        {
            Book payer = new($"payer{number}");
            Book payee = new($"payee{number}");
            await AppendAsync(journal, payer, payer.Register());
            await AppendAsync(journal, payee, payee.Register());
            await AppendAsync(journal, payer, payer.Credit(1_000));
            for (int i = 0; i < 20; i++)
            {
                Guid id = Book.Id(number * 1_000 + i);
                await AppendAsync(journal, payer, payer.Hold(id, 10));
                if (i % 4 == 3)
                {
                    await AppendAsync(journal, payer, payer.Void(id, 10));
                }
                else if (i % 4 != 2)
                {
                    await AppendAsync(journal, payee, payee.Receive(id, payer.Account, 10));
                    await AppendAsync(journal, payer, payer.Post(id, 10));
                }
            }
        }));
        await journal.StopAsync(default);
        List<Entry> entries = await Verification.VerifyAsync(_store);
        Assert.Equal(16_000, entries.Sum(entry => entry.Amounts.TotalFen));
        Assert.Equal(16 * 5, (await _store.FindUnfinishedAsync(Book.NextReturn, Book.Noon, default, 1_000, default)).Count);
    }

    [Fact]
    public async Task Two_journals_on_one_account_exactly_one_wins_and_the_other_reloads()
    {
        await using Journal one = await StartAsync(_store);
        await using Journal two = await StartAsync(_store);
        Book seed = new("a");
        await AppendAsync(one, seed, seed.Register());
        for (int round = 0; round < 10; round++)
        {
            long version = (await _store.LoadAccountAsync("a", default)).Entries.Count;
            Book left = new("a", version, seed.Balances);
            Book right = new("a", version, seed.Balances);
            one.TryAppend(left.Writer, left.Credit(1), out Task<AppendOutcome> leftOutcome, out _);
            two.TryAppend(right.Writer, right.Credit(1), out Task<AppendOutcome> rightOutcome, out _);
            AppendOutcome[] outcomes = await Task.WhenAll(leftOutcome, rightOutcome);
            Assert.Equal([AppendOutcome.Stale, AppendOutcome.Durable], outcomes.OrderDescending());
            (Book winner, Book loser) = outcomes[0] == AppendOutcome.Durable ? (left, right) : (right, left);
            Assert.True(loser.Writer.IsPoisoned);
            Assert.False(winner.Writer.IsPoisoned);
            seed = winner;
        }

        Assert.Equal(11, (await Verification.VerifyAsync(_store)).Count);
    }

    [Fact]
    public async Task Two_journals_under_load_on_the_same_accounts_lose_and_double_nothing()
    {
        await using Journal one = await StartAsync(_store);
        await using Journal two = await StartAsync(_store);
        Producer[] producers = [.. Enumerable.Range(0, 4).SelectMany(i => new[] { new Producer($"p{i}", _store, one), new Producer($"p{i}", _store, two) })];
        int rounds = 0;
        do
        {
            // Whether they collide is a matter of chance; nearly always they do in the first round.
            rounds++;
            await Task.WhenAll(producers.Select(producer => producer.RunAsync(40)));
        }
        while (rounds < 20 && !producers.Any(producer => producer.Met.Contains(AppendOutcome.Stale)));

        Assert.Contains(producers, producer => producer.Met.Contains(AppendOutcome.Stale));
        List<Entry> entries = await Verification.VerifyAsync(_store);
        Assert.Equal(8 * 40 * rounds, entries.Count);
        Assert.All(producers.SelectMany(producer => producer.Answered), operation => Assert.Single(entries, entry => entry.Operation == operation));
    }

    [Fact]
    public async Task Duplicate_operation_on_two_accounts_is_written_once()
    {
        await using Journal journal = await StartAsync(_store);
        Book[] books = [.. Enumerable.Range(0, 20).Select(i => new Book($"p{i}"))];
        Guid operation = Book.Id(1);
        Task<AppendOutcome>[] all = [.. books.Select(book => Append(journal, book, book.Register(operation)))];
        AppendOutcome[] outcomes = await Task.WhenAll(all);
        Assert.Single(outcomes, AppendOutcome.Durable);
        Assert.Equal(19, outcomes.Count(outcome => outcome == AppendOutcome.Duplicate));
        await Verification.VerifyAsync(_store);
    }

    [Fact]
    public async Task Restarted_journal_opens_a_new_chain_and_goes_on()
    {
        Book a = new("a");
        for (int run = 0; run < 3; run++)
        {
            await using Journal journal = await StartAsync(_store);
            Book activation = new("a", a.Version, a.Balances);
            Entry entry = activation.Version == 0 ? activation.Register() : activation.Credit(1);
            await AppendAsync(journal, activation, entry);
            await journal.StopAsync(default);
            a = activation;
        }

        Assert.Equal([1L, 2L, 3L], (await Verification.VerifyAsync(_store)).Select(entry => entry.Version));
    }

    /// <summary>Two journals write while a third closes days: each learns of it by a conflict, and loses nothing.</summary>
    [Fact]
    public async Task Days_closed_while_journals_write_keep_their_figures_and_every_entry_is_written()
    {
        await using Journal one = await StartAsync(_store);
        await using Journal other = await StartAsync(_store);
        await using Journal closer = await StartAsync(_store);
        Producer[] producers = [.. Enumerable.Range(0, 16).Select(i => new Producer($"p{i}", _store, i % 2 == 0 ? one : other))];
        Task writing = Task.WhenAll(producers.Select(producer => producer.RunAsync(60)));
        Book days = new(ClearingAccounts.Days);
        Book pace = new("pace");
        await AppendAsync(one, pace, pace.Register());
        Dictionary<DateOnly, long> closed = [];
        do
        {
            DateOnly day = BusinessTime.DayOf(Book.Noon).AddDays(closed.Count);
            await AppendAsync(closer, days, days.CloseDay(day));
            closed[day] = await SumOnAsync(day);

            // A day lasts for at least one batch of each journal: endless closings would let no other batch through.
            await AppendAsync(one, pace, pace.Credit(1));
            await AppendAsync(other, pace, pace.Credit(1));
        }
        while (!writing.IsCompleted && closed.Count < 20);
        await writing;

        Assert.All(producers, producer => Assert.Empty(producer.Met));
        foreach ((DateOnly day, long fen) in closed)
        {
            Assert.Equal(fen, await SumOnAsync(day));
        }

        Assert.Equal((16 * 60) + 1 + (3 * closed.Count), (await Verification.VerifyAsync(_store)).Count);
        Assert.Equal((16 * 59) + (2 * closed.Count), (await _store.ReadDeltasAsync(null, default)).Sum(delta => delta.Value.AmountFen));

        async Task<long> SumOnAsync(DateOnly day) => (await _store.ReadDeltasAsync(day, day, default)).Sum(delta => delta.Value.AmountFen);
    }

    [Fact]
    public async Task Snapshots_offered_are_written_behind()
    {
        await using Journal journal = await StartAsync(_store);
        journal.OfferSnapshot(new AccountSnapshot("a", 3, [3]));
        await journal.StopAsync(default);
        Assert.Equal(3, (await _store.LoadAccountAsync("a", default)).SnapshotVersion);
    }

    protected abstract Task<StoreHarness> CreateHarnessAsync();

    private async Task<Journal> StartAsync(ILedgerStore store)
    {
        Journal journal = new(store, new JournalOptions { Writer = "test", Partitions = Partitions }, TimeProvider.System, NullLogger<Journal>.Instance);
        await journal.StartAsync(default);
        return journal;
    }

    private static Task<AppendOutcome> Append(Journal journal, Book book, Entry entry)
    {
        Assert.True(journal.TryAppend(book.Writer, entry, out Task<AppendOutcome> durable, out _));
        return durable;
    }

    private static async Task AppendAsync(Journal journal, Book book, Entry entry) => Assert.Equal(AppendOutcome.Durable, await Append(journal, book, entry));
}

public sealed class PostgresJournalStoreTests : JournalStoreTests
{
    protected override int Partitions => 2;

    protected override async Task<StoreHarness> CreateHarnessAsync() => await PostgresHarness.CreateAsync();
}

public sealed class SqliteJournalStoreTests : JournalStoreTests
{
    protected override int Partitions => 1;

    protected override Task<StoreHarness> CreateHarnessAsync() => Task.FromResult<StoreHarness>(new SqliteHarness());
}
