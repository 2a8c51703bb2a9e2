namespace Gongji.Api;

/// <summary>Every log message of the HTTP side. None above Debug names a person.</summary>
internal static partial class LogMessages
{
    [LoggerMessage(EventId = 4000, Level = LogLevel.Error, Message = "Request {TraceId} failed")]
    public static partial void RequestFailed(this ILogger logger, Exception exception, string traceId);

    [LoggerMessage(EventId = 4008, Level = LogLevel.Warning, Message = "Request {TraceId} was answered ledger-unavailable: {Reason}")]
    public static partial void RequestLost(this ILogger logger, string traceId, string reason);

    [LoggerMessage(EventId = 4001, Level = LogLevel.Debug, Message = "The caller left before the answer")]
    public static partial void CallerLeft(this ILogger logger);

    [LoggerMessage(EventId = 4002, Level = LogLevel.Information, Message = "Draining: no new requests are taken, those under way finish")]
    public static partial void Draining(this ILogger logger);

    [LoggerMessage(EventId = 4003, Level = LogLevel.Warning, Message = "Audit found {Violations} violations of {Invariant}")]
    public static partial void AuditViolated(this ILogger logger, string invariant, long violations);

    [LoggerMessage(EventId = 4004, Level = LogLevel.Information, Message = "The clock was moved to {Now:yyyy-MM-dd'T'HH:mm:sszzz}")]
    public static partial void ClockMoved(this ILogger logger, DateTimeOffset now);

    [LoggerMessage(EventId = 4005, Level = LogLevel.Error, Message = "{Endpoint} does not say who may call it, so nobody may")]
    public static partial void RuleMissing(this ILogger logger, string endpoint);

    [LoggerMessage(EventId = 4006, Level = LogLevel.Warning, Message = "{Warning}")]
    public static partial void GatewaysExposed(this ILogger logger, string warning);

    [LoggerMessage(EventId = 4007, Level = LogLevel.Error, Message = "The stop took longer than {Seconds} s: the process ends now ({Journal}). What was answered is kept; what was under way resumes at the next start")]
    public static partial void StopOverdue(this ILogger logger, double seconds, string journal);
}
