namespace Gongji.Ledger;

/// <summary>
/// Tells which entries leave something to be done, and which entries complete it. The index for sweepers is derived from this, so that
/// nothing is left unfinished when a silo dies.
/// </summary>
public static class OpenWork
{
    /// <summary>Whether an entry opens something that another one must end.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="expiresAt">When it can no longer go on as intended.</param>
    /// <param name="isAutomatic">Whether it waits for nobody: if it is still open after some seconds, it was interrupted.</param>
    public static bool IsOpenedBy(Entry entry, out DateTimeOffset expiresAt, out bool isAutomatic)
    {
        switch (entry)
        {
            case { Kind: EntryKind.Hold, Detail: HoldTerms terms }:
                (expiresAt, isAutomatic) = (terms.ExpiresAt, terms.AutoAccept);
                return true;
            case { Kind: EntryKind.PaymentOpened or EntryKind.DrawHeld or EntryKind.ContributionClaimed or EntryKind.RefundOpened }:
            case { Detail: Registration { Leaving: not null } }:
                (expiresAt, isAutomatic) = (BusinessTime.NextReturnAfter(entry.At), true);
                return true;
            default:
                (expiresAt, isAutomatic) = (default, false);
                return false;
        }
    }

    /// <summary>Whether an entry ends what another entry of its operation opened, and the leg of that entry.</summary>
    public static bool IsEndedBy(Entry entry, out Leg opener)
    {
        opener = entry.Kind switch
        {
            EntryKind.RelationsEnded => Leg.Place,
            EntryKind.DrawPosted or EntryKind.DrawVoided or EntryKind.ContributionKept or EntryKind.ContributionDropped => Legs.OpenedBy(entry.Leg),
            _ => Leg.Opening,
        };
        return entry.Kind is EntryKind.Post or EntryKind.Void or EntryKind.PaymentMade or EntryKind.PaymentAbandoned or EntryKind.RefundDone
            or EntryKind.RelationsEnded or EntryKind.DrawPosted or EntryKind.DrawVoided or EntryKind.ContributionKept or EntryKind.ContributionDropped;
    }

    /// <summary>Kinds of first entries whose operations can have more entries. All other kinds, unless they are later legs, stand alone.</summary>
    public static IReadOnlyList<EntryKind> Openers { get; } = [.. Enum.GetValues<EntryKind>().Where(IsOpener)];

    /// <summary>Whether an entry belongs to an operation that may have further entries.</summary>
    public static bool HasCompany(Entry entry) => entry.Leg > Leg.Opening || IsOpener(entry.Kind);

    private static bool IsOpener(EntryKind kind) =>
        kind is EntryKind.Hold or EntryKind.PaymentOpened or EntryKind.RefundOpened or EntryKind.Moved or EntryKind.InsuranceChanged;
}
