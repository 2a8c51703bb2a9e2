namespace Gongji.Ledger;

/// <summary>
/// Money that an operation moved from one region to another, or in from outside: a line of the reconciliation. Both regions of a pair have the
/// same line, since it is read from one entry.
/// </summary>
/// <param name="Id">The operation, as its caller named it. For a payment: the payment's id, not that of the attempt that made it. An id may have several lines.</param>
/// <param name="Account">The account whose entry decided it.</param>
/// <param name="Key">Activity, tier, day and regions, as in the sums of deltas.</param>
/// <param name="AmountFen">The amount, in fen; never 0.</param>
/// <param name="At">When it was decided.</param>
public readonly record struct Movement(Guid Id, string Account, DeltaKey Key, long AmountFen, DateTimeOffset At)
{
    /// <summary>From how many days before an entry can be carried to a day: one day that is closed while it runs, and one whose last batches come late.</summary>
    private const int CarriedDays = 2;

    /// <summary>The person whose entry decided it; null for a settlement, which is an entry of the clearing.</summary>
    public string? Person => ClearingAccounts.Is(Account) ? null : Account;

    /// <summary>What an entry moved: its deltas with money, always in the same order.</summary>
    public static IEnumerable<Movement> Of(Entry entry, DateOnly openDay = default) => Deltas.Of(entry, openDay)
        .Where(delta => delta.Value.AmountFen != 0)
        .OrderBy(delta => delta.Key.Activity)
        .ThenBy(delta => delta.Key.From.Value)
        .ThenBy(delta => delta.Key.To.Value)
        .Select(delta => new Movement(PaymentIds.Of(entry) ?? entry.Operation, entry.Account, delta.Key, delta.Value.AmountFen, entry.At));

    /// <summary>Whether the money left or reached a region on a day.</summary>
    public bool Concerns(RegionCode region, DateOnly day) => Key.Day == day && (Key.From == region || Key.To == region);

    /// <summary>
    /// The span of time, its end excluded, in which entries that count on a day are decided. Stores search there; the delta then says on which day an entry counts: when a
    /// day was closed early, or a batch came late, its last entries count on the next day.
    /// </summary>
    public static (DateTimeOffset From, DateTimeOffset Until) TimesOf(DateOnly day)
    {
        DateTimeOffset midnight = new(day.ToDateTime(TimeOnly.MinValue), BusinessTime.Offset);
        return (midnight.AddDays(-CarriedDays), midnight.AddDays(1));
    }
}
