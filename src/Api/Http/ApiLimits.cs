namespace Gongji.Api.Http;

/// <summary>Every fixed limit of the HTTP side, in one place. Those of the ledger are in <see cref="Gongji.Ledger.Limits"/>.</summary>
internal static class ApiLimits
{
    /// <summary>The largest request body, in bytes. A stream of lines has no total limit, only <see cref="LineBytesMax"/>.</summary>
    public const int BodyBytesMax = 1_048_576;

    /// <summary>The longest line of an NDJSON body, in bytes.</summary>
    public const int LineBytesMax = 65_536;

    /// <summary>
    /// Lines of one NDJSON request in flight at once: enough for 100,000 lines a second with two commits of 20 ms under way.
    /// </summary>
    public const int LinesInFlightMax = 4_096;

    /// <summary>Lines of all NDJSON requests in flight at once; further lines wait. More would only add latency and fill the journal's queue.</summary>
    public const int AllLinesInFlightMax = 4_096;

    /// <summary>
    /// Answers of one NDJSON request that are buffered for a client which sends everything before it reads anything, in bytes: some 150,000
    /// lines. For a longer stream the client must read while it sends.
    /// </summary>
    public const int AnswerBytesWaitingMax = 16 * 1_048_576;

    /// <summary>How deep a request's JSON may nest.</summary>
    public const int JsonDepthMax = 8;

    /// <summary>Requests processed at once. Further ones wait, and beyond <see cref="RequestsWaitingMax"/> get 429. Thousands in flight only add latency.</summary>
    public const int RequestsInFlightMax = 4_096;

    /// <summary>Requests that may wait to be processed.</summary>
    public const int RequestsWaitingMax = 8_192;

    public const int EntriesPerPageDefault = 100;

    public const int EntriesPerPageMax = 1_000;

    /// <summary>Event streams open at once; each holds a page of the ledger while its reader is slow.</summary>
    public const int EventReadersMax = 256;

    /// <summary>Pages of events read from the store at once: readers that catch up must not use up the connections that commands need.</summary>
    public const int EventReadsAtOnce = 4;

    /// <summary>The longest event cursor, in characters: enough for some 4,000 chains.</summary>
    public const int CursorLengthMax = 24_576;

    /// <summary>How much of an event stream may be buffered in the process before the stream waits for its reader, in bytes.</summary>
    public const int EventBytesWaitingMax = 65_536;

    /// <summary>How long an event stream may be idle before a heartbeat is sent, so that no intermediary takes it for dead.</summary>
    public static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(15);

    /// <summary>Reconciliation files made or compared at once; further ones wait. Each sorts a day of a region.</summary>
    public const int ReconciliationsAtOnce = 2;

    /// <summary>The slowest rate at which a reader of a reconciliation file may read, in bytes a second, so that none keeps others waiting for ever.</summary>
    public const int ReconciliationBytesPerSecondMin = 16_384;

    /// <summary>How long a reader of a reconciliation file may read nothing at all.</summary>
    public static readonly TimeSpan ReconciliationGrace = TimeSpan.FromSeconds(30);

    /// <summary>The most lines of an uploaded reconciliation file: four times the largest day expected of the largest region.</summary>
    public const int UploadedLinesMax = 20_000_000;

    /// <summary>The longest line of an uploaded reconciliation file, in bytes. A longer line may pass when it fits into the reader's buffer anyway.</summary>
    public const int UploadedLineBytesMax = 16_384;

    public const int BreaksPerPageDefault = 100;

    public const int BreaksPerPageMax = 10_000;

    /// <summary>Regions queried at once for the list of all regions.</summary>
    public const int RegionsAtOnce = 32;

    /// <summary>How long a client may take to send the headers of a request.</summary>
    public static readonly TimeSpan RequestHeadersTimeout = TimeSpan.FromSeconds(15);

    public static readonly TimeSpan KeepAliveTimeout = TimeSpan.FromMinutes(2);

    /// <summary>How long requests in flight may take to finish after the process is asked to stop.</summary>
    public static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(30);

    /// <summary>How long the rest of the process may take after that. A silo that cannot reach the cluster's membership table would try for some six minutes to sign off there.</summary>
    public static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(5);

    /// <summary>How long the journal may then take. A commit that hangs is given up after <see cref="Gongji.Storage.StorageLimits.CommitTimeoutSeconds"/>.</summary>
    public static readonly TimeSpan JournalGrace = TimeSpan.FromSeconds(5);

    /// <summary>The Retry-After of 429, 503 and 504, in seconds.</summary>
    public const int RetryAfterSeconds = 1;
}
