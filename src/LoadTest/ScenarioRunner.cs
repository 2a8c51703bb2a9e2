using System.Globalization;

namespace Gongji.LoadTest;

/// <summary>Runs scenarios: warm-up, window, drain.</summary>
internal sealed class ScenarioRunner(BenchOptions options, CpuMeter cpu, ProgressBar progress, TimeProvider time)
{
    /// <summary>A runner that is the same except for its warm-up.</summary>
    public ScenarioRunner WithWarmUp(int seconds) => new(options with { WarmUpSeconds = seconds }, cpu, progress, time);

    /// <summary>Runs a closed loop with the given number of callers.</summary>
    public Task<ScenarioResult> RunClosedAsync(string name, ILoad load, int callers, CancellationToken cancellationToken) =>
        RunClosedAsync(name, _ => load, callers, cancellationToken);

    /// <summary>The same for a load that records its operations itself.</summary>
    public async Task<ScenarioResult> RunClosedAsync(string name, Func<Recorder, ILoad> load, int callers, CancellationToken cancellationToken) =>
        ResultOf(name, await MeasureClosedAsync(name, load, callers, options.WarmUpSeconds, options.Seconds, cancellationToken));

    /// <summary>Runs an open loop at a steady rate; latencies count from when each operation was due.</summary>
    public async Task<ScenarioResult> RunOpenAsync(string name, ILoad load, double perSecond, CancellationToken cancellationToken)
    {
        Recorder recorder = new(time, countsByStart: true);
        return ResultOf(
            name, await MeasureAsync(name, recorder, new OpenLoop(load, perSecond, recorder, time), options.WarmUpSeconds, options.Seconds, cancellationToken));
    }

    /// <summary>
    /// Runs closed loops in turns: in each round, each of them gets its part of the seconds. So the state of the machine and the growth of the store affect all of them alike, and
    /// their ratios are meaningful.
    /// </summary>
    /// <param name="scenarios">The scenarios, in the order of each round.</param>
    /// <param name="beginRound">Called before each round. After it, the round's first scenario gets a full warm-up; in the first round, every scenario does.</param>
    /// <param name="cancellationToken">Cancels the run.</param>
    public async Task<IReadOnlyList<ScenarioResult>> RunInRoundsAsync(
        IReadOnlyList<RoundScenario> scenarios, Func<Task> beginRound, CancellationToken cancellationToken)
    {
        int rounds = scenarios.Count > 1 ? options.Rounds : 1;
        Measured[][] windows = [.. scenarios.Select(_ => new Measured[rounds])];
        for (int round = 0; round < rounds; round++)
        {
            await beginRound();
            for (int i = 0; i < scenarios.Count; i++)
            {
                (string name, Func<Recorder, ILoad> load, int callers) = scenarios[i];
                int warmUp = round == 0 || i == 0 ? options.WarmUpSeconds : Math.Min(options.WarmUpSeconds, BenchLimits.RoundWarmUpSeconds);
                windows[i][round] = await MeasureClosedAsync(name, load, callers, warmUp, options.Seconds / (double)rounds, cancellationToken);
            }
        }

        return [.. scenarios.Select((scenario, i) => ResultOf(scenario.Name, windows[i]))];
    }

    /// <summary>Describes the operations that were not done and those that did not return.</summary>
    internal static IEnumerable<string> NotDone(IReadOnlyDictionary<string, long> refusals, long lost)
    {
        if (lost > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{lost} operations did not return within {BenchLimits.DrainSeconds} s");
        }

        foreach ((string reason, long count) in refusals.OrderByDescending(refusal => refusal.Value).Take(5))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{count:N0} not done: {reason}");
        }
    }

    private ScenarioResult ResultOf(string name, params IReadOnlyCollection<Measured> windows)
    {
        ScenarioResult result = ScenarioResult.Of(name, windows);
        return result with { Notes = [.. Notes(result, windows)] };
    }

    private IEnumerable<string> Notes(ScenarioResult result, IReadOnlyCollection<Measured> windows)
    {
        TimeSpan measured = windows.Aggregate(TimeSpan.Zero, (sum, window) => sum + window.Recorder.Window);
        if (options.IsVerbose)
        {
            if (windows.Count > 1)
            {
                yield return "transfers/s in each round: " + string.Join(' ', windows.Select(window => window.PerSecond.ToString("N0", CultureInfo.InvariantCulture)));
            }

            yield return windows.Aggregate(default(GcReading), (sum, window) => sum + window.Collected).In(measured);
            double perSecond = Math.Max(result.TransfersPerSecond, 1e-6);
            yield return string.Create(
                CultureInfo.InvariantCulture, $"processor time of a transfer: client {result.ClientCores / perSecond * 1e6:F1} µs, server {result.ServerCores / perSecond * 1e6:F1} µs");
        }

        if (cpu.HelperPids.Count > 0)
        {
            double helpers = windows.Sum(window => window.HelperCores * window.Recorder.Window.TotalSeconds) / Math.Max(measured.TotalSeconds, 1e-6);
            yield return string.Create(CultureInfo.InvariantCulture, $"client cores: API {helpers:F2}, load generator {result.ClientCores - helpers:F2}");
        }

        foreach (string problem in NotDone(result.Refusals, windows.Sum(window => window.Lost)))
        {
            yield return problem;
        }
    }

    private Task<Measured> MeasureClosedAsync(
        string name, Func<Recorder, ILoad> load, int callers, int warmUpSeconds, double seconds, CancellationToken cancellationToken)
    {
        Recorder recorder = new(time, countsByStart: false);
        return MeasureAsync(name, recorder, new ClosedLoop(load(recorder), callers, recorder, time), warmUpSeconds, seconds, cancellationToken);
    }

    /// <summary>Runs warm-up, window and drain.</summary>
    private async Task<Measured> MeasureAsync(
        string name, Recorder recorder, IDriver driver, int warmUpSeconds, double seconds, CancellationToken cancellationToken)
    {
        // Garbage of earlier scenarios is collected now, so that this one is not charged for it.
        GC.Collect();
        recorder.Start();
        driver.Start();
        long lost;
        CoresUsed cores;
        GcReading collected;
        try
        {
            double whole = warmUpSeconds + seconds;
            await SampleAsync(name, recorder, 0, warmUpSeconds, whole, cancellationToken);
            GcReading before = GcReading.Now();
            cpu.Start();
            recorder.Begin();
            if (options.IsVerbose)
            {
                // A cue for attaching a profiler.
                await Console.Error.WriteLineAsync($"measuring {name}");
            }

            await SampleAsync(name, recorder, warmUpSeconds, seconds, whole, cancellationToken);
            recorder.End();
            cores = cpu.Stop();
            collected = GcReading.Now() - before;
        }
        finally
        {
            lost = await driver.StopAsync();
            progress.Clear();
        }

        return new Measured(recorder, cores, cpu.HelperCores, collected, lost);
    }

    private async Task SampleAsync(string name, Recorder recorder, double secondsBefore, double seconds, double secondsWhole, CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        double elapsed = 0;
        while (elapsed < seconds)
        {
            await Task.Delay(TimeSpan.FromSeconds(Math.Min(BenchLimits.SampleMs / 1e3, seconds - elapsed)), time, cancellationToken);
            elapsed = time.GetElapsedTime(started).TotalSeconds;
            SeriesPoint point = recorder.Sample();
            progress.Show(
                name, (secondsBefore + elapsed) / secondsWhole, string.Create(CultureInfo.InvariantCulture, $"{point.PerSecond,9:N0}/s   p99 {point.P99Ms,7:F1} ms"));
        }
    }
}
