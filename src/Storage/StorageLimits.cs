namespace Gongji.Storage;

/// <summary>Every fixed bound of storage and journal, in one place.</summary>
public static class StorageLimits
{
    /// <summary>Entries that may wait in one partition's queue, by default.</summary>
    public const int QueueEntriesMax = 16_384;

    /// <summary>Entries of one batch, by default; at 150,000 entries/s a batch of 4,096 is 27 ms of work.</summary>
    public const int BatchEntriesMax = 4_096;

    /// <summary>Entries that must be waiting before a second batch is sent behind one under way, by default.</summary>
    public const int SuccessorEntriesMin = 256;

    /// <summary>
    /// The least time from the beginning of one batch to that of the next while few entries are waiting, in milliseconds, by default: about what a commit
    /// takes.
    /// </summary>
    public const int SmallBatchIntervalMs = 4;

    /// <summary>
    /// Batches of a chain, by default, after which a partition opens another chain. This is half of a chain's places, so that there is room to go on for
    /// as long as no other chain can be opened. At 250 batches/s it is reached after 99 days.
    /// </summary>
    public const long BatchesPerChain = 1L << 31;

    /// <summary>Partitions of one journal at most: each costs a connection and a chain.</summary>
    public const int PartitionsMax = 64;

    /// <summary>How long a failing batch is tried again before its callers are told, in milliseconds, by default.</summary>
    public const int GraceMs = 2_000;

    /// <summary>The first pause before a failed commit or probe is tried again, in milliseconds; it doubles each time.</summary>
    public const int BackoffFirstMs = 10;

    /// <summary>The longest such pause, in milliseconds.</summary>
    public const int BackoffMaxMs = 500;

    /// <summary>
    /// How often one batch is split, or sealed anew for another open day, before it is given up. A conflict names all entries in the way at that moment;
    /// each write of another writer after it, each used-up cap and each closed day costs one more split. So a few are routine, and as many as this mean
    /// trouble.
    /// </summary>
    public const int SplitsMax = 64;

    /// <summary>Accounts whose snapshot may be waiting to be written. Further snapshots are dropped, since none is ever required.</summary>
    public const int SnapshotsQueuedMax = 8_192;

    /// <summary>Snapshots written in one statement.</summary>
    public const int SnapshotBatchMax = 256;

    /// <summary>Pause after a failed write of snapshots, in milliseconds.</summary>
    public const int SnapshotRetryMs = 1_000;

    /// <summary>How long PostgreSQL may take to commit a batch, in seconds; after that its outcome is unknown.</summary>
    public const int CommitTimeoutSeconds = 5;

    /// <summary>How long any other statement may take, in seconds.</summary>
    public const int ReadTimeoutSeconds = 15;

    /// <summary>How much of an audit's rows one reader sorts in memory at a time, in bytes.</summary>
    public const int SortBytes = 32 * 1_024 * 1_024;

    /// <summary>How far apart this machine's clock and that of PostgreSQL may be at the start, in seconds.</summary>
    public const int ClockErrorMaxSeconds = 300;

    /// <summary>
    /// After how many seconds without traffic a connection is probed to see whether the server is still there, and how many seconds later it is probed
    /// again.
    /// </summary>
    public const int KeepAliveSeconds = 10;

    /// <summary>How long opening a connection to PostgreSQL may take, in seconds.</summary>
    public const int ConnectTimeoutSeconds = 3;

    /// <summary>Connections to PostgreSQL in each of two pools, by default: see <see cref="PostgresStoreOptions.ConnectionsMax"/>.</summary>
    public const int PostgresConnectionsMax = 24;

    /// <summary>Account numbers that a process remembers as recently used, and as many again from before those: some 100 bytes each.</summary>
    public const int AccountNumbersRemembered = 1_000_000;

    /// <summary>Queries of each kind that may be under way at a time to read what many callers ask for.</summary>
    public const int GatheredQueriesMax = 2;

    /// <summary>Accounts that one query loads.</summary>
    public const int AccountsPerQuery = 128;

    /// <summary>Operations that one query reads.</summary>
    public const int OperationsPerQuery = 512;

    /// <summary>Connections for reading that the embedded store keeps open.</summary>
    public const int SqliteReadersMax = 8;

    /// <summary>
    /// The largest embedded store, in bytes, that each start checks for damage. The check reads all of it: for 3 million entries (472 MB, in the page
    /// cache) it took 0.8 seconds of processor time, so a store of this size takes some two, and five from a cold disk of 200 MB/s. A start must not take
    /// much longer; the audit finds damage in a larger store.
    /// </summary>
    public const long QuickCheckBytesMax = 1L << 30;

    /// <summary>How often a process looks for new batches while anyone reads events, in milliseconds.</summary>
    public const int FeedPollMs = 250;

    /// <summary>Entries of one read of events, unless one batch alone is larger: what a slow reader holds in memory.</summary>
    public const int FeedPageEntries = 1_024;

    /// <summary>Batches of one read of events.</summary>
    public const int FeedPageBatches = 256;

    /// <summary>Batches of a chain whose deltas are added up at a time in PostgreSQL. Whenever deltas are read, those of about as many batches are read one by one.</summary>
    public const int BatchesPerFold = 32;

    /// <summary>Entries that a process commits before it next adds new blocks to the block range index in PostgreSQL: they fill some 1,000 blocks.</summary>
    public const int EntriesPerSummary = 32_768;

    /// <summary>Ranges of 128 blocks that are added to that index at a time: some milliseconds of the server's work.</summary>
    public const int RangesPerSummary = 8;

    /// <summary>Pause between two such steps, in milliseconds.</summary>
    public const int SummaryPauseMs = 20;

    /// <summary>The most rows that one call may ask for.</summary>
    public const int PageRowsMax = 10_000;
}
