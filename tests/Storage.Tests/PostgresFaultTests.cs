using Gongji.Ledger;
using Gongji.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Gongji.Storage.Tests;

/// <summary>The journal on a PostgreSQL that fails.</summary>
public sealed class PostgresFaultTests
{
    /// <summary>The requests that a commit sends in succession: the lock of its place, the start of the copy, its rows, and all else with the commit.</summary>
    private const int CommitRequests = 4;

    [Theory]
    [InlineData(PostgresStop.Fast)]
    [InlineData(PostgresStop.Immediate)]
    public async Task Server_stopped_in_mid_load_and_started_again_loses_and_doubles_nothing(PostgresStop how)
    {
        await using PostgresServer server = await PostgresServer.StartAsync();
        PostgresHarness harness = await PostgresHarness.CreateAsync(server);
        await using ILedgerStore store = await harness.OpenMigratedAsync();
        await using Journal journal = await StartAsync(store, partitions: 2, graceMs: 100);
        Producer[] producers = [.. Enumerable.Range(0, 16).Select(i => new Producer($"p{i}", store, journal))];
        Task load = Task.WhenAll(producers.Select(producer => producer.RunAsync(400)));
        for (int round = 0; round < 2; round++)
        {
            await UntilAsync(() => Task.FromResult(producers.Sum(producer => producer.Answered.Count) > 500 * (round + 1)), load);
            await server.StopAsync(how);
            await UntilAsync(() => Task.FromResult(!journal.IsHealthy), Task.Delay(Timeout.Infinite));
            await server.StartAgainAsync();
        }

        await load;
        await journal.StopAsync(default);
        Assert.Contains(producers, producer => producer.Met.Count > 0);
        List<Entry> entries = await Verification.VerifyAsync(store);
        Assert.Equal(16 * 400, entries.Count);
        HashSet<Guid> there = [.. entries.Select(entry => entry.Operation)];
        Assert.All(producers.SelectMany(producer => producer.Answered), operation => Assert.Contains(operation, there));
    }

    [Theory]
    [InlineData(Cut.BeforeAnswer)]
    [InlineData(Cut.BeforeRequest)]
    public async Task Connection_cut_during_commit_is_resolved_to_the_one_truth(Cut cut)
    {
        PostgresHarness harness = await PostgresHarness.CreateAsync();
        await using ILedgerStore direct = await harness.OpenMigratedAsync();
        await using CuttingProxy proxy = new(new NpgsqlConnectionStringBuilder(harness.ConnectionString).Port);
        await using PostgresLedgerStore store = harness.OpenThrough(proxy.Port);
        await using Journal journal = await StartAsync(store, partitions: 1, graceMs: 10_000);
        Book a = new("a");
        await AppendAsync(journal, a, a.Register());
        for (int request = 0; request < CommitRequests; request++)
        {
            proxy.CutNext(cut, request);
            await AppendAsync(journal, a, a.Credit(1));
            Assert.Equal(request + 1, proxy.Cuts);
        }

        await journal.StopAsync(default);
        Assert.Equal(1 + CommitRequests, (await Verification.VerifyAsync(direct)).Count);
    }

    [Fact]
    public async Task Batch_waits_for_whoever_has_the_place_before_it()
    {
        PostgresHarness harness = await PostgresHarness.CreateAsync();
        await using NpgsqlConnection other = new(harness.ConnectionString);
        await other.OpenAsync();

        // A statement that would have to wait fails instead.
        await ExecuteAsync(other, "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET lock_timeout = 200', current_database()); END $$");
        await using ILedgerStore store = await harness.OpenMigratedAsync();
        TestChain chain = await TestChain.OpenAsync(store);
        await chain.CommitAsync(new Book("a").Register());
        await ExecuteAsync(other, $"SELECT pg_advisory_lock({chain.Head.Chain}, {chain.Head.Sequence})");
        SealedBatch successor = chain.Seal(new Book("b").Register()) with { IsSuccessor = true };
        StoreUnavailableException waited = await Assert.ThrowsAsync<StoreUnavailableException>(() => chain.TryAsync(successor));
        Assert.Contains(PostgresErrorCodes.LockNotAvailable, waited.Message, StringComparison.Ordinal);
        Assert.Empty(await store.ReadEntriesAsync("b", 0, 10, default));
        await ExecuteAsync(other, $"SELECT pg_advisory_unlock({chain.Head.Chain}, {chain.Head.Sequence})");
        Assert.Equal(CommitStatus.Committed, (await chain.TryAsync(successor with { IsSuccessor = false })).Status);
    }

    [Fact]
    public async Task Connection_cut_before_the_commit_is_sent_is_told_as_unavailable_and_nothing_is_written()
    {
        PostgresHarness harness = await PostgresHarness.CreateAsync();
        await using ILedgerStore direct = await harness.OpenMigratedAsync();
        await using CuttingProxy proxy = new(new NpgsqlConnectionStringBuilder(harness.ConnectionString).Port);
        await using PostgresLedgerStore store = harness.OpenThrough(proxy.Port);
        TestChain chain = await TestChain.OpenAsync(store);
        await chain.CommitAsync(new Book("b").Register());
        for (int request = 0; request < CommitRequests; request++)
        {
            // Uses a connection that is already open, and an account that already has its number.
            await chain.CommitAsync(new Book($"a{request}").Register());
            SealedBatch batch = chain.Seal(new Book("b", version: 1).Credit(1));
            proxy.CutNext(Cut.BeforeAnswer, request);
            Exception cut = await Assert.ThrowsAnyAsync<Exception>(() => chain.TryAsync(batch));
            bool isSent = request == CommitRequests - 1;
            Assert.Equal(isSent ? typeof(StoreOutcomeUnknownException) : typeof(StoreUnavailableException), cut.GetType());
            Assert.Equal(isSent ? 1 : 0, (await direct.ReadEntriesAsync("b", 1, 10, default)).Count);
        }
    }

    [Fact]
    public async Task Connection_cut_during_commit_without_grace_is_told_as_unknown_and_settled()
    {
        PostgresHarness harness = await PostgresHarness.CreateAsync();
        await using ILedgerStore direct = await harness.OpenMigratedAsync();
        await using CuttingProxy proxy = new(new NpgsqlConnectionStringBuilder(harness.ConnectionString).Port);
        await using PostgresLedgerStore store = harness.OpenThrough(proxy.Port);
        await using Journal journal = await StartAsync(store, partitions: 1, graceMs: 0);
        Book a = new("a");
        await AppendAsync(journal, a, a.Register());
        proxy.CutNext(Cut.BeforeAnswer, CommitRequests - 1);
        Guid operation = Book.Id(1);
        Assert.Equal(AppendOutcome.Unknown, await Append(journal, a, a.Credit(1, operation)));
        await UntilAsync(() => Task.FromResult(journal.IsHealthy), Task.Delay(Timeout.Infinite));

        // Healthy again means that the doubt is resolved: the batch was written before the answer was lost.
        Assert.Single(await direct.ReadOperationAsync(operation, default));
        Book again = new("a", version: 2, a.Balances);
        await AppendAsync(journal, again, again.Credit(1));
        Assert.Equal(3, (await Verification.VerifyAsync(direct)).Count);
    }

    [Fact]
    public async Task Backend_terminated_while_it_commits_is_resolved_to_the_one_truth()
    {
        PostgresHarness harness = await PostgresHarness.CreateAsync();
        await using ILedgerStore store = await harness.OpenMigratedAsync();

        // Commits wait for a lock that the test holds, so that the test can terminate their backend in the middle.
        await harness.ExecuteAsync("""
            CREATE FUNCTION wait_for_test() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_xact_lock_shared(42); RETURN NULL; END $$;
            CREATE TRIGGER wait_for_test AFTER INSERT ON batches FOR EACH STATEMENT EXECUTE FUNCTION wait_for_test();
            """);
        await using Journal journal = await StartAsync(store, partitions: 1, graceMs: 10_000);
        Book a = new("a");
        await AppendAsync(journal, a, a.Register());
        await using NpgsqlConnection holder = new(harness.ConnectionString);
        await holder.OpenAsync();
        await RunAsync(holder, "SELECT pg_advisory_lock(42)");
        Task<AppendOutcome> durable = Append(journal, a, a.Credit(1));
        for (int round = 0; round < 3; round++)
        {
            await UntilAsync(async () => await RunAsync(holder, "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted") is not null, durable);
            await RunAsync(holder, "SELECT pg_terminate_backend(pid, 10000) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted");
        }

        await RunAsync(holder, "SELECT pg_advisory_unlock(42)");
        Assert.Equal(AppendOutcome.Durable, await durable);
        Assert.Equal(2, (await Verification.VerifyAsync(store)).Count);
    }

    /// <summary>With a synchronous standby, a commit is durable once the standby has it, not once the server was told to stop waiting.</summary>
    [Fact]
    public async Task Commit_that_no_standby_has_is_not_told_as_committed()
    {
        await using PostgresServer server = await PostgresServer.StartAsync();
        PostgresHarness harness = await PostgresHarness.CreateAsync(server);
        await using ILedgerStore store = await harness.OpenMigratedAsync();
        TestChain chain = await TestChain.OpenAsync(store);
        Book a = new("a");
        await chain.CommitAsync(a.Register());
        await SetStandbyAsync("nobody");

        SealedBatch batch = chain.Seal(a.Credit(1));
        await Assert.ThrowsAsync<StoreOutcomeUnknownException>(() => chain.TryAsync(batch));
        Assert.Equal(chain.Head.Sequence, (await store.ReadChainHeadAsync(batch.Chain, default)).Sequence);

        // The attempt to find out what became of it does not wait for ever either, and learns that it wrote nothing.
        await Assert.ThrowsAsync<StoreUnavailableException>(() => chain.TryAsync(chain.Seal()));

        await SetStandbyAsync("");
        await UntilAsync(async () => (await store.ReadChainHeadAsync(batch.Chain, default)).Hash.AsSpan().SequenceEqual(batch.Hash), Task.Delay(Timeout.Infinite));

        async Task SetStandbyAsync(string name)
        {
            await harness.ExecuteAsync($"ALTER SYSTEM SET synchronous_standby_names = '{name}'");
            await harness.ExecuteAsync("SELECT pg_reload_conf()");
            await UntilAsync(async () => (string?)await harness.ScalarAsync("SHOW synchronous_standby_names") == name, Task.Delay(Timeout.Infinite));
        }
    }

    /// <summary>The new primary lacks the old one's last transaction, which gave an account its number; no batch is lost.</summary>
    [Fact]
    public async Task Number_of_an_account_that_a_failover_has_lost_is_not_written_with()
    {
        PostgresHarness harness = await PostgresHarness.CreateAsync();
        await using ILedgerStore store = await harness.OpenMigratedAsync();
        TestChain chain = await TestChain.OpenAsync(store);
        await chain.CommitAsync(new Book("a").Register());
        await NumberAsync("y");
        await harness.ExecuteAsync("DELETE FROM accounts WHERE name = 'y'");
        await harness.ExecuteAsync("SELECT setval(pg_get_serial_sequence('accounts', 'number'), (SELECT max(number) FROM accounts))");

        Book y = new("y");
        SealedBatch batch = chain.Seal(y.Register(), y.Credit(500));
        CommitResult refused = await chain.TryAsync(batch);
        Assert.Equal((CommitStatus.Conflict, 0), (refused.Status, refused.InTheWay));
        Assert.Equal(CommitStatus.Committed, (await chain.TryAsync(batch)).Status);
        await using ILedgerStore other = await harness.OpenMigratedAsync();
        await (await TestChain.OpenAsync(other)).CommitAsync(new Book("z").Register());

        Assert.Equal(2, (await other.LoadAccountAsync("y", default)).Entries.Count);
        Assert.Equal("z", Assert.Single((await other.LoadAccountAsync("z", default)).Entries).Account);
        await Verification.VerifyAsync(other);

        // The account gets its number and the store remembers it, but its batch cannot be committed.
        async Task NumberAsync(string account)
        {
            await harness.ExecuteAsync("ALTER TABLE entries ADD CONSTRAINT nothing CHECK (false) NOT VALID");
            await Assert.ThrowsAsync<StoreUnavailableException>(() => chain.TryAsync(new Book(account).Register()));
            await harness.ExecuteAsync("ALTER TABLE entries DROP CONSTRAINT nothing");
        }
    }

    /// <summary>The new primary lacks another silo's last batch, with the first entry of an account that this silo has loaded, and the account's number.</summary>
    [Fact]
    public async Task Number_that_a_failover_has_lost_with_the_first_entry_is_not_written_with()
    {
        PostgresHarness harness = await PostgresHarness.CreateAsync();
        await using ILedgerStore store = await harness.OpenMigratedAsync();
        TestChain chain = await TestChain.OpenAsync(store);
        await chain.CommitAsync(new Book("a").Register());
        await using ILedgerStore other = await harness.OpenMigratedAsync();
        TestChain lost = await TestChain.OpenAsync(other);
        Book y = new("y");
        await lost.CommitAsync(y.Register());
        Assert.Single((await store.LoadAccountAsync("y", default)).Entries);
        await harness.ExecuteAsync(
            $"""
            ALTER TABLE entries DISABLE TRIGGER entries_append_only; ALTER TABLE batches DISABLE TRIGGER batches_append_only;
            DELETE FROM entries WHERE batch >> 32 = {lost.Head.Chain}; DELETE FROM batches WHERE id >> 32 = {lost.Head.Chain}; DELETE FROM accounts WHERE name = 'y';
            ALTER TABLE entries ENABLE TRIGGER entries_append_only; ALTER TABLE batches ENABLE TRIGGER batches_append_only;
            SELECT setval(pg_get_serial_sequence('accounts', 'number'), (SELECT max(number) FROM accounts))
            """);
        await (await TestChain.OpenAsync(other)).CommitAsync(new Book("z").Register());

        SealedBatch batch = chain.Seal(y.Credit(500));
        CommitResult refused = await chain.TryAsync(batch);
        Assert.Equal((CommitStatus.Conflict, 0), (refused.Status, refused.InTheWay));
        Assert.Equal([0], (await chain.TryAsync(batch)).StaleAt);

        Assert.Empty((await store.LoadAccountAsync("y", default)).Entries);
        Assert.Equal("z", Assert.Single((await other.LoadAccountAsync("z", default)).Entries).Account);
        await Verification.VerifyAsync(other);
    }

    [Theory]
    [InlineData(6)]
    [InlineData(-6)]
    public async Task Machine_whose_clock_says_another_time_than_the_servers_does_not_begin(int minutesAhead)
    {
        PostgresHarness harness = await PostgresHarness.CreateAsync();
        PostgresStoreOptions options = new() { ConnectionString = harness.ConnectionString, ConnectionsMax = 2 };
        FakeClock wrong = new(TimeProvider.System.GetUtcNow().AddMinutes(minutesAhead));
        await using PostgresLedgerStore store = new(options, wrong, NullLogger<PostgresLedgerStore>.Instance);

        StoreUnavailableException refused = await Assert.ThrowsAsync<StoreUnavailableException>(() => store.MigrateAsync(default));
        Assert.Contains("NTP", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deadlocked_batches_of_two_journals_are_tried_again()
    {
        PostgresHarness harness = await PostgresHarness.CreateAsync();
        await using ILedgerStore store = await harness.OpenMigratedAsync();
        TestChain one = await TestChain.OpenAsync(store);
        TestChain two = await TestChain.OpenAsync(store);

        // Both batches want the same versions, in opposite order.
        Book[] left = [.. Enumerable.Range(0, 2_000).Select(i => new Book($"p{i:D4}"))];
        Entry[] entries = [.. left.Select(book => book.Register())];
        CommitResult[] results = await Task.WhenAll(one.TryAsync(entries), two.TryAsync([.. entries.Reverse()]));
        Assert.Contains(results, result => result.Status == CommitStatus.Committed);
        Assert.Single(results, result => result.Status == CommitStatus.Conflict);
        Assert.Equal(2_000, (await Verification.VerifyAsync(store)).Count);
    }

    private static async Task<Journal> StartAsync(ILedgerStore store, int partitions, int graceMs)
    {
        Journal journal = new(
            store, new JournalOptions { Writer = "test", Partitions = partitions, Grace = TimeSpan.FromMilliseconds(graceMs) }, TimeProvider.System, NullLogger<Journal>.Instance);
        await journal.StartAsync(default);
        return journal;
    }

    private static Task<AppendOutcome> Append(Journal journal, Book book, Entry entry)
    {
        Assert.True(journal.TryAppend(book.Writer, entry, out Task<AppendOutcome> durable, out AppendOutcome refusal), refusal.ToString());
        return durable;
    }

    private static async Task AppendAsync(Journal journal, Book book, Entry entry) => Assert.Equal(AppendOutcome.Durable, await Append(journal, book, entry));

    private static async Task<object?> RunAsync(NpgsqlConnection connection, string sql)
    {
        await using NpgsqlCommand command = new(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>Checks repeatedly until a condition holds; it is a failure when the other task ends first.</summary>
    private static async Task UntilAsync(Func<Task<bool>> condition, Task mustNotEnd)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        while (!await condition())
        {
            limit.Token.ThrowIfCancellationRequested();
            Assert.False(mustNotEnd.IsCompleted, "It ended before what was waited for.");
            await Task.Yield();
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
