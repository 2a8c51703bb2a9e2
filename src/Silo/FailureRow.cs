namespace Gongji.Silo;

/// <summary>Decides which failures of something that is tried every second are worth a log line: the first in a row, then one a minute.</summary>
internal sealed class FailureRow(TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private long? _toldAt;

    /// <summary>Notes a failure.</summary>
    /// <returns>Whether to log it.</returns>
    public bool Add()
    {
        if (_toldAt is { } at && time.GetElapsedTime(at) < Interval)
        {
            return false;
        }

        _toldAt = time.GetTimestamp();
        return true;
    }

    /// <summary>Notes a success.</summary>
    /// <returns>Whether it had failed before, which is worth a log line too.</returns>
    public bool End()
    {
        bool hadFailed = _toldAt is not null;
        _toldAt = null;
        return hadFailed;
    }
}
