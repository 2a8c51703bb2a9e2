using Gongji.Ledger;

namespace Gongji.Storage.Tests;

public abstract partial class LedgerStoreTests
{
    private const int FirstSchema = 2;

    /// <summary>A ledger from before payments, events and the clearing: what is open in it stays open, and all of it still verifies.</summary>
    [Fact]
    public async Task Migrate_from_the_first_schema_keeps_open_holds_and_the_chain()
    {
        await using StoreHarness harness = await CreateHarnessAsync();
        Book a = new("a");
        Entry[] entries = [a.Register(Book.Id(1)), a.Credit(100, Book.Id(2)), a.Hold(Book.Id(3), 40)];
        string script = OldMigrations + string.Concat(MigrationSet.Load(SetName).Take(FirstSchema).Select(migration => migration.Sql + "\n" + Remember(migration) + ";\n"));
        await harness.ExecuteAsync($"{script}INSERT INTO chains (writer, partition, opened_at) VALUES ('old', 0, 0);\n{OldLedger(new TestChain(_store, 1).Seal(entries))}");

        await using ILedgerStore store = await harness.OpenMigratedAsync();

        StoredHold hold = Assert.Single(await store.FindUnfinishedAsync(Book.NextReturn, Never, Guid.Empty, 10, default));
        Assert.Equal(new StoredHold(Book.Id(3), Leg.Opening, "a", entries[2].At, Book.NextReturn, false), hold);
        Assert.Equal(entries, await store.ReadEntriesAsync("a", 0, 10, default));
        await Verification.VerifyAsync(store);

        // The hold ends like any other; parts of a payment can be open at the same time; the day can be closed.
        TestChain chain = await TestChain.OpenAsync(store);
        Assert.True(chain.Head.Chain > 1);
        await chain.CommitAsync(a.HoldDraw(Book.Id(4), 0, 5), a.HoldDraw(Book.Id(4), 1, 6));
        await chain.CommitAsync(a.Void(Book.Id(3), 40));
        Assert.Equal(
            [Legs.Part(0), Legs.Part(1)],
            (await store.FindUnfinishedAsync(Book.NextReturn, Book.NextReturn, Guid.Empty, 10, default)).Select(open => open.Leg).Order());
        await chain.CommitAsync(a.PostDraw(Book.Id(4), 0, 5), a.PostDraw(Book.Id(4), 1, 6));
        await chain.CommitAsync(new Book(ClearingAccounts.Days).CloseDay(BusinessTime.DayOf(Book.Noon)));
        Assert.Empty(await store.FindUnfinishedAsync(Book.NextReturn, Book.NextReturn, Guid.Empty, 10, default));
        await Verification.VerifyAsync(store);
    }

    /// <summary>The name of the store's set of migrations.</summary>
    protected abstract string SetName { get; }

    /// <summary>SQL that creates the table of applied migrations, in its unchanged form.</summary>
    protected abstract string OldMigrations { get; }

    /// <summary>SQL that records a migration as applied.</summary>
    internal abstract string Remember(Migration migration);

    /// <summary>SQL that inserts a batch, its entries, its deltas and its last entry's hold into the first schema.</summary>
    internal abstract string OldLedger(SealedBatch batch);
}
