using System.Diagnostics.Metrics;

namespace Gongji.Storage;

/// <summary>
/// The journal's metrics, on the meter <see cref="Journal.MeterName"/>. The counters are observable: they report 0 before anything has gone wrong, so the
/// first failure shows as an increase.
/// </summary>
internal sealed class JournalMetrics : IDisposable
{
    private static readonly InstrumentAdvice<int> BatchBounds = new() { HistogramBucketBoundaries = [1, 4, 16, 64, 256, 1_024, 4_096] };

    private static readonly InstrumentAdvice<double> SecondBounds = new()
    {
        HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    };

    private readonly Meter _meter = new(Journal.MeterName);
    private readonly Histogram<int> _batchEntries;
    private readonly Histogram<double> _commitSeconds;
    private long _entries;
    private long _conflicts;
    private long _poisonedWriters;
    private long _unknownOutcomes;

    public JournalMetrics(Func<int> queueEntries)
    {
        _batchEntries = _meter.CreateHistogram("gongji.journal.batch.entries", "{entry}", "Entries per durable batch.", tags: null, BatchBounds);
        _commitSeconds = _meter.CreateHistogram(
            "gongji.journal.commit.duration", "s", "From the first attempt of a batch to its being durable.", tags: null, SecondBounds);
        _meter.CreateObservableCounter("gongji.journal.entries", () => Volatile.Read(ref _entries), "{entry}", "Entries made durable.");
        _meter.CreateObservableCounter("gongji.journal.conflicts", () => Volatile.Read(ref _conflicts), "{entry}", "Entries that were stale, duplicate, or over a region's cap.");
        _meter.CreateObservableCounter(
            "gongji.journal.poisoned_writers", () => Volatile.Read(ref _poisonedWriters), "{writer}", "Accounts' writers poisoned because an entry failed.");
        _meter.CreateObservableCounter(
            "gongji.journal.unknown_outcomes", () => Volatile.Read(ref _unknownOutcomes), "{batch}", "Commits whose outcome was unknown at first.");
        _meter.CreateObservableGauge("gongji.journal.queue", queueEntries, "{entry}", "Entries waiting for their batch.");
    }

    public void Durable(int entries, TimeSpan took)
    {
        Interlocked.Add(ref _entries, entries);
        _batchEntries.Record(entries);
        _commitSeconds.Record(took.TotalSeconds);
    }

    public void Conflict(int entries) => Interlocked.Add(ref _conflicts, entries);

    public void Poisoned() => Interlocked.Increment(ref _poisonedWriters);

    public void UnknownOutcome() => Interlocked.Increment(ref _unknownOutcomes);

    public void Dispose() => _meter.Dispose();
}
