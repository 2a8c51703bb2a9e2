namespace Gongji.Ledger;

/// <summary>
/// The clearing day of an entry (清算日). A store has one open day. All days before it are closed, and what is written from then on counts on the
/// open day at the earliest. So a late item carries to the next open day, and the figures of a closed day never change.
/// </summary>
public static class ClearingDays
{
    /// <summary>The open day of a store in which no day has been closed yet.</summary>
    public static DateOnly First => DateOnly.MinValue;

    /// <summary>The day that an entry counts on: its business day, or the open day when that is later.</summary>
    public static DateOnly DayOf(DateTimeOffset at, DateOnly openDay)
    {
        DateOnly day = BusinessTime.DayOf(at);
        return day > openDay ? day : openDay;
    }

    /// <summary>The day that an entry closes, together with all days before it; null for other entries.</summary>
    public static DateOnly? ClosedBy(Entry entry) => entry.Detail is DayClosing closing ? closing.Day : null;

    /// <summary>The open day once these entries are written. Entries in the same batch as a closing already count after it.</summary>
    public static DateOnly OpenAfter(DateOnly openDay, IEnumerable<Entry> entries)
    {
        foreach (Entry entry in entries)
        {
            if (ClosedBy(entry) is { } day && day >= openDay)
            {
                openDay = day.AddDays(1);
            }
        }

        return openDay;
    }
}
