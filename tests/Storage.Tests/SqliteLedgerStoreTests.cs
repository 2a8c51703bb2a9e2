using Gongji.Ledger;
using Gongji.Ledger.Audit;

namespace Gongji.Storage.Tests;

public sealed class SqliteLedgerStoreTests : LedgerStoreTests
{
    protected override string ForgetChains => "DELETE FROM chains; DELETE FROM sqlite_sequence WHERE name = 'chains'";

    protected override string ForgeEntry =>
        "INSERT INTO entries VALUES (999, 'forged', 1, x'00000000000000000000000000000001', 3, 23, 0, 0, 0, 0, 0, 0, 0, 0, 0, NULL)";

    protected override string DropOperationKey =>
        Rebuild("entries", "UNIQUE (operation, leg)", "CHECK (leg IS NOT NULL)");

    protected override string UsePastGranted => "PRAGMA ignore_check_constraints = on; UPDATE escrow_slices SET used_fen = granted_fen + 1";

    protected override string SqlDay(DateOnly day) => $"{day.DayNumber}";

    protected override string SetName => "Sqlite";

    protected override string OldMigrations =>
        "CREATE TABLE schema_migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT;\n";

    internal override string Remember(Migration migration) =>
        $"INSERT INTO schema_migrations VALUES ({migration.Number}, '{migration.Name}', '{migration.Checksum}', 0)";

    internal override string OldLedger(SealedBatch batch)
    {
        Entry hold = batch.Entries[^1].Entry;
        HoldTerms terms = (HoldTerms)hold.Detail!;
        return $"INSERT INTO batches VALUES ({HashChain.BatchId(batch.Chain, batch.Sequence)}, 0, 1, {batch.Entries.Count}, {Blob(batch.PreviousHash)}, {Blob(batch.Hash)});\n"
            + string.Concat(batch.Entries.Select((item, index) => (item.Entry, item.Detail, Id: index + 1)).Select(item =>
                $"INSERT INTO entries VALUES ({item.Id}, '{item.Entry.Account}', {item.Entry.Version}, {Blob(item.Entry.Operation.ToByteArray(bigEndian: true))}, {(int)item.Entry.Leg}, {(int)item.Entry.Kind}, "
                + $"{Fen(item.Entry.Amounts)}, {Fen(item.Entry.Balances)}, {item.Entry.At.ToUnixTimeMilliseconds()}, {Blob(item.Detail!)});\n"))
            + string.Concat(batch.Deltas.Select(delta =>
                $"INSERT INTO deltas VALUES ({batch.Chain}, {delta.Key.Day.DayNumber}, {delta.Key.From.Value}, {delta.Key.To.Value}, {(int)delta.Key.Activity}, {(int)delta.Key.Tier}, {delta.Value.Count}, {delta.Value.AmountFen});\n"))
            + $"INSERT INTO open_holds VALUES ({Blob(hold.Operation.ToByteArray(bigEndian: true))}, '{hold.Account}', {hold.At.ToUnixTimeMilliseconds()}, {terms.ExpiresAt.ToUnixTimeMilliseconds()}, 0);";
    }

    private static string Blob(byte[] bytes) => $"x'{Convert.ToHexString(bytes)}'";

    private static string Fen(Amounts amounts) => $"{amounts.PersonalFen}, {amounts.WalletFen}, {amounts.HeldFen}, {amounts.QuotaFen}";

    [Theory]
    [InlineData("UNIQUE (account, version)", "account-continuity", "(account, version)")]
    [InlineData("UNIQUE (operation, leg)", "transfer-outcomes", "(operation, leg)")]
    public Task Key_that_is_missing_is_a_violation_and_stops_a_start(string key, string invariant, string named) =>
        ExpectMissingAsync(Rebuild("entries", key, "CHECK (leg IS NOT NULL)"), invariant, named);

    [Theory]
    [InlineData("DROP TRIGGER entries_never_updated", "entries_never_updated")]
    [InlineData("DROP TRIGGER batches_never_deleted", "batches_never_deleted")]
    [InlineData("DROP TRIGGER entries_never_deleted; CREATE TRIGGER entries_never_deleted BEFORE DELETE ON entries WHEN 0 BEGIN SELECT RAISE(ABORT, 'never'); END", "entries_never_deleted")]
    public Task Trigger_that_is_missing_is_a_violation_and_stops_a_start(string damage, string named) => ExpectMissingAsync(damage, "hash-chain", named);

    /// <summary>A start reads no entries. Without a check of the file the server would start, and then fail the callers who need that page.</summary>
    [Fact]
    public async Task File_that_is_damaged_in_its_middle_stops_a_start_and_names_the_way_back()
    {
        await using SqliteHarness harness = new();
        await harness.OpenMigratedAsync();
        await harness.CloseAsync();
        string file = Path.Combine(harness.DataDirectory, "ledger.db");
        long page = await harness.ScalarAsync("SELECT rootpage FROM sqlite_master WHERE name = 'entries'");
        long bytes = await harness.ScalarAsync("PRAGMA page_size");
        await using (FileStream damage = new(file, FileMode.Open, FileAccess.Write))
        {
            damage.Position = (page - 1) * bytes;
            await damage.WriteAsync(Enumerable.Repeat((byte)0x5a, (int)bytes).ToArray());
        }

        ILedgerStore store = harness.Open();
        StoreUnavailableException refused = await Assert.ThrowsAsync<StoreUnavailableException>(() => store.MigrateAsync(default));

        Assert.Contains("ledger.db is damaged", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Backup and restore", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Batch_after_the_last_place_of_a_chain_takes_no_place_of_the_next_chain()
    {
        await using SqliteHarness harness = new();
        ILedgerStore store = await harness.OpenMigratedAsync();
        int chain = await store.OpenChainAsync("test", 0, Book.Noon, default);
        byte[] hash = HashChain.Genesis(77);
        await harness.ExecuteAsync(
            $"INSERT INTO batches (id, sealed_at, first_entry, entry_count, previous_hash, hash, open_day) VALUES ({HashChain.BatchId(chain, uint.MaxValue)}, 0, 1, 0, x'00', {Blob(hash)}, 0)");
        ChainHead head = await store.ReadChainHeadAsync(chain, default);
        Assert.Equal(uint.MaxValue, head.Sequence);

        SealedBatch next = new(chain, head.Sequence + 1, hash, HashChain.Next(hash, []), Book.Noon, [], [], []);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => store.CommitAsync(next, default));

        Assert.Equal(uint.MaxValue, (await store.ReadChainHeadAsync(chain, default)).Sequence);
        await (await TestChain.OpenAsync(store)).CommitAsync(new Book("a").Register());
    }

    [Fact]
    public async Task Key_that_was_made_again_is_a_key()
    {
        await using SqliteHarness harness = new();
        ILedgerStore store = await harness.OpenMigratedAsync();
        await harness.ExecuteAsync(Rebuild("entries", "UNIQUE (operation, leg)", "CHECK (leg IS NOT NULL)"));
        await Assert.ThrowsAsync<MigrationException>(() => store.MigrateAsync(default));
        await harness.ExecuteAsync("CREATE UNIQUE INDEX entries_operation_leg ON entries (operation, leg)");
        await store.MigrateAsync(default);
        Assert.True((await new LedgerAuditor().RunAsync(store, null, default)).IsClean);
    }

    /// <summary>With one writer the order of writing is known, so an account that wrote nothing on the next day is found too.</summary>
    [Fact]
    public async Task Audit_finds_an_account_of_its_own_that_counts_on_a_closed_day()
    {
        Book b = new("b");
        await CountOnClosedDayAsync(_ => Task.CompletedTask, _ => Task.CompletedTask, late => late.CommitAsync(b.Register(), b.Credit(7)));

        Assert.Contains("batch 1", Assert.Single(await ViolationsAsync("clearing")), StringComparison.Ordinal);
    }

    /// <summary>SQL that rebuilds a table with a changed definition, and its triggers.</summary>
    private static string Rebuild(string table, string part, string instead)
    {
        string[] statements = MigrationSet.Load("Sqlite")[0].Sql.Split(";\n");
        string create = statements.Single(statement => statement.Contains($"CREATE TABLE {table} ", StringComparison.Ordinal));
        string triggers = string.Concat(statements.Select((statement, i) => (statement, i))
            .Where(each => each.statement.Contains("CREATE TRIGGER", StringComparison.Ordinal) && each.statement.Contains($"ON {table}\n", StringComparison.Ordinal))
            .Select(each => $"{each.statement};\n"));
        return $"DROP VIEW entries_readable; ALTER TABLE {table} RENAME TO before;\n{create.Replace(part, instead, StringComparison.Ordinal)};\n"
            + $"INSERT INTO {table} SELECT * FROM before; DROP TABLE before;\n{triggers}";
    }

    protected override Task<StoreHarness> CreateHarnessAsync() => Task.FromResult<StoreHarness>(new SqliteHarness());
}

/// <summary>What is specific to the embedded store.</summary>
public sealed class SqliteOnlyTests
{
    [Fact]
    public async Task Open_directory_in_use_is_refused()
    {
        await using SqliteHarness harness = new();
        harness.Open();
        StoreUnavailableException exception = Assert.Throws<StoreUnavailableException>(() => harness.Open(readOnly: false));
        Assert.Contains("in use by another process", exception.Message, StringComparison.Ordinal);
    }

    /// <summary>A disk that is full or may only be read is no other process. A link to itself is what a test can make of that kind.</summary>
    [Fact]
    public async Task Directory_whose_lock_cannot_be_made_is_not_said_to_be_in_use()
    {
        await using SqliteHarness harness = new();
        string path = Path.Combine(harness.DataDirectory, "ledger.lock");
        File.CreateSymbolicLink(path, path);

        StoreUnavailableException exception = Assert.Throws<StoreUnavailableException>(() => harness.Open(readOnly: false));

        Assert.Contains(path, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("another process", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Audit_finds_an_open_hold_that_no_sweeper_would_find()
    {
        await using SqliteHarness harness = new();
        ILedgerStore store = await harness.OpenMigratedAsync();
        Book a = new("a");
        await (await TestChain.OpenAsync(store)).CommitAsync(a.Register(), a.Credit(100), a.Hold(Book.Id(9), 40, auto: true));
        await harness.ExecuteAsync("UPDATE open_holds SET auto_accept = 2");
        Assert.Empty(await store.FindUnfinishedAsync(DateTimeOffset.MaxValue, DateTimeOffset.MaxValue, Guid.Empty, 10, default));

        AuditReport report = await new LedgerAuditor().RunAsync(store, null, default);

        Assert.Contains(report.Invariants.Single(each => each.Name == "transfer-outcomes").Violations, text => text.Contains($"{Book.Id(9)}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Open_again_after_closing_finds_everything()
    {
        await using SqliteHarness harness = new();
        ILedgerStore store = await harness.OpenMigratedAsync();
        TestChain chain = await TestChain.OpenAsync(store);
        await chain.CommitAsync(new Book("a").Register());
        await harness.CloseAsync();
        Assert.False(File.Exists(Path.Combine(harness.DataDirectory, "ledger.db-wal")));
        ILedgerStore again = await harness.OpenMigratedAsync();
        Assert.Single(await again.ReadEntriesAsync("a", 0, 10, default));
        TestChain next = await TestChain.OpenAsync(again);
        Assert.True(next.Head.Chain > chain.Head.Chain);
        await next.CommitAsync(new Book("b").Register());
        await Verification.VerifyAsync(again);
    }

    [Fact]
    public async Task ReadOnly_beside_a_writer_reads_and_refuses_to_write()
    {
        await using SqliteHarness harness = new();
        ILedgerStore store = await harness.OpenMigratedAsync();
        TestChain chain = await TestChain.OpenAsync(store);
        await chain.CommitAsync(new Book("a").Register());
        await using SqliteLedgerStore reader = harness.Open(readOnly: true);
        Assert.Single(await Verification.VerifyAsync(reader));
        await Assert.ThrowsAsync<InvalidOperationException>(() => reader.OpenChainAsync("x", 0, Book.Noon, default));
    }

    [Fact]
    public async Task ReadOnly_without_a_ledger_says_so()
    {
        await using SqliteHarness harness = new();
        Assert.Throws<StoreUnavailableException>(() => harness.Open(readOnly: true));
    }

    /// <summary>What was read before the unreadable entry is still checked, and the reported place is right.</summary>
    [Fact]
    public async Task Entry_that_cannot_be_read_is_named_and_those_before_it_are_audited()
    {
        await using SqliteHarness harness = new();
        ILedgerStore store = await harness.OpenMigratedAsync();
        TestChain chain = await TestChain.OpenAsync(store);
        Book a = new("a");
        Entry[] entries = [a.Register(), .. Enumerable.Range(0, 9).Select(_ => a.Credit(1))];
        await chain.CommitAsync(entries);
        await harness.ExecuteAsync(
            """
            DROP TRIGGER entries_never_updated;
            UPDATE entries SET personal_after_fen = 100 WHERE version = 4;
            UPDATE entries SET detail = x'7b' WHERE version = 8;
            """);

        AuditReport report = await new LedgerAuditor().RunAsync(store, null, default);

        InvariantReport continuity = Assert.Single(report.Invariants, invariant => invariant.Name == "account-continuity");
        Assert.Equal(7, continuity.Checked);
        Assert.Contains("account a/4: balances", continuity.Violations[0], StringComparison.Ordinal);
        Assert.StartsWith("after account a/7: ", continuity.Violations[^1], StringComparison.Ordinal);
        Assert.Contains($"version 8 of an account, operation {entries[7].Operation}, is no entry", continuity.Violations[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scan_of_what_is_not_there_is_said_to_be_unavailable()
    {
        await using SqliteHarness harness = new();
        ILedgerStore store = await harness.OpenMigratedAsync();
        await harness.ExecuteAsync("ALTER TABLE open_holds RENAME TO gone");
        await using ILedgerScan scan = await store.OpenScanAsync(default);

        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await scan.HoldsAsync(default).ToListAsync());
    }

    [Fact]
    public async Task Commit_that_fails_half_way_writes_nothing()
    {
        await using SqliteHarness harness = new();
        ILedgerStore store = await harness.OpenMigratedAsync();
        TestChain chain = await TestChain.OpenAsync(store);

        // Imitates a full disk in the middle of a batch.
        await chain.CommitAsync(new Book("a").Register());
        await harness.ExecuteAsync("CREATE TRIGGER full_disk BEFORE INSERT ON entries WHEN NEW.account = 'big' BEGIN SELECT RAISE(FAIL, 'refused by a test'); END");
        await Assert.ThrowsAsync<StoreUnavailableException>(() => chain.TryAsync(new Book("b").Register(), new Book("big").Register()));
        Assert.Empty(await store.ReadEntriesAsync("b", 0, 10, default));
        await chain.CommitAsync(new Book("b").Register());
        await Verification.VerifyAsync(store);
    }
}
