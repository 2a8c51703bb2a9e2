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

    /// <summary>What was missing is said, and no process starts on it.</summary>
    protected async Task ExpectMissingAsync(string damage, string invariant, string named)
    {
        await _harness.ExecuteAsync(damage);
        Assert.Contains(named, Assert.Single(await ViolationsAsync(invariant)), StringComparison.Ordinal);
        MigrationException refused = await Assert.ThrowsAsync<MigrationException>(() => _store.MigrateAsync(default));
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }

    /// <summary>What the invariant says, without what else is wrong.</summary>
    private async Task<string[]> ViolationsAsync(string invariant) =>
        [.. Assert.Single((await new LedgerAuditor().RunAsync(_store, null, default)).Invariants, each => each.Name == invariant).Violations];
}
