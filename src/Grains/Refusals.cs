using Gongji.Ledger;

namespace Gongji.Grains;

/// <summary>Refusals that do not come from a rule.</summary>
internal static class Refusals
{
    /// <summary>Nothing was decided: the caller may ask again as if for the first time.</summary>
    public static Refusal Unavailable { get; } = new(RefusalCode.LedgerUnavailable, "The ledger cannot be written at present; nothing was decided by this call. Ask again with the same id.");

    /// <summary>Does not mean failure: the command may have been done.</summary>
    public static Refusal Unknown { get; } = new(RefusalCode.OutcomeUnknown, "It is not known yet whether this was done. Ask again with the same id for the one true answer.");

    /// <summary>The refund is decided. It ends by itself once the prepayment of a region that a relative has left covers what they take along.</summary>
    public static Refusal WaitsForPrepayment(RegionCode region) => new(
        RefusalCode.OutcomeUnknown,
        $"The refund is decided, but not everybody has their part: a relative has moved, and the prepayment of {region} does not cover it at present. Ask again with the same id.");

    /// <summary>Nothing was decided: the region owes others as much as its prepayment covers, or the remaining headroom is leased.</summary>
    public static Refusal OverCap(params IEnumerable<RegionCode> regions) => new(
        RefusalCode.RegionCapReached,
        $"The prepayment of region {string.Join(" or ", regions)} does not cover at present what this takes from it: top it up, settle what it owes, or ask again later.");

    /// <summary>Whether a refusal leaves the command undecided: the ledger could not be asked, or has not answered yet.</summary>
    public static bool IsUndecided(RefusalCode? code) => code is RefusalCode.LedgerUnavailable or RefusalCode.OutcomeUnknown;

    public static Refusal Mismatch(Guid id) => new(RefusalCode.IdempotencyMismatch, $"Id {id} already names an operation with other content. Nothing was changed: send the first content again, or use a new id.");
}
