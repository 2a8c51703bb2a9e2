namespace Gongji.Ledger;

/// <summary>A rule's refusal of a command, which left no trace.</summary>
/// <param name="Code">The rule.</param>
/// <param name="Detail">The text for the caller: what was asked, and what the rule allows.</param>
public sealed record Refusal(RefusalCode Code, string Detail);

/// <summary>Why a command was refused. The names are those of the HTTP contract, see <see cref="RefusalCodes"/>.</summary>
public enum RefusalCode : short
{
    NoSuchPerson = 1,
    NoSuchRegion,
    NoSuchTransfer,
    OutsideScope,
    IdempotencyMismatch,
    WrongState,
    AlreadyInsuredElsewhere,
    InsufficientFunds,
    AmountOverLimit,
    DailyCountExceeded,
    OutsideHours,
    KinshipNotAllowed,
    WalletNotOpen,
    PreviousTransferWaiting,
    RegionNotLive,
    RegionCapReached,
    NotInsured,
    SamePerson,

    /// <summary>The ledger could not be reached before anything was decided.</summary>
    LedgerUnavailable,

    /// <summary>The command may or may not have happened: ask again with the same id.</summary>
    OutcomeUnknown,

    NoRelation,
    RefundOverPayment,
    NoSuchPayment,

    /// <summary>Nothing is left to settle for this pair and day.</summary>
    ClearingClosed = 40,
}

/// <summary>The stable, kebab-case names of refusals in the contract.</summary>
public static class RefusalCodes
{
    public static string ToText(RefusalCode code) => code switch
    {
        RefusalCode.NoSuchPerson => "no-such-person",
        RefusalCode.NoSuchRegion => "no-such-region",
        RefusalCode.NoSuchTransfer => "no-such-transfer",
        RefusalCode.OutsideScope => "outside-scope",
        RefusalCode.IdempotencyMismatch => "idempotency-mismatch",
        RefusalCode.WrongState => "wrong-state",
        RefusalCode.AlreadyInsuredElsewhere => "already-insured-elsewhere",
        RefusalCode.InsufficientFunds => "insufficient-funds",
        RefusalCode.AmountOverLimit => "amount-over-limit",
        RefusalCode.DailyCountExceeded => "daily-count-exceeded",
        RefusalCode.OutsideHours => "outside-hours",
        RefusalCode.KinshipNotAllowed => "kinship-not-allowed",
        RefusalCode.WalletNotOpen => "wallet-not-open",
        RefusalCode.PreviousTransferWaiting => "previous-transfer-waiting",
        RefusalCode.RegionNotLive => "region-not-live",
        RefusalCode.RegionCapReached => "region-cap-reached",
        RefusalCode.NotInsured => "not-insured",
        RefusalCode.SamePerson => "same-person",
        RefusalCode.NoRelation => "no-relation",
        RefusalCode.RefundOverPayment => "refund-over-payment",
        RefusalCode.NoSuchPayment => "no-such-payment",
        RefusalCode.ClearingClosed => "clearing-closed",
        RefusalCode.LedgerUnavailable => "ledger-unavailable",
        RefusalCode.OutcomeUnknown => "outcome-unknown",
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, "Unknown refusal."),
    };
}
