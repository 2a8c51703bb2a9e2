namespace Gongji.Storage;

/// <summary>How a journal works.</summary>
public sealed record JournalOptions
{
    /// <summary>Who writes: the silo's name. Kept with each chain.</summary>
    public required string Writer { get; init; }

    /// <summary>
    /// Partitions, each with its own chain and one batch in flight, or two under load. Only entries of the same partition can follow each other into one
    /// batch.
    /// </summary>
    public int Partitions { get; init; } = 1;

    /// <summary>Entries that may wait in one partition's queue; more are refused.</summary>
    public int QueueEntriesMax { get; init; } = StorageLimits.QueueEntriesMax;

    /// <summary>The most entries in one batch.</summary>
    public int BatchEntriesMax { get; init; } = StorageLimits.BatchEntriesMax;

    /// <summary>Entries that must be waiting before a second batch is sent behind one in flight: fewer are cheaper in the batch after it.</summary>
    public int SuccessorEntriesMin { get; init; } = StorageLimits.SuccessorEntriesMin;

    /// <summary>Batches of a chain after which the partition opens another chain.</summary>
    public long BatchesPerChain { get; init; } = StorageLimits.BatchesPerChain;

    /// <summary>
    /// The least time from the beginning of one batch to that of the next while fewer entries than <see cref="SuccessorEntriesMin"/>, and less than a
    /// full batch, are waiting.
    /// </summary>
    public TimeSpan SmallBatchInterval { get; init; } = TimeSpan.FromMilliseconds(StorageLimits.SmallBatchIntervalMs);

    /// <summary>How long a batch that fails, or whose outcome is unknown, is retried before its callers are told.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromMilliseconds(StorageLimits.GraceMs);

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrEmpty(Writer);
        ArgumentOutOfRangeException.ThrowIfLessThan(Partitions, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Partitions, StorageLimits.PartitionsMax);
        ArgumentOutOfRangeException.ThrowIfLessThan(QueueEntriesMax, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchEntriesMax, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(SuccessorEntriesMin, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchesPerChain, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BatchesPerChain, StorageLimits.BatchesPerChain);
        ArgumentOutOfRangeException.ThrowIfLessThan(SmallBatchInterval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(Grace, TimeSpan.Zero);
    }
}
