namespace Gongji.Ledger;

/// <summary>
/// Money that an operation moved from one region to another, or in from outside: a line of the reconciliation. A line is the same for both
/// regions of its pair, since it is read from one entry.
/// </summary>
/// <param name="Id">The operation, as its caller named it: of a payment the payment, not the attempt that made it. Several lines may belong to one.</param>
/// <param name="Account">The account whose entry decided it.</param>
/// <param name="Key">Activity, tier, day and regions, as the sums of deltas are kept.</param>
/// <param name="AmountFen">How much, in fen; never 0.</param>
/// <param name="At">When it was decided.</param>
public readonly record struct Movement(Guid Id, string Account, DeltaKey Key, long AmountFen, DateTimeOffset At)
{
    /// <summary>Days before, from which an entry can be carried to a day: one that is closed while it runs, and one whose last batches come late.</summary>
    private const int CarriedDays = 2;

    /// <summary>What an entry moved: its deltas with money, in an order that is always the same.</summary>
    public static IEnumerable<Movement> Of(Entry entry, DateOnly openDay = default) => Deltas.Of(entry, openDay)
        .Where(delta => delta.Value.AmountFen != 0)
        .OrderBy(delta => delta.Key.Activity)
        .ThenBy(delta => delta.Key.From.Value)
        .ThenBy(delta => delta.Key.To.Value)
        .Select(delta => new Movement(PaymentIds.Of(entry) ?? entry.Operation, entry.Account, delta.Key, delta.Value.AmountFen, entry.At));

    /// <summary>Whether the money left or reached a region on a day.</summary>
    public bool Concerns(RegionCode region, DateOnly day) => Key.Day == day && (Key.From == region || Key.To == region);

    /// <summary>
    /// From when, and until before when, entries that count on a day are decided. Stores look there; which day an entry counts on, its delta says: a day
    /// that was closed early, or a batch that came late, gives its last ones to the next.
    /// </summary>
    public static (DateTimeOffset From, DateTimeOffset Until) TimesOf(DateOnly day)
    {
        DateTimeOffset midnight = new(day.ToDateTime(TimeOnly.MinValue), BusinessTime.Offset);
        return (midnight.AddDays(-CarriedDays), midnight.AddDays(1));
    }
}
