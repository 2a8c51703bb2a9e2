using Gongji.Ledger;

namespace Gongji.Api.Http;

/// <summary>The contract's words for values to which the ledger gives no text.</summary>
internal static class Words
{
    public const string Employee = "employee";
    public const string Resident = "resident";
    public const string Active = "active";
    public const string Stopped = "stopped";
    public const string Personal = "personal";
    public const string Wallet = "wallet";
    public const string Relatives = "relatives";

    public static string Of(Insurance insurance) => insurance == Insurance.Employee ? Employee : Resident;

    public static string Of(InsuranceStatus status) => status == InsuranceStatus.Active ? Active : Stopped;

    public static string Of(TransferSource source) => source == TransferSource.Personal ? Personal : Wallet;
}
