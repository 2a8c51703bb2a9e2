using Gongji.Ledger;

namespace Gongji.Api.Http;

/// <summary>The codes that the HTTP side gives itself, and the HTTP status and title of every refusal. The contract is the OpenAPI document.</summary>
internal static class ProblemCodes
{
    public const string Malformed = "malformed";
    public const string Unsigned = "unsigned";
    public const string BadSignature = "bad-signature";
    public const string ExpiredSignature = "expired-signature";
    public const string ReplayedSignature = "replayed-signature";
    public const string TooLarge = "too-large";
    public const string RateLimited = "rate-limited";
    public const string NoSuchRoute = "no-such-route";
    public const string MethodNotAllowed = "method-not-allowed";
    public const string InternalError = "internal-error";

    public const string LedgerUnavailable = "ledger-unavailable";

    public static int StatusOf(RefusalCode code) => code switch
    {
        RefusalCode.NoSuchPerson or RefusalCode.NoSuchRegion or RefusalCode.NoSuchTransfer or RefusalCode.NoSuchPayment => StatusCodes.Status404NotFound,
        RefusalCode.OutsideScope => StatusCodes.Status403Forbidden,
        RefusalCode.IdempotencyMismatch or RefusalCode.WrongState or RefusalCode.AlreadyInsuredElsewhere => StatusCodes.Status409Conflict,
        RefusalCode.LedgerUnavailable => StatusCodes.Status503ServiceUnavailable,
        RefusalCode.OutcomeUnknown => StatusCodes.Status504GatewayTimeout,
        _ => StatusCodes.Status422UnprocessableEntity,
    };

    /// <summary>The short title that every problem of a code has.</summary>
    public static string TitleOf(string code) => code switch
    {
        Malformed => "The request cannot be read",
        Unsigned => "The call is not signed",
        BadSignature => "The signature is not right",
        ExpiredSignature => "The signature is not good now",
        ReplayedSignature => "The signature was used before",
        TooLarge => "The request is too large",
        RateLimited => "Too many requests at once",
        NoSuchRoute => "There is nothing at this address",
        MethodNotAllowed => "This address does not take this method",
        InternalError => "The server failed",
        "no-such-person" => "There is no such person",
        "no-such-region" => "There is no such region",
        "no-such-transfer" => "There is no such transfer",
        "no-such-payment" => "There is no such payment",
        "no-relation" => "There is no mutual-aid relation",
        "refund-over-payment" => "More is asked back than was paid",
        "outside-scope" => "Not this caller's to do",
        "idempotency-mismatch" => "The id is already used for something else",
        "wrong-state" => "The state does not allow this",
        "already-insured-elsewhere" => "The person is insured elsewhere",
        "insufficient-funds" => "There is not enough money",
        "amount-over-limit" => "The amount is over the limit",
        "daily-count-exceeded" => "No more transfers today",
        "outside-hours" => "Transfers rest at this hour",
        "kinship-not-allowed" => "The kinship is not allowed",
        "wallet-not-open" => "A wallet is not open",
        "previous-transfer-waiting" => "A previous transfer still waits",
        "region-not-live" => "A region is not live for this",
        "region-cap-reached" => "The region's prepayment is used up",
        "not-insured" => "Not insured for this",
        "same-person" => "Payer and payee are one person",
        "clearing-closed" => "Nothing is left to settle",
        LedgerUnavailable => "The ledger cannot be reached; nothing was decided",
        "outcome-unknown" => "The outcome is not known yet",
        _ => "The command was refused",
    };
}
