namespace Gongji.Storage;

/// <summary>Every fixed bound of storage and journal, in one place.</summary>
public static class StorageLimits
{
    /// <summary>Entries that may wait in one partition's queue, by default.</summary>
    public const int QueueEntriesMax = 16_384;

    /// <summary>Entries of one batch, by default; at 150,000 entries/s a batch of 4,096 is 27 ms of work.</summary>
    public const int BatchEntriesMax = 4_096;

    /// <summary>Entries that have to wait before a second batch is sent while one is under way, by default.</summary>
    public const int SuccessorEntriesMin = 256;

    /// <summary>From the beginning of one batch to that of the next, when few entries wait for it, in milliseconds, by default: about what a commit takes.</summary>
    public const int SmallBatchIntervalMs = 4;

    /// <summary>
    /// Batches of a chain, by default, after which a partition opens another one: half of the places that a chain has, so that there is room for as long as no
    /// other can be opened. At 250 batches/s that is 99 days.
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
    /// How often one batch is split, or sealed anew for another open day, before it is given up. A conflict names all entries in its way at that moment; what another writer does meanwhile, a cap
    /// that is used up, or a day that is closed is one more. So a few are everyday, and as many as this mean trouble.
    /// </summary>
    public const int SplitsMax = 64;

    /// <summary>Accounts whose snapshot waits to be written; more are dropped, since a snapshot is never needed.</summary>
    public const int SnapshotsQueuedMax = 8_192;

    /// <summary>Snapshots written in one statement.</summary>
    public const int SnapshotBatchMax = 256;

    /// <summary>Pause after a failed write of snapshots, in milliseconds.</summary>
    public const int SnapshotRetryMs = 1_000;

    /// <summary>How long PostgreSQL may take to commit a batch, in seconds; after that its outcome is unknown.</summary>
    public const int CommitTimeoutSeconds = 5;

    /// <summary>How long any other statement may take, in seconds.</summary>
    public const int ReadTimeoutSeconds = 15;

    /// <summary>Rows of an audit that one reader sorts in memory at a time, in bytes.</summary>
    public const int SortBytes = 32 * 1_024 * 1_024;

    /// <summary>How far this machine's clock and that of PostgreSQL may be apart at the start, in seconds.</summary>
    public const int ClockErrorMaxSeconds = 300;

    /// <summary>A connection on which nothing has come for so long is asked whether the server is still there, and again after as long, in seconds.</summary>
    public const int KeepAliveSeconds = 10;

    /// <summary>How long opening a connection to PostgreSQL may take, in seconds.</summary>
    public const int ConnectTimeoutSeconds = 3;

    /// <summary>Connections to PostgreSQL in each of two pools, by default: see <see cref="PostgresStoreOptions.ConnectionsMax"/>.</summary>
    public const int PostgresConnectionsMax = 24;

    /// <summary>Numbers of accounts that a process remembers, and once more as many that were asked for before those: some 100 bytes each.</summary>
    public const int AccountNumbersRemembered = 1_000_000;

    /// <summary>Queries under way at a time that read what many ask for, of each kind.</summary>
    public const int GatheredQueriesMax = 2;

    /// <summary>Accounts that one query loads.</summary>
    public const int AccountsPerQuery = 128;

    /// <summary>Operations that one query reads.</summary>
    public const int OperationsPerQuery = 512;

    /// <summary>Connections for reading that the embedded store keeps open.</summary>
    public const int SqliteReadersMax = 8;

    /// <summary>
    /// The largest embedded store, in bytes, that each start looks through for damage. All of it is read: 3 million entries, 472 MB in the page cache, took 0.8 seconds of processor
    /// time, so this bound some two, and a cold disk of 200 MB/s five. A start must not take much longer; damage in a larger store is found by the audit.
    /// </summary>
    public const long QuickCheckBytesMax = 1L << 30;

    /// <summary>How often a process looks for new batches while anyone reads events, in milliseconds.</summary>
    public const int FeedPollMs = 250;

    /// <summary>Entries of one read of events, but for one batch that is larger: what a slow reader holds in memory.</summary>
    public const int FeedPageEntries = 1_024;

    /// <summary>Batches of one read of events.</summary>
    public const int FeedPageBatches = 256;

    /// <summary>Batches of a chain whose deltas are added up at a time in PostgreSQL; about so many are read one by one whenever deltas are.</summary>
    public const int BatchesPerFold = 32;

    /// <summary>Entries of a process after which it adds new blocks to the block range index in PostgreSQL: they fill some 1,000.</summary>
    public const int EntriesPerSummary = 32_768;

    /// <summary>Ranges of 128 blocks that are added to that index at a time, some milliseconds of the server's work.</summary>
    public const int RangesPerSummary = 8;

    /// <summary>Pause between two such steps, in milliseconds.</summary>
    public const int SummaryPauseMs = 20;

    /// <summary>Rows one call may ask for.</summary>
    public const int PageRowsMax = 10_000;
}
