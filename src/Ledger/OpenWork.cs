namespace Gongji.Ledger;

/// <summary>
/// Entries after which something remains to be done, and those after which it is done: what the index for sweepers is derived from, so that
/// nothing is left halfway when a silo dies.
/// </summary>
public static class OpenWork
{
    /// <summary>Whether an entry opens something that another one must end.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="expiresAt">From when on it cannot go on as meant.</param>
    /// <param name="isAutomatic">Nobody has to be waited for: when it is still open after seconds, it was interrupted.</param>
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

    /// <summary>Whether an entry ends what another one of its operation opened; and the leg of that one.</summary>
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

    /// <summary>Kinds of first entries whose operation has more than one. All other kinds that are no later leg stand alone.</summary>
    public static IReadOnlyList<EntryKind> Openers { get; } = [.. Enum.GetValues<EntryKind>().Where(IsOpener)];

    /// <summary>Whether an entry belongs to an operation that may have more than this one.</summary>
    public static bool HasCompany(Entry entry) => entry.Leg > Leg.Opening || IsOpener(entry.Kind);

    private static bool IsOpener(EntryKind kind) =>
        kind is EntryKind.Hold or EntryKind.PaymentOpened or EntryKind.RefundOpened or EntryKind.Moved or EntryKind.InsuranceChanged;
}
