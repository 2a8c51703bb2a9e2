namespace Gongji.Ledger;

/// <summary>
/// The payment that an entry belongs to, as its caller named it. An attempt that follows an abandoned one is an operation with an id of its own, which
/// is of no use outside the ledger.
/// </summary>
public static class PaymentIds
{
    /// <summary>The payment or contribution that an entry is part of; null when there is none, or when only the operation's opening tells.</summary>
    public static Guid? Of(Entry entry) => entry.Detail is PaymentTerms terms ? terms.Payment : IsPart(entry) && !NamedIds.MayBe(entry.Operation) ? entry.Operation : null;

    /// <summary>Whether only the operation's opening tells which payment it is.</summary>
    public static bool IsInOpening(Entry entry) => IsPart(entry) && Of(entry) is null;

    private static bool IsPart(Entry entry) => entry.Kind is >= EntryKind.Paid and <= EntryKind.ContributionDropped;
}
