namespace Gongji.Storage;

/// <summary>How a journal works.</summary>
public sealed record JournalOptions
{
    /// <summary>Who writes: the silo's name. Kept with each chain.</summary>
    public required string Writer { get; init; }

    /// <summary>Partitions, each with its own chain and one batch in flight. Entries follow each other into one batch inside a partition only.</summary>
    public int Partitions { get; init; } = 1;

    /// <summary>Entries that may wait in one partition's queue; more are refused.</summary>
    public int QueueEntriesMax { get; init; } = StorageLimits.QueueEntriesMax;

    /// <summary>Entries of one batch at most.</summary>
    public int BatchEntriesMax { get; init; } = StorageLimits.BatchEntriesMax;

    /// <summary>Entries that have to wait before a second batch is sent while one is under way: few are cheaper in the batch after it.</summary>
    public int SuccessorEntriesMin { get; init; } = StorageLimits.SuccessorEntriesMin;

    /// <summary>Batches of a chain after which another one is opened.</summary>
    public long BatchesPerChain { get; init; } = StorageLimits.BatchesPerChain;

    /// <summary>From the beginning of one batch to that of the next, when fewer entries than <see cref="SuccessorEntriesMin"/>, and less than a batch, wait for it.</summary>
    public TimeSpan SmallBatchInterval { get; init; } = TimeSpan.FromMilliseconds(StorageLimits.SmallBatchIntervalMs);

    /// <summary>How long a batch that fails, or whose outcome is unknown, is tried again before its callers are told.</summary>
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
