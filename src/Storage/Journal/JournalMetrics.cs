using System.Diagnostics.Metrics;

namespace Gongji.Storage;

/// <summary>What the journal counts: meter <c>Gongji.Journal</c>.</summary>
internal sealed class JournalMetrics : IDisposable
{
    public const string MeterName = "Gongji.Journal";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _entries;
    private readonly Counter<long> _batches;
    private readonly Histogram<int> _batchEntries;
    private readonly Histogram<double> _commitSeconds;
    private readonly Counter<long> _conflicts;
    private readonly Counter<long> _poisonedWriters;
    private readonly Counter<long> _unknownOutcomes;

    public JournalMetrics(Func<int> queueEntries)
    {
        _entries = _meter.CreateCounter<long>("gongji.journal.entries", "{entry}", "Entries made durable.");
        _batches = _meter.CreateCounter<long>("gongji.journal.batches", "{batch}", "Batches made durable.");
        _batchEntries = _meter.CreateHistogram<int>("gongji.journal.batch.entries", "{entry}", "Entries per durable batch.");
        _commitSeconds = _meter.CreateHistogram<double>("gongji.journal.commit.duration", "s", "From the first attempt of a batch to its being durable.");
        _conflicts = _meter.CreateCounter<long>("gongji.journal.conflicts", "{entry}", "Entries that were stale or duplicate.");
        _poisonedWriters = _meter.CreateCounter<long>("gongji.journal.poisoned_writers", "{writer}", "Writers poisoned because an entry failed.");
        _unknownOutcomes = _meter.CreateCounter<long>("gongji.journal.unknown_outcomes", "{batch}", "Commits whose outcome was unknown at first.");
        _meter.CreateObservableGauge("gongji.journal.queue", queueEntries, "{entry}", "Entries waiting for their batch.");
    }

    public void Durable(int entries, TimeSpan took)
    {
        _entries.Add(entries);
        _batches.Add(1);
        _batchEntries.Record(entries);
        _commitSeconds.Record(took.TotalSeconds);
    }

    public void Conflict(int entries) => _conflicts.Add(entries);

    public void Poisoned() => _poisonedWriters.Add(1);

    public void UnknownOutcome() => _unknownOutcomes.Add(1);

    public void Dispose() => _meter.Dispose();
}
