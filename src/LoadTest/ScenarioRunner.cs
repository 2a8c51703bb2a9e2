using System.Globalization;

namespace Gongji.LoadTest;

/// <summary>Runs one scenario after another: warm-up, window, drain.</summary>
internal sealed class ScenarioRunner(BenchOptions options, CpuMeter cpu, ProgressBar progress, TimeProvider time)
{
    /// <summary>The same with another warm-up.</summary>
    public ScenarioRunner WithWarmUp(int seconds) => new(options with { WarmUpSeconds = seconds }, cpu, progress, time);

    /// <summary>As many callers at once as the options say, or as given.</summary>
    public Task<ScenarioResult> RunClosedAsync(string name, ILoad load, int callers, CancellationToken cancellationToken)
    {
        Recorder recorder = new(time, countsByStart: false);
        return RunAsync(name, recorder, new ClosedLoop(load, callers, recorder, time), cancellationToken);
    }

    /// <summary>The same for a load that tells its recorder itself.</summary>
    public Task<ScenarioResult> RunClosedAsync(string name, Func<Recorder, ILoad> load, int callers, CancellationToken cancellationToken)
    {
        Recorder recorder = new(time, countsByStart: false);
        return RunAsync(name, recorder, new ClosedLoop(load(recorder), callers, recorder, time), cancellationToken);
    }

    /// <summary>At a steady rate; latency from when each was due.</summary>
    public Task<ScenarioResult> RunOpenAsync(string name, ILoad load, double perSecond, CancellationToken cancellationToken)
    {
        Recorder recorder = new(time, countsByStart: true);
        return RunAsync(name, recorder, new OpenLoop(load, perSecond, recorder, time), cancellationToken);
    }

    private async Task<ScenarioResult> RunAsync(string name, Recorder recorder, IDriver driver, CancellationToken cancellationToken)
    {
        // What an earlier scenario left behind is not this one's to collect.
        GC.Collect();
        recorder.Start();
        driver.Start();
        long lost;
        CoresUsed cores;
        List<string> notes = [];
        try
        {
            await SampleAsync(name, recorder, 0, options.WarmUpSeconds, cancellationToken);
            GcReading before = GcReading.Now();
            cpu.Start();
            recorder.Begin();
            if (options.IsVerbose)
            {
                // For whoever waits to attach a profiler.
                await Console.Error.WriteLineAsync($"measuring {name}");
            }

            await SampleAsync(name, recorder, options.WarmUpSeconds, options.Seconds, cancellationToken);
            recorder.End();
            cores = cpu.Stop();
            if (options.IsVerbose)
            {
                notes.Add(GcReading.Now().Since(before, recorder.Window));
                double perSecond = Math.Max(recorder.Latencies.Count / recorder.Window.TotalSeconds, 1e-6);
                notes.Add(string.Create(CultureInfo.InvariantCulture, $"processor time of a transfer: client {cores.Client / perSecond * 1e6:F1} µs, server {cores.Server / perSecond * 1e6:F1} µs"));
            }
        }
        finally
        {
            lost = await driver.StopAsync();
            progress.Clear();
        }

        if (cpu.HelperPids.Count > 0)
        {
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"client cores: API {cpu.HelperCores:F2}, load generator {cores.Client - cpu.HelperCores:F2}"));
        }

        notes.AddRange(NotDone(recorder, lost));
        return ScenarioResult.Of(name, recorder, cores) with { Notes = notes };
    }

    /// <summary>What was not done, and what did not return.</summary>
    internal static IEnumerable<string> NotDone(Recorder recorder, long lost)
    {
        if (lost > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{lost} operations did not return within {BenchLimits.DrainSeconds} s");
        }

        foreach ((string reason, long count) in recorder.Refusals.OrderByDescending(refusal => refusal.Value).Take(5))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{count:N0} not done: {reason}");
        }
    }

    private async Task SampleAsync(string name, Recorder recorder, int secondsBefore, int seconds, CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        double elapsed = 0;
        while (elapsed < seconds)
        {
            await Task.Delay(TimeSpan.FromSeconds(Math.Min(BenchLimits.SampleMs / 1e3, seconds - elapsed)), time, cancellationToken);
            elapsed = time.GetElapsedTime(started).TotalSeconds;
            SeriesPoint point = recorder.Sample();
            progress.Show(
                name,
                (secondsBefore + elapsed) / (options.WarmUpSeconds + options.Seconds),
                string.Create(CultureInfo.InvariantCulture, $"{point.PerSecond,9:N0}/s   p99 {point.P99Ms,7:F1} ms"));
        }
    }
}
