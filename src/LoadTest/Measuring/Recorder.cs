using System.Collections.Concurrent;

namespace Gongji.LoadTest;

/// <summary>
/// Records every operation of a scenario: counts those within the window, remembers why others were not done, and keeps the course over time for
/// plots. Thread-safe.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="countsByStart">
/// Whether the window selects by intended start (open loop: an operation that was due in the window counts, whenever it ends) or by end (closed loop).
/// </param>
internal sealed class Recorder(TimeProvider time, bool countsByStart)
{
    private readonly ConcurrentDictionary<string, long> _refusals = new();
    private readonly List<SeriesPoint> _series = [];
    private LatencyHistogram _interval = new();
    private long _intervalAt;
    private long _beginAt = long.MaxValue;
    private long _endAt = long.MaxValue;
    private long _createdAt;

    /// <summary>The latencies of the operations that count.</summary>
    public LatencyHistogram Latencies { get; } = new();

    /// <summary>The number of operations that were not done, by reason, over the whole scenario including the warm-up.</summary>
    public IReadOnlyDictionary<string, long> Refusals => _refusals;

    /// <summary>The course over time, including the warm-up.</summary>
    public IReadOnlyList<SeriesPoint> Series => _series;

    /// <summary>The length of the window.</summary>
    public TimeSpan Window => time.GetElapsedTime(Volatile.Read(ref _beginAt), Volatile.Read(ref _endAt));

    /// <summary>Starts the plots' clock.</summary>
    public void Start() => _createdAt = _intervalAt = time.GetTimestamp();

    /// <summary>Opens the window.</summary>
    public void Begin() => Volatile.Write(ref _beginAt, time.GetTimestamp());

    /// <summary>Closes the window.</summary>
    public void End() => Volatile.Write(ref _endAt, time.GetTimestamp());

    /// <summary>Records one operation at its end.</summary>
    /// <param name="startedAt">When it started or, in an open loop, was due: a timestamp of the clock.</param>
    /// <param name="refusal">Why it was not done; null when it was.</param>
    public void Record(long startedAt, string? refusal)
    {
        if (refusal == ILoad.AlreadyRecorded)
        {
            return;
        }

        if (refusal is not null)
        {
            _refusals.AddOrUpdate(refusal, 1, static (_, count) => count + 1);
            return;
        }

        long now = time.GetTimestamp();
        long latencyUs = (long)time.GetElapsedTime(startedAt, now).TotalMicroseconds;
        long decisive = countsByStart ? startedAt : now;
        if (decisive >= Volatile.Read(ref _beginAt) && decisive < Volatile.Read(ref _endAt))
        {
            Latencies.Record(latencyUs);
        }

        Volatile.Read(ref _interval).Record(latencyUs);
    }

    /// <summary>Ends one interval of the plots. Only one caller may call this.</summary>
    public SeriesPoint Sample()
    {
        LatencyHistogram ended = Interlocked.Exchange(ref _interval, new LatencyHistogram());
        long now = time.GetTimestamp();
        double seconds = Math.Max(time.GetElapsedTime(_intervalAt, now).TotalSeconds, 1e-6);
        SeriesPoint point = new(
            time.GetElapsedTime(_createdAt, now).TotalSeconds, ended.Count / seconds, ended.PercentileUs(0.5) / 1e3, ended.PercentileUs(0.99) / 1e3, ended.MaxUs / 1e3,
            now >= Volatile.Read(ref _beginAt));
        _intervalAt = now;
        _series.Add(point);
        return point;
    }
}

/// <summary>One point of a scenario's course.</summary>
/// <param name="Seconds">Since the scenario began, warm-up included.</param>
/// <param name="PerSecond">Operations done in the interval that ends here, per second.</param>
/// <param name="P50Ms">Median latency of the interval.</param>
/// <param name="P99Ms">99th percentile of the interval.</param>
/// <param name="MaxMs">The largest latency of the interval.</param>
/// <param name="IsMeasured">Whether the warm-up was over.</param>
internal readonly record struct SeriesPoint(double Seconds, double PerSecond, double P50Ms, double P99Ms, double MaxMs, bool IsMeasured);
