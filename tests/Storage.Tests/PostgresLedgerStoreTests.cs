using Gongji.Ledger;
using Gongji.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Gongji.Storage.Tests;

public sealed class PostgresLedgerStoreTests : LedgerStoreTests
{
    protected override string ForgetChains => "DELETE FROM chains; ALTER TABLE chains ALTER COLUMN id RESTART";

    protected override string ForgeEntry =>
        """
        WITH forged AS (INSERT INTO accounts (name) VALUES ('forged') RETURNING number)
        INSERT INTO entries SELECT number, 1, 0, 1, NULL, NULL, '00000000-0000-0000-0000-000000000001', 0, 3, 23, false,
            decode(repeat('00', 65), 'hex') || int2send(6::smallint) || 'forged'::bytea, NULL FROM forged
        """;

    protected override string DropOperationKey => "DROP INDEX entries_operation_leg";

    protected override string UsePastGranted =>
        "ALTER TABLE escrow_slices DROP CONSTRAINT escrow_slices_check; UPDATE escrow_slices SET used_fen = granted_fen + 1";

    protected override string SqlDay(DateOnly day) => day == ClearingDays.First ? "'-infinity'" : $"'{day:yyyy-MM-dd}'";

    protected override string SetName => "Postgres";

    protected override string OldMigrations => """
        CREATE TABLE schema_migrations (
            set text NOT NULL, number integer NOT NULL, name text NOT NULL, checksum text NOT NULL, applied_at bigint NOT NULL,
            PRIMARY KEY (set, number));

        """;

    internal override string Remember(Migration migration) =>
        $"INSERT INTO schema_migrations VALUES ('{migration.Set}', {migration.Number}, '{migration.Name}', '{migration.Checksum}', 0)";

    internal override string OldLedger(SealedBatch batch)
    {
        Entry hold = batch.Entries[^1].Entry;
        HoldTerms terms = (HoldTerms)hold.Detail!;
        long id = HashChain.BatchId(batch.Chain, batch.Sequence);
        return $"INSERT INTO batches VALUES ({id}, 0, {batch.Entries.Count}, {Bytes(batch.PreviousHash)}, {Bytes(batch.Hash)});\n"
            + string.Concat(batch.Entries.Select((item, position) => (item.Entry, item.Detail, position)).Select(item =>
                $"INSERT INTO entries VALUES ({item.Entry.Version}, {Fen(item.Entry.Amounts)}, {Fen(item.Entry.Balances)}, {item.Entry.At.ToUnixTimeMilliseconds()}, {id}, {item.position}, "
                + $"{(int)item.Entry.Leg}, {(int)item.Entry.Kind}, '{item.Entry.Operation}', '{item.Entry.Account}', {Bytes(item.Detail!)});\n"))
            + string.Concat(batch.Deltas.Select(delta =>
                $"INSERT INTO deltas VALUES ({delta.Value.Count}, {delta.Value.AmountFen}, {batch.Chain}, '{delta.Key.Day:yyyy-MM-dd}', {delta.Key.From.Value}, {delta.Key.To.Value}, {(int)delta.Key.Activity}, {(int)delta.Key.Tier});\n"))
            + $"INSERT INTO open_holds VALUES ({hold.At.ToUnixTimeMilliseconds()}, {terms.ExpiresAt.ToUnixTimeMilliseconds()}, '{hold.Operation}', false, '{hold.Account}');";
    }

    private static string Bytes(byte[] bytes) => $"'\\x{Convert.ToHexString(bytes)}'";

    private static string Fen(Amounts amounts) => $"{amounts.PersonalFen}, {amounts.WalletFen}, {amounts.HeldFen}, {amounts.QuotaFen}";

    [Theory]
    [InlineData("ALTER TABLE entries DROP CONSTRAINT entries_account_version", "account-continuity", "(account, version)")]
    [InlineData("DROP INDEX entries_operation_leg", "transfer-outcomes", "(operation, leg)")]
    [InlineData("DROP INDEX entries_operation_leg; CREATE UNIQUE INDEX entries_operation_leg ON entries (operation, leg) WHERE leg > 1", "transfer-outcomes", "(operation, leg)")]
    [InlineData("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'entries_operation_leg'::regclass", "transfer-outcomes", "(operation, leg)")]
    [InlineData("ALTER TABLE batches DROP CONSTRAINT batches_pkey", "hash-chain", "batches (id)")]
    [InlineData("ALTER TABLE accounts DROP CONSTRAINT accounts_pkey", "account-continuity", "accounts (number)")]
    [InlineData("ALTER TABLE accounts DROP CONSTRAINT accounts_name", "account-continuity", "accounts (name)")]
    [InlineData("ALTER TABLE accounts DROP CONSTRAINT accounts_name; CREATE UNIQUE INDEX accounts_name ON accounts (name, number)", "account-continuity", "accounts (name)")]
    [InlineData("CREATE OR REPLACE FUNCTION ledger_refuse(reason text) RETURNS void LANGUAGE plpgsql AS 'BEGIN END'", "account-continuity", "ledger_refuse")]
    [InlineData("DROP FUNCTION ledger_refuse(text)", "account-continuity", "ledger_refuse")]
    [InlineData("DROP TRIGGER entries_append_only ON entries", "hash-chain", "entries_append_only")]
    [InlineData("ALTER TABLE batches DISABLE TRIGGER batches_append_only", "hash-chain", "batches_append_only")]
    [InlineData("ALTER TABLE entries ENABLE REPLICA TRIGGER entries_append_only", "hash-chain", "entries_append_only")]
    [InlineData("DROP TRIGGER entries_append_only ON entries; CREATE TRIGGER entries_append_only BEFORE UPDATE ON entries FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change()", "hash-chain", "entries_append_only")]
    public Task Guard_that_is_missing_is_a_violation_and_stops_a_start(string damage, string invariant, string named) => ExpectMissingAsync(damage, invariant, named);

    [Fact]
    public async Task Triggers_that_refuse_nothing_are_violations()
    {
        PostgresHarness harness = await PostgresHarness.CreateAsync();
        await using ILedgerStore store = await harness.OpenMigratedAsync();
        await harness.ExecuteAsync("CREATE OR REPLACE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$");
        Assert.Equal(2, (await Assert.ThrowsAsync<MigrationException>(() => store.MigrateAsync(default))).Message.Split("_append_only, which").Length - 1);
    }

    protected override async Task<StoreHarness> CreateHarnessAsync() => await PostgresHarness.CreateAsync();
}

/// <summary>What is specific to PostgreSQL.</summary>
public sealed class PostgresOnlyTests
{
    /// <summary>Statements that look rows up one by one, with the types of their parameters and values for them.</summary>
    public static readonly TheoryData<string, string, string> LookUps = new()
    {
        { PostgresCommit.DeleteHolds, "uuid[], smallint[]", "'{}', '{}'" },
        { PostgresCommit.CheckAnswers, "uuid[]", "'{}'" },
        { PostgresLedgerStore.FindAnswered, "bigint, uuid, integer", "0, '00000000-0000-0000-0000-000000000000', 5000" },
    };

    /// <summary>Plans are kept: one that was good while nothing was open must not later scan everything that is open.</summary>
    [Theory]
    [MemberData(nameof(LookUps))]
    public async Task Rows_are_looked_up_one_by_one_whatever_the_statistics_say(string sql, string types, string values)
    {
        PostgresHarness harness = await PostgresHarness.CreateAsync();
        await using ILedgerStore store = await harness.OpenMigratedAsync();
        await using NpgsqlConnection connection = new(harness.ConnectionString);
        await connection.OpenAsync();
        foreach (string statement in (string[])
            [
                "INSERT INTO open_holds (operation, leg, account, held_at, expires_at, auto_accept) SELECT gen_random_uuid(), 1, 'a', 0, 0, false FROM generate_series(1, 5000)",
                "ANALYZE", PostgresConnections.SessionSettings, $"PREPARE looked_up ({types}) AS {sql}",
            ])
        {
            await using NpgsqlCommand command = new(statement, connection);
            await command.ExecuteNonQueryAsync();
        }

        List<string> plan = [];
        await using NpgsqlCommand explain = new($"EXPLAIN (VERBOSE) EXECUTE looked_up ({values})", connection);
        await using (NpgsqlDataReader reader = await explain.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                plan.Add(reader.GetString(0));
            }
        }

        Assert.Contains(plan, line => line.Contains("SubPlan", StringComparison.Ordinal) && !line.Contains("hashed", StringComparison.Ordinal));
        Assert.DoesNotContain(plan, line => line.Contains("Join", StringComparison.Ordinal) || line.Contains("hashed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Migrate_many_silos_at_once_apply_each_migration_once()
    {
        PostgresHarness harness = await PostgresHarness.CreateAsync();
        await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            await using ILedgerStore store = await harness.OpenMigratedAsync();
        }));
        Assert.Equal((long)MigrationSet.Load("Postgres").Count + MigrationSet.Load("Orleans").Count, await harness.ScalarAsync("SELECT count(*) FROM schema_migrations"));
    }

    [Fact]
    public async Task Migrate_creates_what_Orleans_asks_for()
    {
        PostgresHarness harness = await PostgresHarness.CreateAsync();
        await using ILedgerStore store = await harness.OpenMigratedAsync();
        Assert.Equal(13L, await harness.ScalarAsync("SELECT count(*) FROM OrleansQuery"));
        Assert.Equal(1, await harness.ScalarAsync("SELECT NewGrainStateVersion FROM WriteToStorage(1, 2, 3, 4, 't', NULL, 's', NULL, '\\x01')"));
        Assert.Equal(1, await harness.ScalarAsync("SELECT row_count FROM insert_membership_version('cluster')"));
        Assert.Equal(1, await harness.ScalarAsync("SELECT row_count FROM insert_membership('cluster', '127.0.0.1', 1, 1, 'silo', 'host', 1, 1, now(), now(), 0)"));
    }

    [Fact]
    public async Task Migrate_where_Orleans_tables_are_already_there_is_harmless()
    {
        PostgresHarness harness = await PostgresHarness.CreateAsync();
        await harness.ExecuteAsync("CREATE TABLE OrleansQuery (QueryKey varchar(64) NOT NULL, QueryText varchar(8000) NOT NULL, CONSTRAINT OrleansQuery_Key PRIMARY KEY(QueryKey)); INSERT INTO OrleansQuery VALUES ('GatewaysQueryKey', 'own')");
        await using ILedgerStore store = await harness.OpenMigratedAsync();
        Assert.Equal("own", await harness.ScalarAsync("SELECT QueryText FROM OrleansQuery WHERE QueryKey = 'GatewaysQueryKey'"));
    }

    [Fact]
    public async Task Migrate_on_a_server_that_may_lose_commits_is_refused()
    {
        await using PostgresServer server = await PostgresServer.StartAsync(new Dictionary<string, string> { ["fsync"] = "off" });
        PostgresHarness harness = await PostgresHarness.CreateAsync(server);
        StoreUnavailableException exception = await Assert.ThrowsAsync<StoreUnavailableException>(harness.OpenMigratedAsync);
        Assert.Contains("fsync=off", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commit_with_asynchronous_commit_as_default_is_synchronous_all_the_same()
    {
        PostgresHarness harness = await PostgresHarness.CreateAsync();
        await harness.ExecuteAsync($"ALTER DATABASE {new Npgsql.NpgsqlConnectionStringBuilder(harness.ConnectionString).Database} SET synchronous_commit = off");
        PostgresConnections connections = new(new PostgresStoreOptions { ConnectionString = harness.ConnectionString }, NullLogger.Instance);
        await using (connections)
        {
            await using Npgsql.NpgsqlConnection connection = await connections.OpenAsync(default);
            await using Npgsql.NpgsqlCommand command = new("SHOW synchronous_commit", connection);
            Assert.Equal("on", await command.ExecuteScalarAsync());
        }
    }

    [Fact]
    public async Task Commit_of_a_hold_and_its_outcome_is_one_row_which_people_can_read_as_two()
    {
        PostgresHarness harness = await PostgresHarness.CreateAsync();
        await using ILedgerStore store = await harness.OpenMigratedAsync();
        TestChain chain = await TestChain.OpenAsync(store);
        Entry[] entries = HoldAndOutcome();
        await chain.CommitAsync(entries);

        Assert.Equal(4L, await harness.ScalarAsync("SELECT count(*) FROM entries"));
        await AssertReadableAsync(harness, entries, chain.Head.Chain);
    }

    /// <summary>Rows keep the form in which they were written; people and programs read both forms side by side.</summary>
    [Fact]
    public async Task Rows_with_figures_of_a_fixed_length_are_read_as_they_were()
    {
        PostgresHarness harness = await PostgresHarness.CreateAsync();
        await using ILedgerStore store = await harness.OpenMigratedAsync();
        TestChain chain = await TestChain.OpenAsync(store);
        Entry[] entries = HoldAndOutcome();
        await chain.CommitAsync(entries);
        await harness.ExecuteAsync(
            """
            ALTER TABLE entries DISABLE TRIGGER entries_append_only;
            UPDATE entries e SET
                body = (SELECT int8send(r.personal_fen) || int8send(r.wallet_fen) || int8send(r.held_fen) || int8send(r.quota_fen)
                        || int8send(r.personal_after_fen) || int8send(r.wallet_after_fen) || int8send(r.held_after_fen) || int8send(r.quota_after_fen)
                        || (CASE WHEN r.detail IS NULL THEN '\x00'::bytea ELSE '\x01'::bytea END)
                        || int2send(length(r.account)::smallint) || convert_to(r.account, 'UTF8') || coalesce(convert_to(r.detail, 'UTF8'), '')
                    FROM entries_readable r JOIN accounts a ON a.name = r.account WHERE a.number = e.account AND r.version = e.version),
                outcome = (SELECT int2send(r.leg) || int2send(r.kind) || int4send(r.position) || int8send((extract(epoch FROM r.at) * 1000)::bigint)
                        || int8send(r.personal_fen) || int8send(r.wallet_fen) || int8send(r.held_fen) || int8send(r.quota_fen)
                        || int8send(r.personal_after_fen) || int8send(r.wallet_after_fen) || int8send(r.held_after_fen) || int8send(r.quota_after_fen)
                        || coalesce(convert_to(r.detail, 'UTF8'), '')
                    FROM entries_readable r JOIN accounts a ON a.name = r.account WHERE e.outcome IS NOT NULL AND a.number = e.account AND r.version = e.version + 1)
            """);
        Assert.Equal(4L, await harness.ScalarAsync("SELECT count(*) FROM entries WHERE get_byte(body, 0) IN (0, 255) AND length(body) >= 67"));
        Assert.Equal(1L, await harness.ScalarAsync("SELECT count(*) FROM entries WHERE length(outcome) >= 80"));

        Entry[] later = [new Book("c").Register()];
        await chain.CommitAsync(later);

        await AssertReadableAsync(harness, entries, chain.Head.Chain);
        Assert.Equal(entries.Where(entry => entry.Account == "a"), await store.ReadEntriesAsync("a", 0, 10, default));
        await Verification.VerifyAsync(store);
    }

    private static Entry[] HoldAndOutcome()
    {
        Book a = new("a");
        return [a.Register(), a.Credit(1_000_000_000_000), a.Hold(Book.Id(1), 999_999_999_999), new Book("b").Register(), a.Void(Book.Id(1), 999_999_999_999)];
    }

    private static async Task AssertReadableAsync(PostgresHarness harness, Entry[] entries, int chain)
    {
        string read = (string)(await harness.ScalarAsync(
            """
            SELECT string_agg(concat_ws(' ', account, version, operation, leg, kind, personal_fen, wallet_fen, held_fen, quota_fen,
                personal_after_fen, wallet_after_fen, held_after_fen, quota_after_fen,
                (extract(epoch FROM at) * 1000)::bigint, detail, chain, sequence, position), E'\n' ORDER BY position)
            FROM entries_readable WHERE sequence = 1
            """))!;
        Assert.Equal(
            entries.Index().Select(item => string.Join(
                ' ',
                new object?[]
                {
                    item.Item.Account, item.Item.Version, item.Item.Operation, (int)item.Item.Leg, (int)item.Item.Kind,
                    item.Item.Amounts.PersonalFen, item.Item.Amounts.WalletFen, item.Item.Amounts.HeldFen, item.Item.Amounts.QuotaFen,
                    item.Item.Balances.PersonalFen, item.Item.Balances.WalletFen, item.Item.Balances.HeldFen, item.Item.Balances.QuotaFen,
                    item.Item.At.ToUnixTimeMilliseconds(),
                    EntryDetailCodec.Encode(item.Item.Detail) is { } detail ? System.Text.Encoding.UTF8.GetString(detail) : null,
                    chain, 1, item.Index,
                }.Where(value => value is not null))),
            read.Split('\n'));
    }

    /// <summary>However many batches were committed, by whichever chain, and however many were added up, the sums are those of all of them.</summary>
    [Fact]
    public async Task Deltas_of_batches_are_added_up_and_read_the_same_before_and_after()
    {
        PostgresHarness harness = await PostgresHarness.CreateAsync();
        long batches = 0;
        for (int start = 0; start < 3; start++)
        {
            await using ILedgerStore store = await harness.OpenMigratedAsync();
            TestChain chain = await TestChain.OpenAsync(store);

            // What the previous chain has left is added up when the same writer starts again.
            Assert.Equal(0L, await harness.ScalarAsync("SELECT count(*) FROM delta_batches"));
            await AssertSumAsync(store, batches);
            Book book = new($"p{start}");
            await chain.CommitAsync(book.Register());
            for (int i = 0; i < StorageLimits.BatchesPerFold + 8; i++)
            {
                await chain.CommitAsync(book.Credit(3));
                batches++;
                await AssertSumAsync(store, batches);
            }
        }

        Assert.True((long)(await harness.ScalarAsync("SELECT count(*) FROM delta_batches"))! is > 0 and < 2 * StorageLimits.BatchesPerFold);

        static async Task AssertSumAsync(ILedgerStore store, long credits)
        {
            IReadOnlyList<KeyValuePair<DeltaKey, DeltaSum>> deltas = await store.ReadDeltasAsync(null, default);
            Assert.Equal((credits, credits * 3), (deltas.Sum(delta => delta.Value.Count), deltas.Sum(delta => delta.Value.AmountFen)));
        }
    }

    /// <summary>A writer that never returns leaves nothing behind for ever.</summary>
    [Fact]
    public async Task Deltas_left_by_another_writer_are_added_up_after_a_day()
    {
        PostgresHarness harness = await PostgresHarness.CreateAsync();
        await using ILedgerStore store = await harness.OpenMigratedAsync();
        Book book = new("a");
        await (await TestChain.OpenAsync(store)).CommitAsync(book.Register(), book.Credit(3));

        await store.OpenChainAsync("other", 0, Book.Noon.AddHours(23), default);
        Assert.Equal(1L, await harness.ScalarAsync("SELECT count(*) FROM delta_batches"));
        await store.OpenChainAsync("other", 0, Book.Noon.AddHours(25), default);
        Assert.Equal(0L, await harness.ScalarAsync("SELECT count(*) FROM delta_batches"));
        Assert.Equal(3, Assert.Single(await store.ReadDeltasAsync(null, default)).Value.AmountFen);
        await Verification.VerifyAsync(store);
    }

    [Fact]
    public async Task Every_method_without_a_server_is_unavailable()
    {
        await using PostgresLedgerStore store = PostgresHarness.OpenAt("Host=127.0.0.1;Port=1;Username=x;Database=x");
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.MigrateAsync(default));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.OpenChainAsync("x", 0, Book.Noon, default));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.ReadChainHeadAsync(1, default));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.CommitAsync(new TestChain(store, 1).Seal(new Book("a").Register()), default));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.LoadAccountAsync("a", default));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.ReadEntriesAsync("a", 0, 1, default));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.ReadOperationAsync(Book.Id(1), default));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.WriteSnapshotsAsync([new AccountSnapshot("a", 1, [])], default));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.FindUnfinishedAsync(Book.Noon, Book.Noon, default, 1, default));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.ReadDeltasAsync(null, default));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.OpenScanAsync(default));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.GrainState.ReadAsync("n", "k", default));
    }

    [Fact]
    public async Task Read_after_the_server_was_restarted_succeeds_at_once()
    {
        await using PostgresServer server = await PostgresServer.StartAsync();
        PostgresHarness harness = await PostgresHarness.CreateAsync(server);
        await using ILedgerStore store = await harness.OpenMigratedAsync();
        await store.LoadAccountAsync("a", default);
        await server.StopAsync(PostgresStop.Immediate);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.LoadAccountAsync("a", default));
        await server.StartAgainAsync();
        Assert.Empty((await store.LoadAccountAsync("a", default)).Entries);
        server.Kill();
        await server.StartAgainAsync();
        Assert.Empty((await store.LoadAccountAsync("a", default)).Entries);
    }
}
