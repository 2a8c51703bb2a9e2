namespace Gongji.Ledger;

/// <summary>
/// Which payment an entry belongs to, as its caller named it. An attempt that follows an abandoned one has an operation with an id of its own, which
/// nobody outside can do anything with.
/// </summary>
public static class PaymentIds
{
    /// <summary>The payment or contribution that an entry is a part of; null when it is of none, or when only the operation's opening says.</summary>
    public static Guid? Of(Entry entry) => entry.Detail is PaymentTerms terms ? terms.Payment : IsPart(entry) && !NamedIds.MayBe(entry.Operation) ? entry.Operation : null;

    /// <summary>Whether only the operation's opening says which payment it is.</summary>
    public static bool IsInOpening(Entry entry) => IsPart(entry) && Of(entry) is null;

    private static bool IsPart(Entry entry) => entry.Kind is >= EntryKind.Paid and <= EntryKind.ContributionDropped;
}
