using System.Globalization;
using Gongji.Api.Tests.Support;
using Gongji.TestKit;
using Xunit.Abstractions;

namespace Gongji.Api.Tests;

/// <summary>
/// The process is killed under load again and again. What was answered stays, what was not is answered when asked again, and no fen is
/// lost or created. It tests the whole process on a real store, since only these can break the promise.
/// </summary>
public abstract class CrashTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Rounds = 10;
    private const int Transfers = 800;
    private const int Persons = 300;
    private const int PaymentRounds = 3;
    private const int Payers = 250;

    private int _starts;

    // The port stays the same over restarts: a silo that returns to its address does not wait until the dead silo's heartbeats expire.
    private readonly string _siloPort = FreePort.Find().ToString(CultureInfo.InvariantCulture);

    /// <summary>The arguments that name the store.</summary>
    protected string[] Store { get; set; } = [];

    public abstract Task InitializeAsync();

    public abstract Task DisposeAsync();

    [Fact]
    public async Task Process_killed_in_mid_load_keeps_every_answer_and_resolves_every_question()
    {
        // Where under load the process is killed: early, late and in between, the same in every run.
        Random random = new(20241202);
        ApiProcess process = await ServeAsync();
        try
        {
            TransferLoad people = new(0, Persons);
            await people.SetUpAsync(process.Address);
            for (int round = 1; round <= Rounds; round++)
            {
                long started = TimeProvider.System.GetTimestamp();
                TransferLoad load = new(round, Persons);
                int killAfter = random.Next(50, Transfers - 200);
                Task killed = Task.CompletedTask;
                await load.RunAsync(process.Address, Transfers, killAfter, () => killed = process.KillAsync());
                await killed;
                int answered = load.Created;
                await process.DisposeAsync();

                process = await ServeAsync();
                await load.VerifyAsync(process.Address);
                await AuditRunningAsync(process.Address);
                output.WriteLine($"Round {round}: killed after {killAfter} answers, {answered} created before, {load.Created} of {load.Count} at the end, {TimeProvider.System.GetElapsedTime(started).TotalMilliseconds:0} ms");
            }

            await AuditAsync();
        }
        finally
        {
            await process.DisposeAsync();
        }
    }

    [Fact]
    public async Task Process_killed_among_payments_of_several_accounts_keeps_every_answer_and_makes_each_once()
    {
        Random random = new(20241203);
        ApiProcess process = await ServeAsync();
        try
        {
            for (int round = 1; round <= PaymentRounds; round++)
            {
                PaymentLoad load = new(round, Payers);
                await load.SetUpAsync(process.Address);
                int killAfter = random.Next(20, load.Count - 100);
                Task killed = Task.CompletedTask;
                await load.RunAsync(process.Address, killAfter, () => killed = process.KillAsync());
                await killed;
                int answered = load.Made;
                await process.DisposeAsync();

                process = await ServeAsync();
                await load.VerifyAsync(process.Address);
                output.WriteLine($"Round {round}: killed after {killAfter} answers, {answered} made before, {load.Made} of {load.Count} at the end");
            }

            process.Terminate();
            Assert.Equal(0, await process.WaitForExitAsync());
            await AuditAsync();
        }
        finally
        {
            await process.DisposeAsync();
        }
    }

    [Fact]
    public async Task Process_asked_to_stop_in_mid_load_finishes_what_it_took_and_keeps_every_answer()
    {
        TransferLoad load = new(99, Persons);
        await using (ApiProcess process = await ServeAsync())
        {
            await load.SetUpAsync(process.Address);
            await load.RunAsync(process.Address, Transfers, Transfers / 3, process.Terminate);
            int exitCode = await process.WaitForExitAsync();
            Assert.True(exitCode == 0, process.Output);
            output.WriteLine($"{load.Created} of {load.Count} created before the process ended");
        }

        await using ApiProcess again = await ServeAsync();
        await load.VerifyAsync(again.Address);
        again.Terminate();
        Assert.Equal(0, await again.WaitForExitAsync());
        await AuditAsync();
    }

    /// <summary>Starts the product, ten minutes later each time on one business day, so that no 06:00 comes in between, whenever the test runs.</summary>
    private Task<ApiProcess> ServeAsync()
    {
        DateTimeOffset clock = new DateTimeOffset(2024, 12, 2, 9, 0, 0, TimeSpan.FromHours(8)).AddMinutes(10 * _starts++);
        string[] silo = Store is ["--postgres", ..] ? ["--silo-port", _siloPort] : [];
        return ApiProcess.ServeAsync([.. Store, .. silo, "--clock", clock.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture)]);
    }

    /// <summary>The same audit by the running process, which saves starting another process.</summary>
    private static async Task AuditRunningAsync(Uri address)
    {
        using Caller caller = new(address);
        Answer audit = await caller.GetAsync("/v1/audit");
        Assert.Equal(200, audit.Status);
        Assert.All(audit.Json["invariants"]!.AsArray(), invariant => Assert.True((long)invariant!["violations"]! == 0, audit.Text));
    }

    private async Task AuditAsync()
    {
        (int exitCode, string report) = await ApiProcess.RunAsync(["audit", .. Store]);
        Assert.True(exitCode == 0, report);
        Assert.EndsWith("audit ok", report.TrimEnd(), StringComparison.Ordinal);
    }
}

/// <summary>Runs on the embedded store.</summary>
public sealed class SqliteCrashTests(ITestOutputHelper output) : CrashTests(output)
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("gongji-crash-test-");

    public override Task InitializeAsync()
    {
        Store = ["--data", _data.FullName];
        return Task.CompletedTask;
    }

    public override Task DisposeAsync()
    {
        _data.Delete(recursive: true);
        return Task.CompletedTask;
    }
}

/// <summary>Runs on a real PostgreSQL.</summary>
public sealed class PostgresCrashTests(ITestOutputHelper output) : CrashTests(output)
{
    private PostgresServer? _server;

    public override async Task InitializeAsync()
    {
        _server = await PostgresServer.StartAsync();
        Store = ["--postgres", await _server.CreateDatabaseAsync()];
    }

    public override async Task DisposeAsync() =>
        await (_server?.DisposeAsync() ?? ValueTask.CompletedTask);
}
