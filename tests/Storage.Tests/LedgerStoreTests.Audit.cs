using Gongji.Ledger;

namespace Gongji.Storage.Tests;

/// <content>What an audit finds although every hash agrees, because the entries were written through a store without its guards.</content>
public abstract partial class LedgerStoreTests
{
    /// <summary>SQL that drops the unique key (operation, leg).</summary>
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

    /// <summary>An entry that moves no money between regions counts on no day.</summary>
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

    [Fact]
    public async Task Audit_of_sums_past_64_bits_is_a_violation_and_no_failure()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        Book a = new("a");
        await chain.CommitAsync(a.Register(), a.Credit(100));
        await _store.Escrow.SetCapAsync(Book.Suzhou, 100, ++_revision, default);
        Assert.Empty(await ViolationsAsync("region-deltas"));
        await _harness.ExecuteAsync(string.Join(';', new[] { 8, 9 }.Select(other =>
            $"INSERT INTO deltas (chain, day, from_region, to_region, activity, tier, count, amount_fen) VALUES ({other}, {SqlDay(Today)}, 320500, 410100, 2, 3, 1, {long.MaxValue})")));

        Assert.Contains("64 bits", Assert.Single(await ViolationsAsync("region-deltas")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Audit_finds_caps_and_slices_that_do_not_go_together()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        await _store.Escrow.SetCapAsync(Book.Suzhou, 100, ++_revision, default);
        await _store.Escrow.LeaseAsync(Ask(chain, 80), default);
        await chain.CommitAsync(Debit("a", 60));
        Assert.Equal(new Escrowed(Book.Suzhou, 100, 0, 20, -60), Assert.Single(await EscrowAsync()));
        Assert.Empty(await EscrowViolationsAsync());

        // 40 fen of the cap are left, so that much may be open.
        await _harness.ExecuteAsync("UPDATE escrow_slices SET granted_fen = 100");
        Assert.Empty(await EscrowViolationsAsync());
        await _harness.ExecuteAsync("UPDATE escrow_slices SET granted_fen = 101");
        Assert.Contains("41 fen", Assert.Single(await EscrowViolationsAsync()), StringComparison.Ordinal);
        await _harness.ExecuteAsync("UPDATE escrow_slices SET granted_fen = 60; INSERT INTO escrow_slices VALUES (320500, 77, 41, 0, 99999999999999)");
        Assert.Contains("41 fen", Assert.Single(await EscrowViolationsAsync()), StringComparison.Ordinal);
        await _harness.ExecuteAsync("DELETE FROM escrow_slices WHERE chain = 77; UPDATE escrow_caps SET cap_fen = 59");
        Assert.Contains("59", Assert.Single(await EscrowViolationsAsync()), StringComparison.Ordinal);
        await _harness.ExecuteAsync("UPDATE escrow_caps SET debt_fen = 60");
        Assert.Empty(await EscrowViolationsAsync());
        await _harness.ExecuteAsync(UsePastGranted);
        Assert.Contains($"chain {chain.Head.Chain}", Assert.Single(await EscrowViolationsAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Audit_of_a_cap_below_the_debt_is_clean_until_something_is_dealt_out()
    {
        TestChain chain = await TestChain.OpenAsync(_store);
        await chain.CommitAsync(Debit("a", 500));
        await _store.Escrow.SetCapAsync(Book.Suzhou, 400, ++_revision, default);
        Assert.Empty(await EscrowViolationsAsync());
        await chain.CommitAsync(Between(Book.Zhengzhou, Book.Suzhou, "c", 101));
        await _store.Escrow.LeaseAsync(Ask(chain, 1), default);
        Assert.Empty(await EscrowViolationsAsync());
        await _harness.ExecuteAsync("UPDATE escrow_slices SET granted_fen = 2");
        Assert.Single(await EscrowViolationsAsync());
    }

    /// <summary>The violations about what a region may owe; a receipt without a hold also makes its people's balances disagree.</summary>
    private async Task<string[]> EscrowViolationsAsync() =>
        [.. (await ViolationsAsync("region-deltas")).Where(text => text.StartsWith("region ", StringComparison.Ordinal) && !text.Contains("its people have", StringComparison.Ordinal))];

    /// <summary>SQL that uses more of a slice than was granted, which the store itself would not allow.</summary>
    protected abstract string UsePastGranted { get; }

    /// <summary>Commits before and after a closing, and then through another chain that still counts on the closed day.</summary>
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

    /// <summary>A day in the store's form.</summary>
    protected abstract string SqlDay(DateOnly day);

    /// <summary>The audit names what is missing, and no process starts on such a store.</summary>
    protected async Task ExpectMissingAsync(string damage, string invariant, string named)
    {
        await _harness.ExecuteAsync(damage);
        Assert.Contains(named, Assert.Single(await ViolationsAsync(invariant)), StringComparison.Ordinal);
        MigrationException refused = await Assert.ThrowsAsync<MigrationException>(() => _store.MigrateAsync(default));
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }

    /// <summary>The violations of one invariant alone.</summary>
    protected async Task<string[]> ViolationsAsync(string invariant) =>
        [.. Assert.Single((await new LedgerAuditor().RunAsync(_store, null, default)).Invariants, each => each.Name == invariant).Violations];
}
