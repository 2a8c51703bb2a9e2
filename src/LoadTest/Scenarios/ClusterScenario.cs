using System.Globalization;
using Gongji.Silo;

namespace Gongji.LoadTest;

/// <summary>
/// Several servers in one cluster: first their joint throughput, then what callers see when one server is killed and, some seconds later, restarted at the same address.
/// </summary>
internal sealed class ClusterScenario(BenchOptions options, ScenarioRunner runner, CpuMeter cpu, Population population, ProgressBar progress, TimeProvider time)
{
    /// <summary>The cluster counts as held up while its rate is below this share of the earlier rate.</summary>
    private const double HeldUpBelow = 0.5;

    private static readonly TimeSpan SampleEvery = TimeSpan.FromMilliseconds(BenchLimits.SampleMs);

    private readonly List<ApiServer> _servers = [];

    public bool IsWanted => options.Wants(BenchNames.Cluster);

    public async Task RunAsync(SiloOptions silo, PostgresServer? server, Action<ScenarioResult> add, Action<string> skip, CancellationToken cancellationToken)
    {
        if (!IsWanted)
        {
            return;
        }

        if (server is null || !GongjiSilo.IsClustered(silo) || !File.Exists(ApiServer.AssemblyPath))
        {
            skip("cluster: not run; it needs Microsoft Orleans, PostgreSQL and the API's build.");
            return;
        }

        try
        {
            // Started one after the other: the first one migrates the schema.
            while (_servers.Count < BenchLimits.ClusterServers)
            {
                _servers.Add(await ApiServer.StartAsync(silo, ApiPorts.FreeInCluster(), cancellationToken));
            }

            await RunAsync(silo, server, add, cancellationToken);
        }
        finally
        {
            cpu.HelperPids = [];
            await Task.WhenAll(_servers.Select(each => each.DisposeAsync().AsTask()));
        }
    }

    private async Task RunAsync(SiloOptions silo, PostgresServer server, Action<ScenarioResult> add, CancellationToken cancellationToken)
    {
        UniformPairs pairs = new(population.Count);
        if (population.TotalCount <= BenchLimits.ActivatedPersonsMax)
        {
            using HttpLoad warm = new(_servers[0].EndPoint, pairs, BenchLimits.HttpConnections, time);
            await warm.WarmAsync(population.TotalCount, progress.Of("asking for persons", population.TotalCount), cancellationToken);
        }

        cpu.HelperPids = [.. _servers.Select(each => each.Pid)];
        using ClusterLoad load = new([.. _servers.Select(each => each.EndPoint)], pairs, BenchLimits.HttpConnections, time);
        await runner.RunClosedAsync("warm-up", load, BenchLimits.HttpConnections, cancellationToken);
        await server.CheckpointAsync(cancellationToken);
        ScenarioResult whole = await runner.RunClosedAsync(BenchNames.Cluster, load, BenchLimits.HttpConnections, cancellationToken);
        add(whole);
        add(await KillAsync(silo, load, whole.TransfersPerSecond, cancellationToken));
    }

    /// <summary>Kills a server. The row covers the time from the kill until some seconds after the server is ready again.</summary>
    private async Task<ScenarioResult> KillAsync(SiloOptions silo, ClusterLoad load, double ratePerSecond, CancellationToken cancellationToken)
    {
        Recorder recorder = new(time, countsByStart: false);
        ClosedLoop driver = new(load, BenchLimits.HttpConnections, recorder, time);
        recorder.Start();
        driver.Start();
        long lost;
        CoresUsed cores;
        TimeSpan ready;
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(options.WarmUpSeconds), time, cancellationToken);
            recorder.Sample();
            ApiServer victim = _servers[^1];
            cpu.HelperPids = [.. _servers.Where(each => each != victim).Select(each => each.Pid)];
            cpu.Start();
            recorder.Begin();
            await victim.KillAsync(cancellationToken);
            await victim.DisposeAsync();
            _servers.Remove(victim);
            await SampleAsync(recorder, Task.Delay(TimeSpan.FromSeconds(BenchLimits.DeadSeconds), time, cancellationToken));

            long startedAt = time.GetTimestamp();
            Task<ApiServer> start = ApiServer.StartAsync(silo, victim.Ports, cancellationToken);
            await SampleAsync(recorder, start);
            ready = time.GetElapsedTime(startedAt);
            _servers.Add(await start);
            await SampleAsync(recorder, Task.Delay(TimeSpan.FromSeconds(BenchLimits.SettledSeconds), time, cancellationToken));
            recorder.End();
            cores = cpu.Stop();
        }
        finally
        {
            lost = await driver.StopAsync();
            progress.Clear();
        }

        return ScenarioResult.Of(BenchNames.ClusterKilled, new Measured(recorder, cores)) with { Notes = [.. Notes(recorder, load, ratePerSecond, ready, lost)] };
    }

    private async Task SampleAsync(Recorder recorder, Task until)
    {
        while (!until.IsCompleted)
        {
            await Task.WhenAny(until, Task.Delay(SampleEvery, time));
            SeriesPoint point = recorder.Sample();
            progress.Show(BenchNames.ClusterKilled, 0, string.Create(CultureInfo.InvariantCulture, $"{point.PerSecond,9:N0}/s   p99 {point.P99Ms,7:F1} ms"));
        }

        await until;
    }

    /// <summary>The rate in each second after the kill.</summary>
    private static string Course(Recorder recorder)
    {
        IEnumerable<SeriesPoint> measured = recorder.Series.Where(point => point.IsMeasured);
        double from = measured.First().Seconds;
        return "transfers/s in each second since: " + string.Join(' ', measured
            .GroupBy(point => (int)(point.Seconds - from))
            .Select(second => second.Average(point => point.PerSecond).ToString("F0", CultureInfo.InvariantCulture)));
    }

    private IEnumerable<string> Notes(Recorder recorder, ClusterLoad load, double ratePerSecond, TimeSpan ready, long lost)
    {
        double heldUp = 0, silent = 0, before = 0;
        foreach (SeriesPoint point in recorder.Series)
        {
            double seconds = point.Seconds - before;
            before = point.Seconds;
            heldUp += point.IsMeasured && point.PerSecond < ratePerSecond * HeldUpBelow ? seconds : 0;
            silent += point.IsMeasured && point.PerSecond == 0 ? seconds : 0;
        }

        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"1 of {BenchLimits.ClusterServers} servers killed, started again {BenchLimits.DeadSeconds} s later, ready in {ready.TotalSeconds:F1} s; for {heldUp:F1} s less than half the rate before, for {silent:F1} s nothing");
        if (options.IsVerbose)
        {
            yield return Course(recorder);
        }

        foreach ((string reason, long count) in load.AskedAgain.OrderByDescending(again => again.Value))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{count:N0} asked again: {reason}");
        }

        foreach (string problem in ScenarioRunner.NotDone(recorder.Refusals, lost))
        {
            yield return problem;
        }
    }
}
