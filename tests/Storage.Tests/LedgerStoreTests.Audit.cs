using Gongji.Ledger;
using Gongji.Ledger.Audit;

namespace Gongji.Storage.Tests;

/// <content>What an audit finds though every hash agrees, since whoever did it wrote through a store without its guards.</content>
public abstract partial class LedgerStoreTests
{
    /// <summary>Takes the key of (operation, leg) away.</summary>
    protected abstract string DropOperationKey { get; }

    [Fact]
    public async Task Audit_finds_a_credit_that_is_there_twice_without_its_key()
    {
        (Guid repeated, Guid other) = (Book.Id(7), Book.Id(8));
        TestChain chain = await TestChain.OpenAsync(_store);
        (Book a, Book b) = (new Book("a"), new Book("b"));
        await chain.CommitAsync(a.Register(), b.Register(), a.Credit(100, repeated), b.Credit(1, other), a.Hold(Book.Id(9), 40));
        Assert.Empty(await ViolationsAsync("transfer-outcomes"));
        await _harness.ExecuteAsync(DropOperationKey);
        await chain.CommitAsync(a.Credit(5), b.Credit(100, repeated));

        string[] violations = await ViolationsAsync("transfer-outcomes");

        string text = Assert.Single(violations, text => text.Contains($"{repeated}", StringComparison.Ordinal));
        Assert.Contains("account a/2", text, StringComparison.Ordinal);
        Assert.Contains("account b/3", text, StringComparison.Ordinal);
        Assert.DoesNotContain(violations, text => text.Contains($"{other}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Audit_finds_a_credit_with_the_id_of_a_transfer()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        (Book a, Book b) = (new Book("a"), new Book("b"));
        await chain.CommitAsync(a.Register(), b.Register(), a.Credit(100), a.Hold(Book.Id(9), 40));
        await _harness.ExecuteAsync(DropOperationKey);
        await chain.CommitAsync(b.Credit(40, Book.Id(9)));

        string text = Assert.Single(await ViolationsAsync("transfer-outcomes"), text => text.Contains($"{Book.Id(9)}", StringComparison.Ordinal));

        Assert.Contains("account a/3", text, StringComparison.Ordinal);
        Assert.Contains("account b/2", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Audit_finds_an_open_day_that_was_set_back_or_forward_or_is_gone()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        await _harness.ExecuteAsync($"UPDATE clearing_days SET open_day = {SqlDay(Today)}");
        Assert.Contains("0001-01-01", Assert.Single(await ViolationsAsync("clearing")), StringComparison.Ordinal);
        await _harness.ExecuteAsync($"UPDATE clearing_days SET open_day = {SqlDay(ClearingDays.First)}");
        Assert.Empty(await ViolationsAsync("clearing"));
        await chain.CommitAsync(new Book(ClearingAccounts.Days).CloseDay(Today));
        Assert.Empty(await ViolationsAsync("clearing"));
        foreach (DateOnly wrong in new[] { Today, Tomorrow.AddDays(1) })
        {
            await _harness.ExecuteAsync($"UPDATE clearing_days SET open_day = {SqlDay(wrong)}");
            string text = Assert.Single(await ViolationsAsync("clearing"));
            Assert.Contains($"{wrong:yyyy-MM-dd}", text, StringComparison.Ordinal);
            Assert.Contains($"{Tomorrow:yyyy-MM-dd}", text, StringComparison.Ordinal);
        }

        await _harness.ExecuteAsync("DELETE FROM clearing_days");
        Assert.Single(await ViolationsAsync("clearing"));
    }

    [Fact]
    public async Task Audit_finds_what_counts_on_a_closed_day_after_the_open_day_was_set_back_and_forward_again()
    {
        Book a = new("a");
        await CountOnClosedDayAsync(
            chain => chain.CommitAsync(a.Register(), a.Credit(100)),
            chain => chain.CommitAsync(a.Hold(Book.Id(9), 40)),
            late => late.CommitAsync(a.Credit(7)));

        Assert.Contains(await ViolationsAsync("clearing"), text => text.StartsWith("account a/4: ", StringComparison.Ordinal));
    }

    /// <summary>What moves no money between regions counts on no day.</summary>
    [Fact]
    public async Task Audit_of_a_hold_by_a_chain_that_does_not_know_of_a_closing_is_clean()
    {
        Book a = new("a");
        TestChain chain = await TestChain.OpenAsync(_store);
        TestChain late = await TestChain.OpenAsync(_store);
        await chain.CommitAsync(a.Register(), a.Credit(100));
        await chain.CommitAsync(new Book(ClearingAccounts.Days).CloseDay(Today));
        chain.OpenDay = Tomorrow;
        await chain.CommitAsync(a.Credit(100));
        await late.CommitAsync(a.Hold(Book.Id(9), 40));

        Assert.Empty(await ViolationsAsync("clearing"));
    }

    /// <summary>Before and after a closing, and then by another chain for the day that was closed.</summary>
    private protected async Task CountOnClosedDayAsync(Func<TestChain, Task> before, Func<TestChain, Task> after, Func<TestChain, Task> late)
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        await before(chain);
        await chain.CommitAsync(new Book(ClearingAccounts.Days).CloseDay(Today));
        chain.OpenDay = Tomorrow;
        await after(chain);
        Assert.Empty(await ViolationsAsync("clearing"));
        await _harness.ExecuteAsync($"UPDATE clearing_days SET open_day = {SqlDay(Today)}");
        TestChain other = await TestChain.OpenAsync(_store);
        other.OpenDay = Today;
        await late(other);
        await _harness.ExecuteAsync($"UPDATE clearing_days SET open_day = {SqlDay(Tomorrow)}");
    }

    /// <summary>A day as the store has it.</summary>
    protected abstract string SqlDay(DateOnly day);

    /// <summary>What was missing is said, and no process starts on it.</summary>
    protected async Task ExpectMissingAsync(string damage, string invariant, string named)
    {
        await _harness.ExecuteAsync(damage);
        Assert.Contains(named, Assert.Single(await ViolationsAsync(invariant)), StringComparison.Ordinal);
        MigrationException refused = await Assert.ThrowsAsync<MigrationException>(() => _store.MigrateAsync(default));
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }

    /// <summary>What the invariant says, without what else is wrong.</summary>
    protected async Task<string[]> ViolationsAsync(string invariant) =>
        [.. Assert.Single((await new LedgerAuditor().RunAsync(_store, null, default)).Invariants, each => each.Name == invariant).Violations];
}
