using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Gongji.Storage;

/// <summary>
/// How loud the failures of something that is tried again and again are told: the first one, and whenever they are of another kind, so that whoever looks at the log knows why it goes on; repeats only at
/// Debug. What no store says of itself is a bug.
/// </summary>
internal sealed class FailureLevels
{
    private readonly Lock _gate = new();
    private Kind? _last;

    /// <summary>The level of a failure, which is remembered.</summary>
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

    /// <summary>It has worked: the next failure is the first one again.</summary>
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
