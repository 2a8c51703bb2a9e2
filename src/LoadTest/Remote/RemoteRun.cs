using System.Globalization;
using Gongji.Client;

namespace Gongji.LoadTest;

/// <summary>The options of <c>load</c>.</summary>
/// <param name="Url">The server.</param>
/// <param name="KeyFile">The key file to sign calls with; null for unsigned calls.</param>
/// <param name="IsSteady">Whether to make transfers at a steady rate instead of playing a whole day.</param>
/// <param name="Seconds">The duration.</param>
/// <param name="PerSecond">Movements a second: in the day's busiest hour, or all the time.</param>
/// <param name="Persons">The number of people to prepare.</param>
/// <param name="Connections">The most connections to the server.</param>
/// <param name="JsonFile">The file for the figures; null for none.</param>
/// <param name="PlotFile">The file for the report; null for none.</param>
internal sealed record RemoteOptions(
    Uri Url, string? KeyFile, bool IsSteady, int Seconds, int PerSecond, int Persons, int Connections, string? JsonFile, string? PlotFile)
{
    public string Name => IsSteady ? Steady : Day;

    /// <summary>A whole day, in less time.</summary>
    public const string Day = "peak-day";

    /// <summary>Transfers at a steady rate.</summary>
    public const string Steady = "transfers";
}

/// <summary>Drives a running server at the rate of a peak transfer day, and reports what its callers saw.</summary>
internal sealed class RemoteRun(RemoteOptions options, TextWriter output, TimeProvider time)
{
    private readonly ProgressBar _progress = new();

    /// <summary>Prepares the server, drives it, and reports.</summary>
    /// <returns>Whether every requested movement was done.</returns>
    /// <exception cref="BenchException">The server cannot be used; the message says why.</exception>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        using GatewayKey? key = await KeyAsync(cancellationToken);
        using RemoteServer server = new(options.Url, key, options.Connections, time);
        RemotePeople people = new(options.Persons);
        await new RemotePreparation(server, people, time).RunAsync(_progress.Of("preparing pairs of people", people.Pairs), cancellationToken);
        _progress.Clear();

        RemoteLoad load = new(server, people, options.IsSteady, time);
        IArrivals arrivals = options.IsSteady ? new SteadyArrivals(options.PerSecond) : new PeakDay(options.PerSecond, options.Seconds);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{options.Name}: {arrivals.DueBy(options.Seconds):N0} movements of {2 * people.Pairs:N0} people in {options.Seconds} s, {options.PerSecond:N0} a second at most, to {options.Url}"));
        Recorder recorder = new(time, countsByStart: true);
        OpenLoop driver = new(load, arrivals, recorder, time);
        Recorder[] recorders = [recorder, .. load.Kinds.Values];
        CpuMeter cpu = new(time, serverPid: null);
        cpu.Start();
        Array.ForEach(recorders, each => each.Start());
        Array.ForEach(recorders, each => each.Begin());
        driver.Start();
        long lost;
        try
        {
            await WatchAsync(recorders, cancellationToken);
        }
        finally
        {
            Array.ForEach(recorders, each => each.End());
            lost = await driver.StopAsync();
            _progress.Clear();
        }

        CoresUsed cores = cpu.Stop();
        List<ScenarioResult> results = [ScenarioResult.Of(options.Name, new Measured(recorder, cores)) with { Notes = [.. ScenarioRunner.NotDone(recorder.Refusals, lost)] }];
        results.AddRange(load.Kinds.Where(_ => load.Kinds.Count > 1).Select(kind => ScenarioResult.Of(kind.Key, new Measured(kind.Value, default))));
        await ReportAsync(results, cancellationToken);
        return lost == 0 && recorder.Refusals.Count == 0 && results[0].TransfersPerSecond > 0;
    }

    private async Task<GatewayKey?> KeyAsync(CancellationToken cancellationToken)
    {
        if (options.KeyFile is not { } file)
        {
            return null;
        }

        try
        {
            return await GatewayKey.LoadAsync(file, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new BenchException($"--key {file}: {exception.Message}");
        }
    }

    private async Task WatchAsync(Recorder[] recorders, CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        double elapsed = 0;
        while (elapsed < options.Seconds)
        {
            await Task.Delay(TimeSpan.FromSeconds(Math.Min(BenchLimits.SampleMs / 1e3, options.Seconds - elapsed)), time, cancellationToken);
            elapsed = time.GetElapsedTime(started).TotalSeconds;
            SeriesPoint[] points = Array.ConvertAll(recorders, each => each.Sample());
            double hour = elapsed / options.Seconds * 24;
            string when = options.IsSteady ? options.Name : string.Create(CultureInfo.InvariantCulture, $"{options.Name} {(int)hour:00}:{(int)(hour % 1 * 60):00}");
            _progress.Show(when, elapsed / options.Seconds, string.Create(CultureInfo.InvariantCulture, $"{points[0].PerSecond,9:N0}/s   p99 {points[0].P99Ms,7:F1} ms"));
        }
    }

    private async Task ReportAsync(IReadOnlyList<ScenarioResult> results, CancellationToken cancellationToken)
    {
        ResultTable.WriteHead(output);
        foreach (ScenarioResult result in results)
        {
            ResultTable.WriteRow(output, result);
        }

        BenchReport report = new()
        {
            Machine = MachineFacts.Machine(),
            Settings = new Dictionary<string, string>
            {
                ["server"] = options.Url.ToString(),
                ["persons"] = options.Persons.ToString(CultureInfo.InvariantCulture),
                ["seconds"] = options.Seconds.ToString(CultureInfo.InvariantCulture),
                ["perSecondAtMost"] = options.PerSecond.ToString(CultureInfo.InvariantCulture),
                ["connections"] = options.Connections.ToString(CultureInfo.InvariantCulture),
            },
            Scenarios = results,
        };
        if (options.JsonFile is { } json)
        {
            await File.WriteAllTextAsync(json, JsonReport.Write(report), cancellationToken);
        }

        if (options.PlotFile is { } plot)
        {
            await File.WriteAllTextAsync(plot, PlotPage.Write(report), cancellationToken);
            output.WriteLine($"report: {plot}");
        }
    }
}
