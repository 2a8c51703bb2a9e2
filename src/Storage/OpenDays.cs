namespace Gongji.Storage;

/// <summary>
/// The open day of each batch, in some order of batches. Only changes are kept, since nearly every batch has the open day of the one before. Not
/// thread-safe.
/// </summary>
internal sealed class OpenDays
{
    private readonly List<(long From, DateOnly Day, DateOnly Before)> _steps = [];
    private int _last;

    /// <summary>Adds the next change.</summary>
    /// <param name="from">The first place with this open day; greater than those before.</param>
    /// <param name="day">The open day.</param>
    public void Add(long from, DateOnly day)
    {
        DateOnly before = _steps is [.., { } last] ? last.Day > last.Before ? last.Day : last.Before : default;
        _steps.Add((from, day, before));
    }

    /// <summary>The open day at a place.</summary>
    public DateOnly At(long place) => Find(place) is >= 0 and int step ? _steps[step].Day : default;

    /// <summary>The latest open day before the change that a place comes after.</summary>
    public DateOnly Before(long place) => Find(place) is >= 0 and int step ? _steps[step].Before : default;

    /// <summary>Reads all changes.</summary>
    public static async Task<OpenDays> ReadAsync(IAsyncEnumerable<(long From, DateOnly Day)> changes)
    {
        OpenDays days = new();
        await foreach ((long from, DateOnly day) in changes.ConfigureAwait(false))
        {
            days.Add(from, day);
        }

        return days;
    }

    /// <summary>The index of the change that a place comes after; -1 for none. Tries the last one found first, since places are often asked for in order.</summary>
    private int Find(long place)
    {
        if (_last < _steps.Count && _steps[_last].From <= place && (_last + 1 == _steps.Count || place < _steps[_last + 1].From))
        {
            return _last;
        }

        (int from, int until) = (0, _steps.Count);
        while (from < until)
        {
            int middle = (from + until) / 2;
            (from, until) = _steps[middle].From <= place ? (middle + 1, until) : (from, middle);
        }

        _last = Math.Max(from - 1, 0);
        return from - 1;
    }
}
