namespace Gongji.Ledger;

/// <summary>
/// Where the person of an entry was insured when it was decided. Not every entry says so. The nearest earlier entry of the same account
/// that does say so is right, since every entry that changes the region names it.
/// </summary>
public static class EntryRegions
{
    /// <summary>The kinds whose detail names the person's own region.</summary>
    public static readonly IReadOnlyList<EntryKind> Kinds =
    [
        EntryKind.Registered, EntryKind.InsuranceChanged, EntryKind.Moved, EntryKind.Credit, EntryKind.CreditCorrected, EntryKind.Hold,
        EntryKind.Receive, EntryKind.DrawHeld, EntryKind.DrawRefunded,
    ];

    /// <summary>The person's own region, when the entry names it.</summary>
    public static RegionCode? Of(Entry entry) => entry.Detail switch
    {
        Registration terms => terms.Region,
        CreditTerms terms => terms.Region,
        HoldTerms terms => terms.PayerRegion,
        ReceiveTerms terms => terms.PayeeRegion,
        CorrectionTerms terms => terms.Region,
        DrawTerms terms => terms.Region,
        DrawRefundTerms terms => terms.Region,
        _ => null,
    };
}
