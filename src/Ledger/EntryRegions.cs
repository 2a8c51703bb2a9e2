namespace Gongji.Ledger;

/// <summary>
/// Where the person of an entry was insured when it was decided. Not every entry says so; the nearest one before it of the same account
/// that does is right, since whatever changes the region says so.
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
