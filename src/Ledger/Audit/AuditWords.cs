using System.Text;

namespace Gongji.Ledger.Audit;

/// <summary>Words for what violations name. A damaged store may hold any number, so each has words for invalid values too.</summary>
internal static class AuditWords
{
    /// <summary>Such as <c>transfer, cross-province, 2024-12-02, 320500 → 410100</c>.</summary>
    public static string Of(DeltaKey key) => $"{Of(key.Activity)}, {Of(key.Tier)}, {key.Day:yyyy-MM-dd}, {Of(key.From)} → {Of(key.To)}";

    public static string Of(EntryKind kind) => Enum.IsDefined(kind) ? EntryKinds.ToText(kind) : $"kind {(short)kind}";

    public static string Of(Leg leg) => $"leg {(short)leg}";

    /// <summary>The kind of an entry and, if it says so, in parentheses, why the transfer ended.</summary>
    public static string WithReason(Entry entry) => entry.Detail is EndTerms terms ? $"{Of(entry.Kind)} ({Of(terms.Reason)})" : Of(entry.Kind);

    /// <summary>An entry's detail, as the store has it.</summary>
    public static string Of(EntryDetail? detail) => EntryDetailCodec.Encode(detail) is { } utf8 ? Encoding.UTF8.GetString(utf8) : "no detail";

    public static string Of(Insurance insurance, InsuranceStatus status) =>
        $"{insurance switch { Insurance.Employee => "employee", Insurance.Resident => "resident", _ => "nobody" }} ({status switch { InsuranceStatus.Active => "active", InsuranceStatus.Stopped => "stopped", _ => "never registered" }})";

    public static string Of(Kinships kinships) => kinships.Members().Any() ? string.Join(", ", kinships.Members().Select(KinshipNames.ToText)) : "none";

    public static string Of(LiveTiers live) =>
        string.Join(", ", Enum.GetValues<Tier>().Where(tier => ((int)live & (1 << (int)tier)) != 0).Select(Tiers.ToText)) is { Length: > 0 } tiers ? tiers : "none";

    public static string Of(ContributionYear contribution) => $"the contribution {Schemes.ToText(contribution.Scheme)} {contribution.Year}";

    /// <summary>What was paid, and to whom.</summary>
    public static string Of(Bill bill, string? institution)
    {
        string purpose = bill.Purpose switch
        {
            PaymentPurpose.Hospital => "hospital",
            PaymentPurpose.Pharmacy => "pharmacy",
            PaymentPurpose.Contribution when bill.Contribution is { } contribution => Of(contribution),
            _ => $"purpose {(short)bill.Purpose}",
        };
        return $"{institution ?? "no institution"} for {bill.Beneficiary} in {bill.Region} ({purpose})";
    }

    private static string Of(Activity activity) => activity switch
    {
        Activity.Credit => "credit",
        Activity.Transfer => "transfer",
        Activity.Move => "move",
        Activity.WalletOpened => "wallet opened",
        Activity.Payment => "hospital payment",
        Activity.Draw => "draw for a hospital",
        Activity.PharmacyPayment => "pharmacy payment",
        Activity.PharmacyDraw => "draw for a pharmacy",
        Activity.Contribution => "contribution",
        Activity.ContributionDraw => "draw for a contribution",
        Activity.Settlement => "settlement",
        _ => $"activity {(short)activity}",
    };

    private static string Of(Tier tier) => Enum.IsDefined(tier) ? Tiers.ToText(tier) : $"tier {(short)tier}";

    private static string Of(RegionCode region) => region == RegionCode.Outside ? "outside" : $"{region}";

    private static string Of(EndReason reason) => reason switch
    {
        EndReason.Returned => "returned",
        EndReason.Rejected => "rejected",
        EndReason.Cancelled => "cancelled",
        _ => $"reason {(short)reason}",
    };
}
