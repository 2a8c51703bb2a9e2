namespace Gongji.Silo;

/// <summary>Which of the failures of something that is tried each second are worth a line in the log: the first in a row, then one a minute.</summary>
internal sealed class FailureRow(TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private long? _toldAt;

    /// <summary>It failed.</summary>
    /// <returns>Whether to say so.</returns>
    public bool Add()
    {
        if (_toldAt is { } at && time.GetElapsedTime(at) < Interval)
        {
            return false;
        }

        _toldAt = time.GetTimestamp();
        return true;
    }

    /// <summary>It went well.</summary>
    /// <returns>Whether it had failed before, which is worth a line too.</returns>
    public bool End()
    {
        bool hadFailed = _toldAt is not null;
        _toldAt = null;
        return hadFailed;
    }
}
