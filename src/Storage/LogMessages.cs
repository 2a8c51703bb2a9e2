using Microsoft.Extensions.Logging;

namespace Gongji.Storage;

/// <summary>Every log message of storage. 1000–1099 journal, 1100–1199 PostgreSQL, 1200–1299 SQLite, 1300–1399 migrations, 1400–1499 events.</summary>
internal static partial class LogMessages
{
    [LoggerMessage(1000, LogLevel.Information, "Journal partition {Partition} opened chain {Chain}")]
    public static partial void ChainOpened(this ILogger logger, int partition, int chain);

    [LoggerMessage(1013, LogLevel.Warning, "Journal partition {Partition}: chain {Chain} has {Batches} batches, and no other one can be opened; it goes on, and is tried again")]
    public static partial void ChainNotOpened(this ILogger logger, int partition, int chain, long batches, Exception exception);

    [LoggerMessage(1001, LogLevel.Information, "Journal stopped")]
    public static partial void JournalStopped(this ILogger logger);

    [LoggerMessage(EventId = 1002, Message = "Journal partition {Partition}: a batch met {Stale} stale and {Duplicate} duplicate entries and was split")]
    public static partial void BatchSplit(this ILogger logger, LogLevel level, int partition, int stale, int duplicate);

    /// <summary>Without the stack trace: in an outage it is said some ten times in two seconds, and the trace is one of the driver's, always the same.</summary>
    [LoggerMessage(1003, LogLevel.Warning, "Journal partition {Partition}: commit of batch {Sequence} failed, trying again: {Reason}")]
    public static partial void CommitFailed(this ILogger logger, int partition, long sequence, string reason);

    [LoggerMessage(1004, LogLevel.Warning, "Journal partition {Partition}: the outcome of batch {Sequence} is unknown, resolving it")]
    public static partial void OutcomeUnknown(this ILogger logger, int partition, long sequence, Exception exception);

    [LoggerMessage(1005, LogLevel.Error, "Journal partition {Partition} is down: {Entries} entries ended {Outcome}, {Queued} queued ones were refused")]
    public static partial void PartitionDown(this ILogger logger, int partition, int entries, AppendOutcome outcome, int queued);

    [LoggerMessage(1006, LogLevel.Information, "Journal partition {Partition} is up again")]
    public static partial void PartitionUp(this ILogger logger, int partition);

    [LoggerMessage(1007, LogLevel.Information, "Journal partition {Partition}: batch {Sequence}, whose outcome was unknown, is {State}")]
    public static partial void OutcomeResolved(this ILogger logger, int partition, long sequence, string state);

    [LoggerMessage(1008, LogLevel.Critical, "Journal partition {Partition} stays closed: chain {Chain} should be at batch {Expected} but the store says {Found}. The store lost or gained committed batches (a restored backup, a failover that lost commits, or an edit). Run the audit, then restart")]
    public static partial void ChainBroken(this ILogger logger, int partition, int chain, long expected, long found);

    [LoggerMessage(EventId = 1009, Message = "{Count} snapshots were not written; entries take their place")]
    public static partial void SnapshotsFailed(this ILogger logger, LogLevel level, int count, Exception exception);

    [LoggerMessage(EventId = 1010, Message = "Journal partition {Partition} stays down: the store did not take an empty batch; trying again")]
    public static partial void ProbeFailed(this ILogger logger, LogLevel level, int partition, Exception exception);

    [LoggerMessage(1011, LogLevel.Critical, "Journal partition {Partition} stays closed after an unexpected exception; restart")]
    public static partial void PartitionFailed(this ILogger logger, int partition, Exception exception);

    [LoggerMessage(1012, LogLevel.Debug, "Journal partition {Partition}: the open day is {OpenDay} now, a batch is sealed again for it")]
    public static partial void OpenDayMoved(this ILogger logger, int partition, DateOnly openDay);

    [LoggerMessage(1100, LogLevel.Information, "PostgreSQL {Version}: fsync {Fsync}, synchronous_commit {SynchronousCommit}, full_page_writes {FullPageWrites}")]
    public static partial void PostgresSettings(this ILogger logger, string version, string fsync, string synchronousCommit, string fullPageWrites);

    [LoggerMessage(1101, LogLevel.Debug, "A connection to PostgreSQL was broken; the pool was cleared and the read repeated")]
    public static partial void PostgresReadRepeated(this ILogger logger, Exception exception);

    [LoggerMessage(EventId = 1102, Message = "Deltas of some batches were not added up; the next time does it")]
    public static partial void DeltasNotFolded(this ILogger logger, LogLevel level, Exception exception);

    [LoggerMessage(EventId = 1103, Message = "New blocks of entries were not added to their index; the next time does it")]
    public static partial void RangesNotSummarized(this ILogger logger, LogLevel level, Exception exception);

    [LoggerMessage(1200, LogLevel.Information, "Embedded store opened at {Path}")]
    public static partial void SqliteOpened(this ILogger logger, string path);

    [LoggerMessage(1201, LogLevel.Error, "Embedded store: error {Code} at commit; looking what came through")]
    public static partial void SqliteCommitFailed(this ILogger logger, int code, Exception exception);

    [LoggerMessage(1202, LogLevel.Warning, "The ledger in {Path} can be read by others on this machine, or written. Mend it with: chmod 700 {Path}")]
    public static partial void SqliteExposed(this ILogger logger, string path);

    [LoggerMessage(1300, LogLevel.Information, "Applied migration {Set} {Number} {Name}")]
    public static partial void MigrationApplied(this ILogger logger, string set, int number, string name);

    [LoggerMessage(EventId = 1400, Message = "Events wait: the ledger cannot be read; trying again")]
    public static partial void FeedUnavailable(this ILogger logger, LogLevel level, Exception exception);
}
