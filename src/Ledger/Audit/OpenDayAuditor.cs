namespace Gongji.Ledger.Audit;

/// <summary>
/// Checks along each account that closed days stay closed, whatever chain an entry is in (invariant 8). A batch whose entries count on days is written
/// for the store's open day, so no earlier entry of an account is in a batch with a later open day. It is fed every entry by account,
/// then version. Memory: one account's latest open day.
/// </summary>
public sealed class OpenDayAuditor(InvariantChecks checks)
{
    private string? _account;
    private DateOnly _openDay;

    /// <summary>Checks the next entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="openDay">The open day of its batch.</param>
    public void Add(Entry entry, DateOnly openDay)
    {
        if (entry.Account != _account)
        {
            (_account, _openDay) = (entry.Account, openDay);
        }
        else if (openDay >= _openDay)
        {
            _openDay = openDay;
        }
        else if (CountsOnDay(entry))
        {
            checks.Clearing.Violate(
                $"account {entry.Account}/{entry.Version}: its batch counts on days from {openDay:yyyy-MM-dd} on, that of an entry before from {_openDay:yyyy-MM-dd} on.");
        }
    }

    /// <summary>Whether an entry has a delta. Only batches with deltas have to be for the store's open day.</summary>
    internal static bool CountsOnDay(Entry entry)
    {
        try
        {
            return EntryShape.IsPlausible(entry.At) && EntryShape.HasDetailOfKind(entry) && Deltas.Of(entry).Count > 0;
        }
        catch (OverflowException)
        {
            return true;
        }
    }
}
