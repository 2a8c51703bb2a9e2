using System.Globalization;
using Gongji.Ledger.Audit;
using Gongji.Silo;
using Gongji.Storage;
using Microsoft.Extensions.Logging;

namespace Gongji.LoadTest;

/// <summary>One run of the benchmark, from an empty directory to the audit.</summary>
internal sealed class Bench(BenchOptions options, TextWriter output)
{
    private const string LedgerDatabase = "gongji";

    private readonly TimeProvider _time = TimeProvider.System;
    private readonly ProgressBar _progress = new();
    private readonly Population _population = new(options.Accounts);
    private readonly List<ScenarioResult> _scenarios = [];
    private readonly List<ScenarioResult> _peers = [];
    private readonly List<string> _skipped = [];

    /// <summary>Runs everything that was asked for.</summary>
    /// <returns>Whether every scenario did transfers and the audit found nothing.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        PostgresServer? server = options.Sqlite ? null : await PostgresServer.StartAsync(cancellationToken);
        string folder = Directory.CreateTempSubdirectory("gongji-bench-").FullName;
        try
        {
            IReadOnlyDictionary<string, string> settings = MachineFacts.Settings(options, server?.Settings ?? new Dictionary<string, string>());
            WriteSettings(MachineFacts.Machine(), settings);
            if (server is not null)
            {
                await server.CreateDatabaseAsync(LedgerDatabase, cancellationToken);
            }

            SiloOptions silo = new() { PostgresConnectionString = server?.ConnectionString(LedgerDatabase), DataDirectory = Path.Combine(folder, "data") };
            await RunAllAsync(server, silo, cancellationToken);
            AuditTotals? audit = null;
            BenchReport report = new()
            {
                Machine = MachineFacts.Machine(),
                Settings = settings,
                Scenarios = _scenarios,
                Peers = _peers,
                Skipped = _skipped,
                Audit = audit = await AuditAsync(silo, cancellationToken),
            };
            await WriteReportsAsync(report, cancellationToken);
            return audit.Violations == 0 && _scenarios.Concat(_peers).All(result => result.TransfersPerSecond > 0);
        }
        finally
        {
            _progress.Clear();
            if (server is not null)
            {
                await server.DisposeAsync();
            }

            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task RunAllAsync(PostgresServer? server, SiloOptions silo, CancellationToken cancellationToken)
    {
        CpuMeter cpu = new(_time, server?.Pid);
        ScenarioRunner runner = new(options, cpu, _progress, _time);
        await PrepareAsync(server, silo, cancellationToken);
        GrainScenarios grains = new(options, runner, _population, _progress, _time);
        HttpScenarios http = new(options, runner, cpu, _population, _progress, _time);
        ClusterScenario cluster = new(options, runner, cpu, _population, _progress, _time);
        await using Peers peers = new(options, runner, _progress);
        IReadOnlyList<RoundScenario> procedures = server is null ? [] : await peers.PrepareRoundsAsync(server, cancellationToken);
        ResultTable.WriteHead(output);
        Task CheckpointAsync() => server?.CheckpointAsync(cancellationToken) ?? Task.CompletedTask;
        if (grains.IsWanted || http.IsWanted || cluster.IsWanted)
        {
            // Needed even when only HTTP scenarios run: it puts the regions live.
            await using BenchSilo host = await BenchSilo.StartAsync(silo, cancellationToken);
            await RegionSetup.RunAsync(host.Grains);
            await grains.WarmUpAsync(host.Grains, cancellationToken);
            await RunInRoundsAsync(runner, [.. grains.Rounds(host.Grains), .. procedures], CheckpointAsync, cancellationToken);
            double? uniform = _scenarios.Find(result => result.Name == BenchNames.Uniform)?.TransfersPerSecond;
            await grains.RunAsync(host.Grains, uniform, CheckpointAsync, result => Add(_scenarios, result), cancellationToken);
        }
        else
        {
            await RunInRoundsAsync(runner, procedures, CheckpointAsync, cancellationToken);
        }

        await http.RunAsync(silo, server, result => Add(_scenarios, result), _skipped.Add, cancellationToken);
        await cluster.RunAsync(silo, server, result => Add(_scenarios, result), _skipped.Add, cancellationToken);
        await new ReturnScenario(options, cpu, _population, _progress, _time).RunAsync(silo, server, result => Add(_scenarios, result), cancellationToken);
        if (server is not null)
        {
            await peers.RunAsync(server, result => Add(_peers, result), _skipped.Add, cancellationToken);
        }
        else if (BenchNames.Peers.Any(options.Wants))
        {
            _skipped.Add("peers: not run; they need PostgreSQL.");
        }
    }

    private async Task RunInRoundsAsync(ScenarioRunner runner, IReadOnlyList<RoundScenario> scenarios, Func<Task> beginRound, CancellationToken cancellationToken)
    {
        foreach (ScenarioResult result in await runner.RunInRoundsAsync(scenarios, beginRound, cancellationToken))
        {
            Add(BenchNames.Peers.Contains(result.Name) ? _peers : _scenarios, result);
        }
    }

    private async Task PrepareAsync(PostgresServer? server, SiloOptions silo, CancellationToken cancellationToken)
    {
        long started = _time.GetTimestamp();
        using ILoggerFactory loggers = LoggerFactory.Create(BenchSilo.AddLogging);
        await using (ILedgerStore store = GongjiSilo.OpenStore(silo, _time, loggers))
        {
            await store.MigrateAsync(cancellationToken);
            Preparation preparation = new(store, _population, _time);
            await preparation.RunAsync(server is null ? 1 : 2, _progress.Of("preparing persons", _population.TotalCount), cancellationToken);
        }

        if (server is not null)
        {
            // Makes the store look as if the persons had been there for long: nothing is left to vacuum or to flush.
            await server.ExecuteAsync(LedgerDatabase, "VACUUM (ANALYZE)", cancellationToken);
            await server.CheckpointAsync(cancellationToken);
        }

        _progress.Clear();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"prepared {_population.Count:N0} persons, and {_population.ManualCount:N0} who accept by hand, in {_time.GetElapsedTime(started).TotalSeconds:F1} s"));
        output.WriteLine();
    }

    private async Task<AuditTotals> AuditAsync(SiloOptions silo, CancellationToken cancellationToken)
    {
        long started = _time.GetTimestamp();
        using ILoggerFactory loggers = LoggerFactory.Create(BenchSilo.AddLogging);
        await using ILedgerStore store = GongjiSilo.OpenStore(silo, _time, loggers);
        AuditReport audit = await new LedgerAuditor(RegionSetup.CapsFen).RunAsync(
            store, new AuditProgress(_progress, _time), cancellationToken);
        _progress.Clear();
        double seconds = _time.GetElapsedTime(started).TotalSeconds;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\naudited {audit.Entries:N0} entries in {seconds:F1} s, {audit.Entries / seconds:N0}/s"));
        foreach (InvariantReport invariant in audit.Invariants.Where(invariant => invariant.ViolationCount > 0))
        {
            output.WriteLine($"VIOLATED {invariant.Name}: {invariant.ViolationCount}, such as: {string.Join("; ", invariant.Violations.Take(3))}");
        }

        return new AuditTotals(audit.Invariants.Sum(invariant => invariant.Checked), audit.ViolationCount);
    }

    private async Task WriteReportsAsync(BenchReport report, CancellationToken cancellationToken)
    {
        ResultTable.WriteEnd(output, report);
        if (options.JsonFile is { } json)
        {
            await File.WriteAllTextAsync(json, JsonReport.Write(report), cancellationToken);
        }

        if (options.PlotFile is { } plot)
        {
            await File.WriteAllTextAsync(plot, PlotPage.Write(report), cancellationToken);
        }
    }

    private void WriteSettings(params IEnumerable<IReadOnlyDictionary<string, string>> facts)
    {
        foreach ((string name, string value) in facts.SelectMany(fact => fact))
        {
            output.WriteLine($"{name,-40}{value}");
        }
    }

    private void Add(List<ScenarioResult> results, ScenarioResult result)
    {
        results.Add(result);
        ResultTable.WriteRow(output, result);
    }

    private sealed class AuditProgress(ProgressBar bar, TimeProvider time) : IProgress<long>
    {
        private readonly long _started = time.GetTimestamp();

        public void Report(long value) => bar.Show(
            "audit", 0, string.Create(CultureInfo.InvariantCulture, $"{value:N0} entries read, {value / Math.Max(time.GetElapsedTime(_started).TotalSeconds, 1e-3):N0}/s"));
    }
}
