using Gongji.Ledger;

namespace Gongji.Storage.Tests;

public abstract partial class LedgerStoreTests
{
    private static readonly DateOnly Today = BusinessTime.DayOf(Book.Noon);
    private static readonly DateOnly Tomorrow = Today.AddDays(1);

    [Fact]
    public async Task Open_day_is_before_all_days_until_one_is_closed()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        Assert.Equal(ClearingDays.First, await _store.ReadOpenDayAsync(default));
        await chain.CommitAsync(Debit("a", 7));

        await chain.CommitAsync(new Book(ClearingAccounts.Days).CloseDay(Today));

        Assert.Equal(Tomorrow, await _store.ReadOpenDayAsync(default));
        await using ILedgerScan scan = await _store.OpenScanAsync(default);
        Assert.Equal([ClearingDays.First, Tomorrow], (await scan.ByBatchAsync(default).ToListAsync()).Select(batch => batch.OpenDay));
    }

    [Fact]
    public async Task Open_day_fences_a_late_batch_which_writes_nothing_and_counts_on_the_next_day_when_sealed_again()
    {
        TestChain late = await TestChain.OpenAsync(_store);
        TestChain closer = await TestChain.OpenAsync(_store);
        await closer.CommitAsync(Debit("a", 7));
        Entry item = Debit("b", 30);
        SealedBatch before = late.Seal(item);
        await closer.CommitAsync(new Book(ClearingAccounts.Days).CloseDay(Today));

        CommitResult refused = await late.TryAsync(before);

        Assert.Equal((CommitStatus.Conflict, Tomorrow, false), (refused.Status, refused.OpenDay, refused.ChainMoved));
        Assert.Equal(0, refused.InTheWay);
        Assert.Empty(await _store.ReadEntriesAsync("b", 0, 10, default));
        late.OpenDay = Tomorrow;
        await late.CommitAsync(item);
        Assert.Equal(7, Assert.Single(await _store.ReadDeltasAsync(Today, Today, default)).Value.AmountFen);
        KeyValuePair<DeltaKey, DeltaSum> carried = Assert.Single(await _store.ReadDeltasAsync(Tomorrow, Tomorrow, default));
        Assert.Equal((Tomorrow, 30), (carried.Key.Day, carried.Value.AmountFen));
        Assert.Equal(2, (await _store.ReadDeltasAsync(Today, Tomorrow, default)).Count);
        Assert.Empty(await _store.ReadDeltasAsync(Tomorrow.AddDays(1), DateOnly.MaxValue.AddDays(-1), default));
    }

    [Fact]
    public async Task Open_day_does_not_matter_to_a_batch_without_deltas()
    {
        TestChain late = await TestChain.OpenAsync(_store);
        TestChain closer = await TestChain.OpenAsync(_store);
        await closer.CommitAsync(new Book(ClearingAccounts.Days).CloseDay(Today));

        await late.CommitAsync(new Book("a").Register());
    }

    [Fact]
    public async Task Closing_counts_what_is_written_with_it_after_it()
    {
        TestChain chain = await TestChain.OpenAsync(_store);

        await chain.CommitAsync(Debit("a", 7), new Book(ClearingAccounts.Days).CloseDay(Today));

        Assert.Equal(Tomorrow, Assert.Single(await _store.ReadDeltasAsync(null, default)).Key.Day);
        await Verification.VerifyAsync(_store);
    }

    [Fact]
    public async Task Closing_by_a_stale_writer_is_refused_and_moves_nothing()
    {
        TestChain one = await TestChain.OpenAsync(_store);
        TestChain other = await TestChain.OpenAsync(_store);
        SealedBatch stale = other.Seal(new Book(ClearingAccounts.Days).CloseDay(Today));
        await one.CommitAsync(new Book(ClearingAccounts.Days).CloseDay(Tomorrow));

        CommitResult refused = await other.TryAsync(stale);

        Assert.Equal([0], refused.StaleAt);
        Assert.Equal(Tomorrow.AddDays(1), refused.OpenDay);
        Assert.Equal(Tomorrow.AddDays(1), await _store.ReadOpenDayAsync(default));
    }

    [Fact]
    public async Task Settlement_moves_the_position_back_and_takes_from_the_slice_of_who_is_paid()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        await chain.CommitAsync(Debit("a", 100));
        await chain.CommitAsync(new Book(ClearingAccounts.Days).CloseDay(Today));
        chain.OpenDay = Tomorrow;
        await _store.Escrow.SetCapAsync(Book.Zhengzhou, 0, ++_revision, default);
        Entry part = new Book(ClearingAccounts.OfDay(Today)).Settle(Next(), Today, 60);

        Assert.Equal([0], (await chain.TryAsync(part)).OverCapAt);
        SliceRequest ask = Ask(chain, 60) with { Region = Book.Zhengzhou };
        Assert.Equal(new EscrowSlice(60, 0, 40), await _store.Escrow.LeaseAsync(ask, default));
        await chain.CommitAsync(part);

        Assert.Equal(40, Assert.Single(await EscrowAsync()).NetFen);
        Assert.Equal(0, (await _store.Escrow.LeaseAsync(ask with { NeedFen = 41, WantFen = 41 }, default))!.Value.GrantedFen - 60);
    }

    [Fact]
    public async Task Closed_days_never_change_under_writers_and_closings_at_once()
    {
        const int days = 12;
        using CancellationTokenSource closing = new();
        Task<int>[] writers = [.. Enumerable.Range(0, 3).Select(number => Task.Run(() => WriteAsync(number)))];
        Dictionary<DateOnly, long> closedFen = await CloseAllAsync();
        await closing.CancelAsync();
        int[] written = await Task.WhenAll(writers);

        foreach ((DateOnly day, long fen) in closedFen)
        {
            Assert.Equal(fen, await SumOnAsync(day));
        }

        Assert.Equal(written.Sum(), (await _store.ReadDeltasAsync(null, default)).Sum(delta => delta.Value.AmountFen));
        await Verification.VerifyAsync(_store);

        async Task<long> SumOnAsync(DateOnly day) => (await _store.ReadDeltasAsync(day, day, default)).Sum(delta => delta.Value.AmountFen);

        async Task<int> WriteAsync(int number)
        {
            TestChain chain = await TestChain.OpenAsync(_store);
            int count = 0;
            while (!closing.IsCancellationRequested)
            {
                Entry item = Debit(FormattableString.Invariant($"w{number}-{count}"), 1);
                CommitResult result;
                do
                {
                    result = await chain.TryAsync(item);
                    chain.OpenDay = result.OpenDay ?? chain.OpenDay;
                }
                while (result.Status != CommitStatus.Committed);
                count++;
            }

            return count;
        }

        async Task<Dictionary<DateOnly, long>> CloseAllAsync()
        {
            TestChain chain = await TestChain.OpenAsync(_store);
            Book book = new(ClearingAccounts.Days);
            Dictionary<DateOnly, long> sums = [];
            for (int i = 0; i < days; i++)
            {
                DateOnly day = Today.AddDays(i);
                Entry entry = book.CloseDay(day);
                while ((await chain.TryAsync(entry)).Status != CommitStatus.Committed)
                {
                    // The server resolved a deadlock, with nothing written.
                }

                sums[day] = await SumOnAsync(day);
            }

            return sums;
        }
    }
}
