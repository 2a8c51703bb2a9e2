namespace Gongji.LoadTest;

/// <summary>What was measured of one scenario or peer.</summary>
/// <param name="Name">Its name.</param>
/// <param name="TransfersPerSecond">Transfers done and durable in the window, per second.</param>
/// <param name="P50Ms">Median latency.</param>
/// <param name="P99Ms">99th percentile.</param>
/// <param name="MaxMs">The largest.</param>
/// <param name="ClientCores">Processor cores that everything but the database's server used, the load generator included.</param>
/// <param name="ServerCores">Cores that PostgreSQL's processes used.</param>
internal sealed record ScenarioResult(
    string Name, double TransfersPerSecond, double P50Ms, double P99Ms, double MaxMs, double ClientCores, double ServerCores)
{
    /// <summary>Operations that were not done, by reason.</summary>
    public IReadOnlyDictionary<string, long> Refusals { get; init; } = new Dictionary<string, long>();

    /// <summary>The course over time.</summary>
    public IReadOnlyList<SeriesPoint> Series { get; init; } = [];

    /// <summary>What a reader of the table should know.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The figures of all windows together.</summary>
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
