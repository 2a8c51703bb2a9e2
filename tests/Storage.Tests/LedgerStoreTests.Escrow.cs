using Gongji.Ledger;

namespace Gongji.Storage.Tests;

public abstract partial class LedgerStoreTests
{
    private static readonly DateTimeOffset Later = Book.Noon.AddMinutes(1);
    private long _operations = 1_000_000;
    private long _revision;

    [Fact]
    public async Task Escrow_region_without_cap_is_debited_without_lease()
    {
        TestChain chain = await TestChain.OpenAsync(_store);

        await chain.CommitAsync(Debit("payee", 1_000_000));

        Assert.Empty(await EscrowAsync());
        Assert.Null(await _store.Escrow.LeaseAsync(Ask(chain, 1), default));
    }

    [Fact]
    public async Task Escrow_debit_beyond_the_slice_is_refused_and_writes_nothing()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        await _store.Escrow.SetCapAsync(Book.Suzhou, 1_000, ++_revision, default);
        Book payee = new("payee");

        CommitResult unleased = await chain.TryAsync(new Book("other").Register(), payee.Receive(Next(), "payer", 1));

        Assert.Equal(CommitStatus.Conflict, unleased.Status);
        Assert.Equal([1], unleased.OverCapAt);
        Assert.Empty(unleased.StaleAt);
        Assert.Empty(unleased.DuplicateAt);
        Assert.False(unleased.ChainMoved);
        Assert.Empty(await _store.ReadEntriesAsync("other", 0, 10, default));

        Assert.Equal(new EscrowSlice(400, 0, 600), await _store.Escrow.LeaseAsync(Ask(chain, 400), default));
        Assert.Equal([0], (await chain.TryAsync(Debit("payee", 401))).OverCapAt);
        await chain.CommitAsync(Debit("payee", 400));
        Assert.Equal([0], (await chain.TryAsync(Debit("payee-2", 1))).OverCapAt);
    }

    [Fact]
    public async Task Escrow_is_used_up_to_the_fen_and_not_beyond()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        TestChain other = await TestChain.OpenAsync(_store);
        await _store.Escrow.SetCapAsync(Book.Suzhou, 100, ++_revision, default);

        Assert.Equal(100, (await _store.Escrow.LeaseAsync(Ask(chain, 99), default))!.Value.HeadroomFen + 99);
        Assert.Equal(new EscrowSlice(1, 0, 0), await _store.Escrow.LeaseAsync(Ask(other, 1), default));
        Assert.Equal(new EscrowSlice(1, 0, 0), await _store.Escrow.LeaseAsync(Ask(other, 1), default));
        Assert.Equal(new EscrowSlice(99, 0, 0), await _store.Escrow.LeaseAsync(Ask(chain, 1), default));
        await chain.CommitAsync(Debit("a", 99));
        await other.CommitAsync(Debit("b", 1));

        Escrowed account = Assert.Single(await EscrowAsync());
        Assert.Equal(new Escrowed(Book.Suzhou, 100, 0, 0, -100), account);
        Assert.Equal([0], (await chain.TryAsync(Debit("c", 1))).OverCapAt);
    }

    [Fact]
    public async Task Escrow_slices_shrink_with_the_headroom_down_to_what_is_needed()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        await _store.Escrow.SetCapAsync(Book.Suzhou, 1_000, ++_revision, default);

        Assert.Equal(250, (await _store.Escrow.LeaseAsync(Ask(chain, 1, 10_000), default))!.Value.GrantedFen);
        Assert.Equal(250 + 187, (await _store.Escrow.LeaseAsync(Ask(chain, 1, 10_000), default))!.Value.GrantedFen);
        Assert.Equal(new EscrowSlice(437 + 563, 0, 0), await _store.Escrow.LeaseAsync(Ask(chain, 563, 10_000), default));
    }

    [Fact]
    public async Task Escrow_of_a_chain_that_went_silent_is_dealt_out_again_and_cannot_be_used_late()
    {
        TestChain dead = await TestChain.OpenAsync(_store);
        TestChain alive = await TestChain.OpenAsync(_store);
        await _store.Escrow.SetCapAsync(Book.Suzhou, 100, ++_revision, default);
        await _store.Escrow.LeaseAsync(Ask(dead, 100), default);
        SealedBatch late = dead.Seal(Debit("late", 100));

        Assert.Equal(0, (await _store.Escrow.LeaseAsync(Ask(alive, 60), default))!.Value.GrantedFen);
        SliceRequest afterwards = Ask(alive, 60) with { Now = Later };
        Assert.Equal(60, (await _store.Escrow.LeaseAsync(afterwards, default))!.Value.GrantedFen);

        Assert.Equal([0], (await dead.TryAsync(late)).OverCapAt);
        await alive.CommitAsync(Debit("b", 60));
        Assert.Equal(-60, Assert.Single(await EscrowAsync()).NetFen);
    }

    [Fact]
    public async Task Escrow_what_comes_in_makes_room_again()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        await _store.Escrow.SetCapAsync(Book.Suzhou, 100, ++_revision, default);
        await _store.Escrow.LeaseAsync(Ask(chain, 100), default);
        await chain.CommitAsync(Debit("a", 100));
        Assert.Equal(0, (await _store.Escrow.LeaseAsync(Ask(chain, 1), default))!.Value.HeadroomFen);

        await chain.CommitAsync(Between(Book.Zhengzhou, Book.Suzhou, "b", 40));

        Assert.Equal(new EscrowSlice(140, 100, 0), await _store.Escrow.LeaseAsync(Ask(chain, 40), default));
    }

    [Fact]
    public async Task Escrow_inside_a_region_needs_no_lease()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        await _store.Escrow.SetCapAsync(Book.Suzhou, 0, ++_revision, default);

        await chain.CommitAsync(Between(Book.Suzhou, Book.Suzhou, "a", 40));
    }

    [Fact]
    public async Task Escrow_cap_set_below_the_debt_deals_nothing_out_until_there_is_room()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        await chain.CommitAsync(Debit("a", 500));
        await _store.Escrow.SetCapAsync(Book.Suzhou, 1_000, ++_revision, default);
        await _store.Escrow.LeaseAsync(Ask(chain, 300), default);

        await _store.Escrow.SetCapAsync(Book.Suzhou, 400, ++_revision, default);

        Assert.Equal(new Escrowed(Book.Suzhou, 400, 500, 0, -500), Assert.Single(await EscrowAsync()));
        Assert.Equal([0], (await chain.TryAsync(Debit("b", 1))).OverCapAt);
        Assert.Equal(0, (await _store.Escrow.LeaseAsync(Ask(chain, 1), default))!.Value.GrantedFen);
        await chain.CommitAsync(Between(Book.Zhengzhou, Book.Suzhou, "c", 101));
        Assert.Equal(1, (await _store.Escrow.LeaseAsync(Ask(chain, 1), default))!.Value.GrantedFen);
    }

    [Fact]
    public async Task Escrow_same_cap_set_again_revokes_nothing_and_no_cap_frees()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        await _store.Escrow.SetCapAsync(Book.Suzhou, 100, ++_revision, default);
        await _store.Escrow.LeaseAsync(Ask(chain, 100), default);

        await _store.Escrow.SetCapAsync(Book.Suzhou, 100, ++_revision, default);
        await chain.CommitAsync(Debit("a", 100));
        await _store.Escrow.SetCapAsync(Book.Suzhou, null, ++_revision, default);

        await chain.CommitAsync(Debit("b", 1_000));
        Assert.Empty(await EscrowAsync());
    }

    [Fact]
    public async Task Escrow_cap_that_comes_late_does_not_undo_a_later_one()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        await _store.Escrow.SetCapAsync(Book.Suzhou, 100, 2, default);
        await _store.Escrow.LeaseAsync(Ask(chain, 100), default);

        await _store.Escrow.SetCapAsync(Book.Suzhou, 500, 1, default);
        await _store.Escrow.SetCapAsync(Book.Suzhou, null, 2, default);

        Assert.Equal(new Escrowed(Book.Suzhou, 100, 0, 100, 0), Assert.Single(await EscrowAsync()));
        await _store.Escrow.SetCapAsync(Book.Suzhou, null, 3, default);
        await _store.Escrow.SetCapAsync(Book.Suzhou, 100, 2, default);
        await chain.CommitAsync(Debit("a", 1_000));
    }

    [Fact]
    public async Task Escrow_person_who_moves_takes_their_money_under_the_cap_too()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        Book mover = new("mover");
        await chain.CommitAsync(mover.Register(), mover.Credit(700));
        await _store.Escrow.SetCapAsync(Book.Suzhou, 1_000, ++_revision, default);

        Assert.Equal([0], (await chain.TryAsync(new Book("mover", 2, new Amounts(700, 0, 0, 0)).Move())).OverCapAt);
        await _store.Escrow.LeaseAsync(Ask(chain, 700), default);
        await chain.CommitAsync(mover.Move());

        Assert.Equal(-700, Assert.Single(await EscrowAsync()).NetFen);
    }

    [Fact]
    public async Task Escrow_under_contention_never_passes_the_cap_and_is_used_up()
    {
        const long capFen = 1_000;
        await _store.Escrow.SetCapAsync(Book.Suzhou, capFen, ++_revision, default);

        long[] used = await Task.WhenAll(Enumerable.Range(0, 4).Select(silo => Task.Run(() => SpendAsync(silo))));

        Escrowed account = Assert.Single(await EscrowAsync());
        Assert.Equal(-used.Sum(), account.NetFen);
        Assert.InRange(used.Sum() + account.OpenFen, capFen - 6, capFen);
        Assert.InRange(account.OpenFen, 0, 4 * 6);

        async Task<long> SpendAsync(int silo)
        {
            TestChain chain = await TestChain.OpenAsync(_store);
            (long granted, long spent) = (0, 0);
            for (int i = 0; ; i++)
            {
                long fen = 1 + (i + silo) % 7;
                if (granted - spent < fen)
                {
                    granted = (await _store.Escrow.LeaseAsync(Ask(chain, fen - (granted - spent), 50), default))!.Value.GrantedFen;
                    if (granted - spent < fen)
                    {
                        return spent;
                    }
                }

                CommitResult result = await chain.TryAsync(Debit($"s{silo}-{i}", fen));
                Assert.True(result.Status == CommitStatus.Committed || result.InTheWay == 0);
                spent += result.Status == CommitStatus.Committed ? fen : 0;
            }
        }
    }

    /// <summary>A region's cap and its debt when that was set, what is granted and not used, and what others owe it (positive) or it owes others.</summary>
    private sealed record Escrowed(RegionCode Region, long CapFen, long DebtFen, long OpenFen, long NetFen);

    /// <summary>Reads all caps.</summary>
    private async Task<List<Escrowed>> EscrowAsync()
    {
        await using ILedgerScan scan = await _store.OpenScanAsync(default);
        List<StoredSlice> slices = await scan.SlicesAsync(default).ToListAsync();
        List<KeyValuePair<DeltaKey, DeltaSum>> deltas = await scan.DeltasAsync(default).Where(delta => Escrow.IsDebit(delta.Key)).ToListAsync();
        return await scan.CapsAsync(default).Select(cap => new Escrowed(
            cap.Region,
            cap.CapFen,
            cap.DebtFen,
            slices.Where(slice => slice.Region == cap.Region).Sum(slice => slice.GrantedFen - slice.UsedFen),
            deltas.Sum(delta => delta.Key.To == cap.Region ? delta.Value.AmountFen : delta.Key.From == cap.Region ? -delta.Value.AmountFen : 0))).ToListAsync();
    }

    private Guid Next() => Book.Id(Interlocked.Increment(ref _operations));

    private Entry Debit(string payee, long fen) => new Book(payee).Receive(Next(), "payer", fen);

    private Entry Between(RegionCode from, RegionCode to, string payee, long fen) =>
        new Book(payee).Receive(Next(), "payer", fen) with { Detail = new ReceiveTerms("payer", from, to) };

    private static SliceRequest Ask(TestChain chain, long needFen, long? wantFen = null) =>
        new(Book.Suzhou, chain.Head.Chain, needFen, wantFen ?? needFen, Book.Noon, Later);
}
