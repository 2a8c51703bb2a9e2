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

    /// <summary>The figures of a window.</summary>
    public static ScenarioResult Of(string name, Recorder recorder, CoresUsed cores) => new(
        name,
        recorder.Latencies.Count / Math.Max(recorder.Window.TotalSeconds, 1e-6),
        recorder.Latencies.PercentileUs(0.5) / 1e3,
        recorder.Latencies.PercentileUs(0.99) / 1e3,
        recorder.Latencies.MaxUs / 1e3,
        cores.Client,
        cores.Server)
    {
        Refusals = recorder.Refusals,
        Series = recorder.Series,
    };
}
