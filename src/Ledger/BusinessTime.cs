namespace Gongji.Ledger;

/// <summary>
/// Business days and hours, in Asia/Shanghai. China has had one zone without summer time since 1991, so a fixed offset
/// is exact for every time the system can meet, and needs no time-zone data on the machine.
/// </summary>
public static class BusinessTime
{
    /// <summary>Asia/Shanghai.</summary>
    public static readonly TimeSpan Offset = TimeSpan.FromHours(8);

    /// <summary>When money that nobody accepted goes back to its giver (public user guides, 2025).</summary>
    public static readonly TimeOnly ReturnTime = new(6, 0);

    public static DateTimeOffset ToLocal(DateTimeOffset at) => at.ToOffset(Offset);

    public static DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(ToLocal(at).DateTime);

    public static TimeOnly TimeOf(DateTimeOffset at) => TimeOnly.FromDateTime(ToLocal(at).DateTime);

    /// <summary>The first 06:00 strictly after a moment.</summary>
    public static DateTimeOffset NextReturnAfter(DateTimeOffset at)
    {
        DateTimeOffset local = ToLocal(at);
        DateTimeOffset today = new(local.Date + ReturnTime.ToTimeSpan(), Offset);
        return local < today ? today : today.AddDays(1);
    }

    /// <summary>Truncates to milliseconds, the ledger's unit of time: what is hashed must survive every store unchanged.</summary>
    public static DateTimeOffset ToMilliseconds(DateTimeOffset at) =>
        DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());
}
