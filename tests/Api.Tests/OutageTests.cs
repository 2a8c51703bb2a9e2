using System.Globalization;
using Gongji.Api.Hosting;
using Gongji.Api.Http;
using Gongji.Api.Tests.Support;
using Gongji.Silo;
using Gongji.Storage;
using Gongji.TestKit;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Gongji.Api.Tests;

/// <summary>What callers are told while the store is unavailable, and while the process stops.</summary>
public sealed class OutageTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Store_that_is_away_is_told_apart_from_a_refusal_and_all_is_well_when_it_is_back()
    {
        await using PostgresServer server = await PostgresServer.StartAsync();
        await using ApiProcess process = await ApiProcess.ServeAsync("--postgres", await server.CreateDatabaseAsync());
        using Caller caller = new(process.Address);
        TransferLoad people = new(1, persons: 3);
        await people.SetUpAsync(process.Address);
        Guid id = Guid.CreateVersion7();
        string transfer = RunningApp.TransferBody(id, "load-0", "load-1", 100);

        await server.StopAsync(PostgresStop.Immediate);
        Answer command = await caller.PostAsync("/v1/transfers", transfer);
        Answer credit = await caller.PostAsync("/v1/persons/load-0/credits", $$"""{"id":"{{Guid.CreateVersion7()}}","amountFen":1,"period":"2024-12"}""");
        Answer entries = await caller.GetAsync("/v1/persons/load-0/entries");
        Answer region = await caller.GetAsync("/v1/regions/320500");
        Answer regions = await caller.GetAsync("/v1/regions");
        Answer statistics = await caller.GetAsync("/v1/stats/aid?from=2024-12-01&to=2024-12-31");
        Answer clearing = await caller.GetAsync("/v1/clearing/2024-12-02");
        Answer audit = await caller.GetAsync("/v1/audit");
        Answer notReady = await PollAsync(caller, answer => answer.Status == 503);
        await server.StartAgainAsync();
        Answer ready = await PollAsync(caller, answer => answer.Status == 200);
        Answer again = await caller.PostAsync("/v1/transfers", transfer);

        Assert.All([command, credit], answer => Expect.Problem(answer, answer.Status == 504 ? 504 : 503, answer.Status == 504 ? "outcome-unknown" : "ledger-unavailable"));
        Assert.All([entries, region, regions, statistics, clearing, audit, notReady], answer => Expect.Problem(answer, 503, "ledger-unavailable"));
        Assert.All([statistics, clearing], answer => Assert.Equal("The ledger cannot be read at present. Ask again.", answer.Field("detail")));
        Assert.All([region, regions], answer => Assert.DoesNotMatch("cluster|written|decided", answer.Field("detail")));
        Assert.DoesNotContain("[4000]", process.Output, StringComparison.Ordinal);
        Assert.Equal(200, ready.Status);
        Assert.Equal(201, again.Status);
        Assert.Equal(200, (await caller.GetAsync($"/v1/transfers/{id}")).Status);
    }

    /// <summary>Whichever lock a commit waits for, it does not wait longer than its caller does: the server answers that nothing was written.</summary>
    [Theory]
    [InlineData("entries")]
    [InlineData("batches")]
    public async Task Commit_that_waits_too_long_for_a_lock_has_decided_nothing_and_asking_again_gives_the_one_answer(string table)
    {
        await using PostgresServer server = await PostgresServer.StartAsync();
        string database = await server.CreateDatabaseAsync();
        await using ApiProcess process = await ApiProcess.ServeAsync("--postgres", database);
        using Caller caller = new(process.Address);
        await new TransferLoad(1, persons: 1).SetUpAsync(process.Address);
        string credit = $$"""{"id":"{{Guid.CreateVersion7()}}","amountFen":1,"period":"2024-12"}""";
        Answer unanswered;

        // Another transaction holds what the commit needs, for longer than any caller waits.
        await using (NpgsqlConnection other = new(database))
        {
            await other.OpenAsync();
            await using NpgsqlTransaction transaction = await other.BeginTransactionAsync();
            await using NpgsqlCommand lockAll = new($"LOCK TABLE {table} IN SHARE MODE", other, transaction);
            await lockAll.ExecuteNonQueryAsync();
            unanswered = await caller.PostAsync("/v1/persons/load-0/credits", credit);
        }

        Answer again = await PollAsync(() => caller.PostAsync("/v1/persons/load-0/credits", credit), answer => answer.Status is not (503 or 504));
        Answer oncemore = await caller.PostAsync("/v1/persons/load-0/credits", credit);

        Expect.Problem(unanswered, 503, "ledger-unavailable");
        Assert.Equal((201, 201, true), (again.Status, oncemore.Status, oncemore.IsReplay));
        Assert.Equal(again.Text, oncemore.Text);
    }

    [Fact]
    public async Task Commit_that_no_standby_has_yet_is_unknown_and_asking_again_gives_the_one_answer()
    {
        await using PostgresServer server = await PostgresServer.StartAsync();
        string database = await server.CreateDatabaseAsync();
        await using ApiProcess process = await ApiProcess.ServeAsync("--postgres", database);
        using Caller caller = new(process.Address);
        await new TransferLoad(1, persons: 1).SetUpAsync(process.Address);
        string credit = $$"""{"id":"{{Guid.CreateVersion7()}}","amountFen":1,"period":"2024-12"}""";

        await SetStandbyAsync("nobody");

        // The server applies the setting only after a delay: it is in force once a commit of the test's own waits.
        await using NpgsqlConnection probe = new(database);
        await probe.OpenAsync();
        Task probing = Task.CompletedTask;
        int probes = 0;
        do
        {
            probing = probing.IsCompleted ? ExecuteAsync(probe, $"CREATE TABLE probe{probes++} ()") : probing;
        }
        while (await CountAsync("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'") == 0);

        Answer unanswered = await caller.PostAsync("/v1/persons/load-0/credits", credit);
        await SetStandbyAsync("");
        Answer again = await PollAsync(() => caller.PostAsync("/v1/persons/load-0/credits", credit), answer => answer.Status is not (503 or 504));

        Expect.Problem(unanswered, 504, "outcome-unknown");
        Assert.Equal((201, true), (again.Status, again.IsReplay));
        await probing;

        async Task SetStandbyAsync(string name)
        {
            await using NpgsqlConnection other = new(database);
            await other.OpenAsync();
            await ExecuteAsync(other, $"ALTER SYSTEM SET synchronous_standby_names = '{name}'");
            await ExecuteAsync(other, "SELECT pg_reload_conf()");
        }

        async Task<long> CountAsync(string sql)
        {
            await using NpgsqlConnection other = new(database);
            await other.OpenAsync();
            await using NpgsqlCommand command = new(sql, other);
            return (long)(await command.ExecuteScalarAsync())!;
        }

        static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
        {
            await using NpgsqlCommand command = new(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    [Fact]
    public async Task Process_without_load_notices_that_its_store_is_away()
    {
        await using PostgresServer server = await PostgresServer.StartAsync();
        await using ApiProcess process = await ApiProcess.ServeAsync("--postgres", await server.CreateDatabaseAsync());
        using Caller caller = new(process.Address);

        await server.StopAsync(PostgresStop.Immediate);
        Answer notReady = await PollAsync(caller, answer => answer.Status == 503);
        string away = await MetricAsync("gongji_journal_healthy");

        // Waits for some rounds of the sweeper, each of which fails.
        await PollAsync(() => caller.GetAsync("/metrics"), answer => double.Parse(Metric(answer, "gongji_sweeper_round_age_seconds"), CultureInfo.InvariantCulture) > 6);
        await server.StartAgainAsync();
        Answer ready = await PollAsync(caller, answer => answer.Status == 200);

        Expect.Problem(notReady, 503, "ledger-unavailable");
        Assert.Equal(200, ready.Status);
        Assert.Equal(("0", "1"), (away, await MetricAsync("gongji_journal_healthy")));
        string output = process.Output;
        Assert.Equal((1, 1), (output.Split("[3001]").Length - 1, output.Split("[3008]").Length - 1));
        Assert.Matches(@"(?m)^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d warn: .*\[3001\]", output);

        async Task<string> MetricAsync(string name) => Metric(await caller.GetAsync("/metrics"), name);

        static string Metric(Answer metrics, string name) =>
            metrics.Text.Split('\n').Single(line => line.StartsWith($"{name}{{", StringComparison.Ordinal) || line.StartsWith($"{name} ", StringComparison.Ordinal)).Split(' ')[1];
    }

    [Fact]
    public async Task Process_asked_to_stop_says_that_it_is_not_ready_while_it_still_listens()
    {
        using TemporaryDirectory data = new();
        await using ApiProcess process = await ApiProcess.ServeAsync("--data", data.FullName, "--drain-delay", "10");
        using Caller caller = new(process.Address);

        process.Terminate();
        Answer notReady = await PollAsync(caller, answer => answer.Status == 503);
        Answer live = await caller.GetAsync("/health/live");

        Expect.Problem(notReady, 503, "ledger-unavailable");
        Assert.Contains("stopping", notReady.Field("detail"), StringComparison.Ordinal);
        Assert.Equal(200, live.Status);
        Assert.Equal(0, await process.WaitForExitAsync());
    }

    /// <summary>A silo of a cluster tries for minutes to record that it leaves; the process must not wait for that.</summary>
    [Fact]
    public async Task Process_asked_to_stop_while_its_store_is_away_ends_within_its_bound()
    {
        await using PostgresServer server = await PostgresServer.StartAsync();
        await using ApiProcess process = await ApiProcess.ServeAsync("--postgres", await server.CreateDatabaseAsync());
        using Caller caller = new(process.Address);
        await server.StopAsync(PostgresStop.Immediate);
        await PollAsync(caller, answer => answer.Status == 503);

        long asked = TimeProvider.System.GetTimestamp();
        process.Terminate();
        int exitCode = await process.WaitForExitAsync();

        TimeSpan bound = ApiLimits.ShutdownTimeout + ApiLimits.StopGrace + (2 * ApiLimits.JournalGrace);
        Assert.InRange(TimeProvider.System.GetElapsedTime(asked), TimeSpan.Zero, bound + TimeSpan.FromSeconds(10));
        Assert.True(exitCode == 0 || (exitCode == 1 && process.Output.Contains("[4007]", StringComparison.Ordinal)), $"{exitCode} {process.Output}");
    }

    [Fact]
    public async Task Stop_that_is_overdue_is_told_when_the_journal_has_drained_and_not_before()
    {
        using TemporaryDirectory data = new();
        FakeClock clock = new();
        await using SqliteLedgerStore store = new(new SqliteStoreOptions { Directory = data.FullName }, clock, NullLogger<SqliteLedgerStore>.Instance);
        await store.MigrateAsync(CancellationToken.None);
        await using Journal journal = new(store, new JournalOptions { Writer = "test" }, clock, NullLogger<Journal>.Instance);
        await journal.StartAsync(CancellationToken.None);
        using JournalDrain drain = new(journal);
        ApplicationLifetime lifetime = new(NullLogger<ApplicationLifetime>.Instance);
        StopDeadline deadline = new(lifetime, drain, new ApiOptions { Urls = [], Silo = new SiloOptions(), DrainDelay = TimeSpan.FromSeconds(7) }, clock);

        Task<string> overdue = deadline.PassAsync();
        int timers = clock.PendingTimers;
        lifetime.StopApplication();
        await WaitForAsync(() => clock.PendingTimers > timers);
        clock.Advance(deadline.Bound - TimeSpan.FromSeconds(1));
        (bool wasOverdue, bool wasHealthy) = (overdue.IsCompleted, journal.IsHealthy);
        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("the journal has ended", await overdue.WaitAsync(Patience));
        Assert.Equal((false, true, false), (wasOverdue, wasHealthy, journal.IsHealthy));
        Assert.Equal(ApiLimits.ShutdownTimeout + ApiLimits.StopGrace + TimeSpan.FromSeconds(7), deadline.Bound);
    }

    private static async Task WaitForAsync(Func<bool> isSo)
    {
        using CancellationTokenSource patience = new(Patience);
        using PeriodicTimer pause = new(TimeSpan.FromMilliseconds(10));
        while (!isSo())
        {
            await pause.WaitForNextTickAsync(patience.Token);
        }
    }

    /// <summary>Polls /health/ready until it answers as wanted.</summary>
    private static Task<Answer> PollAsync(Caller caller, Func<Answer, bool> wanted) => PollAsync(() => caller.GetAsync("/health/ready"), wanted);

    private static async Task<Answer> PollAsync(Func<Task<Answer>> ask, Func<Answer, bool> wanted)
    {
        long started = TimeProvider.System.GetTimestamp();
        using PeriodicTimer pause = new(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            Answer answer = await ask();
            if (wanted(answer))
            {
                return answer;
            }

            Assert.True(TimeProvider.System.GetElapsedTime(started) < Patience, $"Still {answer.Status} {answer.Text}");
            await pause.WaitForNextTickAsync();
        }
    }
}
