using System.Globalization;

namespace Gongji.Ledger;

/// <summary>
/// The time of day at which a business day is closed for the clearing (日切). It only says when to close. Which entries count on a day is decided by the
/// closing's own entry, so a cut-off that is changed, missed or read from a wrong clock changes no existing figure. Limits per day still apply to the
/// calendar day.
/// </summary>
/// <param name="Minute">Minute of the day, 1 to 1,440 (24:00, the end of the day).</param>
public readonly record struct ClearingCutOff(short Minute)
{
    private const short MinutesPerDay = 24 * 60;

    /// <summary>Reads <c>HH:mm</c>, 00:01 to 24:00.</summary>
    public static bool TryParse(string? text, out ClearingCutOff cutOff)
    {
        bool isEnd = text == "24:00";
        bool fits = TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly time) && time > TimeOnly.MinValue;
        cutOff = new ClearingCutOff(isEnd ? MinutesPerDay : (short)(time.Hour * 60 + time.Minute));
        return isEnd || fits;
    }

    /// <summary>The last day whose cut-off has passed.</summary>
    public DateOnly LastDay(DateTimeOffset now)
    {
        DateOnly today = BusinessTime.DayOf(now);
        return Minute < MinutesPerDay && BusinessTime.TimeOf(now) >= TimeOnly.MinValue.AddMinutes(Minute) ? today : today.AddDays(-1);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Minute / 60:D2}:{Minute % 60:D2}");
}
