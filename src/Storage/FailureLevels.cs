using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Gongji.Storage;

/// <summary>
/// Chooses the log level for the failures of something that is tried again and again. The first failure, and each of another kind than the one before, is
/// logged as a warning, so that a reader of the log knows why it goes on failing; repeats are logged at Debug. An exception that no store throws is a
/// bug, and logged as an error.
/// </summary>
internal sealed class FailureLevels
{
    private readonly Lock _gate = new();
    private Kind? _last;

    /// <summary>The level for a failure. Remembers the failure's kind.</summary>
    public LogLevel Of(Exception failure)
    {
        Kind kind = KindOf(failure);
        lock (_gate)
        {
            bool isRepeat = kind == _last;
            _last = kind;
            return isRepeat ? LogLevel.Debug
                : failure is StoreUnavailableException or StoreOutcomeUnknownException ? LogLevel.Warning
                : LogLevel.Error;
        }
    }

    /// <summary>Called after a success: the next failure counts as the first one again.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _last = null;
        }
    }

    private static Kind KindOf(Exception failure)
    {
        Exception cause = failure.InnerException ?? failure;
        return new Kind(failure.GetType(), cause.GetType(), (cause as DbException)?.SqlState, (cause as SqliteException)?.SqliteErrorCode);
    }

    private sealed record Kind(Type Failure, Type Cause, string? SqlState, int? SqliteError);
}
