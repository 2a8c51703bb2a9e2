namespace Gongji.Api.Http;

/// <summary>Every fixed bound of the HTTP side, in one place. Those of the ledger are in <see cref="Gongji.Ledger.Limits"/>.</summary>
internal static class ApiLimits
{
    /// <summary>The largest request body, in bytes; a stream of lines has no total, only <see cref="LineBytesMax"/>.</summary>
    public const int BodyBytesMax = 1_048_576;

    /// <summary>The longest line of an NDJSON body, in bytes.</summary>
    public const int LineBytesMax = 65_536;

    /// <summary>
    /// Lines of one NDJSON request that are under way at once: with two commits of 20 ms under way, enough for 100,000 lines a second.
    /// </summary>
    public const int LinesInFlightMax = 4_096;

    /// <summary>Lines of all NDJSON requests that are under way at once; later ones wait. More would only add latency, and fill the journal's queue.</summary>
    public const int AllLinesInFlightMax = 4_096;

    /// <summary>
    /// Answers of one NDJSON request that wait for a client who sends everything before reading anything, in bytes: some 150,000
    /// lines. A longer stream needs a client that reads while it sends.
    /// </summary>
    public const int AnswerBytesWaitingMax = 16 * 1_048_576;

    /// <summary>How deep a request's JSON may nest.</summary>
    public const int JsonDepthMax = 8;

    /// <summary>Requests being worked on at once; more wait, then get 429. Thousands in flight only add latency.</summary>
    public const int RequestsInFlightMax = 4_096;

    /// <summary>Requests that may wait for their turn.</summary>
    public const int RequestsWaitingMax = 8_192;

    public const int EntriesPerPageDefault = 100;

    public const int EntriesPerPageMax = 1_000;

    /// <summary>Streams of events at once; each holds a page of the ledger while its reader is slow.</summary>
    public const int EventReadersMax = 256;

    /// <summary>Pages of events read from the store at once: readers who catch up must not take the connections that commands need.</summary>
    public const int EventReadsAtOnce = 4;

    /// <summary>The longest cursor of events, in characters: some 4,000 chains.</summary>
    public const int CursorLengthMax = 24_576;

    /// <summary>How much of a stream of events may wait in the process before its reader has to take it, in bytes.</summary>
    public const int EventBytesWaitingMax = 65_536;

    /// <summary>What an idle stream of events says something after, so that nobody on the way takes it for dead.</summary>
    public static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(15);

    /// <summary>Reconciliation files made or compared at once; more wait. Each sorts a day of a region.</summary>
    public const int ReconciliationsAtOnce = 2;

    /// <summary>What a reader of a reconciliation file has to take at least, in bytes a second, so that none keeps others waiting for ever.</summary>
    public const int ReconciliationBytesPerSecondMin = 16_384;

    /// <summary>How long a reader of a reconciliation file may take nothing at all.</summary>
    public static readonly TimeSpan ReconciliationGrace = TimeSpan.FromSeconds(30);

    /// <summary>Lines of an uploaded reconciliation file: four times the largest day of the largest region foreseen.</summary>
    public const int UploadedLinesMax = 20_000_000;

    /// <summary>The longest line of an uploaded reconciliation file, in bytes; one within what the reader buffers anyway may be longer.</summary>
    public const int UploadedLineBytesMax = 16_384;

    public const int BreaksPerPageDefault = 100;

    public const int BreaksPerPageMax = 10_000;

    /// <summary>Regions asked at once for the list of all.</summary>
    public const int RegionsAtOnce = 32;

    /// <summary>How long a client may take to send a request's headers.</summary>
    public static readonly TimeSpan RequestHeadersTimeout = TimeSpan.FromSeconds(15);

    public static readonly TimeSpan KeepAliveTimeout = TimeSpan.FromMinutes(2);

    /// <summary>How long requests under way may take to finish when the process is asked to stop.</summary>
    public static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(30);

    /// <summary>How long the rest of the process may take after that. A silo that cannot reach the table of the cluster tries for some six minutes to write there that it leaves.</summary>
    public static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(5);

    /// <summary>How long the journal may then take: a commit that hangs is given up after <see cref="Gongji.Storage.StorageLimits.CommitTimeoutSeconds"/>.</summary>
    public static readonly TimeSpan JournalGrace = TimeSpan.FromSeconds(5);

    /// <summary>What a caller is told to wait after 429, 503 and 504, in seconds.</summary>
    public const int RetryAfterSeconds = 1;
}
