namespace Gongji.LoadTest;

/// <summary>The figures of one scenario or peer.</summary>
/// <param name="Name">Its name.</param>
/// <param name="TransfersPerSecond">Transfers done and durable in the window, per second.</param>
/// <param name="P50Ms">Median latency.</param>
/// <param name="P99Ms">99th percentile.</param>
/// <param name="MaxMs">The largest latency.</param>
/// <param name="ClientCores">Processor cores used by everything but the database server, including the load generator.</param>
/// <param name="ServerCores">Processor cores used by PostgreSQL's processes.</param>
internal sealed record ScenarioResult(
    string Name, double TransfersPerSecond, double P50Ms, double P99Ms, double MaxMs, double ClientCores, double ServerCores)
{
    /// <summary>The number of operations that were not done, by reason.</summary>
    public IReadOnlyDictionary<string, long> Refusals { get; init; } = new Dictionary<string, long>();

    /// <summary>The course over time.</summary>
    public IReadOnlyList<SeriesPoint> Series { get; init; } = [];

    /// <summary>What a reader of the table should know.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Combines the figures of all windows.</summary>
    public static ScenarioResult Of(string name, params IReadOnlyCollection<Measured> windows)
    {
        LatencyHistogram latencies = new();
        List<SeriesPoint> series = [];
        double seconds = 1e-6, client = 0, server = 0;
        foreach (Measured window in windows)
        {
            double length = window.Recorder.Window.TotalSeconds;
            seconds += length;
            client += window.Cores.Client * length;
            server += window.Cores.Server * length;
            latencies.Add(window.Recorder.Latencies);
            double before = series.Count == 0 ? 0 : series[^1].Seconds;
            series.AddRange(window.Recorder.Series.Select(point => point with { Seconds = before + point.Seconds }));
        }

        return new ScenarioResult(
            name, latencies.Count / seconds, latencies.PercentileUs(0.5) / 1e3, latencies.PercentileUs(0.99) / 1e3, latencies.MaxUs / 1e3, client / seconds, server / seconds)
        {
            Refusals = windows.SelectMany(window => window.Recorder.Refusals).GroupBy(refusal => refusal.Key).ToDictionary(reason => reason.Key, reason => reason.Sum(refusal => refusal.Value)),
            Series = series,
        };
    }
}
