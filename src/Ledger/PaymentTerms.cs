using System.Text.Json.Serialization;

namespace Gongji.Ledger;

/// <summary>A pocket that a payment's money comes from. The numbers are stored.</summary>
public enum Pocket : short
{
    Personal = 1,
    Wallet = 2,

    /// <summary>Money that a relative has earmarked for the payer.</summary>
    Quota = 3,
}

/// <summary>Names of pockets in the contract.</summary>
public static class Pockets
{
    public static string ToText(Pocket pocket) => pocket switch
    {
        Pocket.Personal => "personal",
        Pocket.Wallet => "wallet",
        Pocket.Quota => "quota",
        _ => throw new ArgumentOutOfRangeException(nameof(pocket), pocket, "Unknown pocket."),
    };

    /// <summary>An amount in a pocket, in fen.</summary>
    public static Amounts Of(Pocket pocket, long amountFen) => pocket switch
    {
        Pocket.Personal => new(amountFen, 0, 0, 0),
        Pocket.Wallet => new(0, amountFen, 0, 0),
        Pocket.Quota => new(0, 0, 0, amountFen),
        _ => throw new ArgumentOutOfRangeException(nameof(pocket), pocket, "Unknown pocket."),
    };
}

/// <summary>What a payment is for. The numbers are stored.</summary>
public enum PaymentPurpose : short
{
    Hospital = 1,
    Pharmacy = 2,
    Contribution = 3,
}

/// <summary>A scheme that contributions (参保缴费) are paid to. The numbers are stored.</summary>
public enum Scheme : short
{
    /// <summary>居民医保.</summary>
    ResidentMedical = 1,

    /// <summary>长期护理保险.</summary>
    LongTermCare = 2,
}

/// <summary>Names of schemes in the contract.</summary>
public static class Schemes
{
    public static string ToText(Scheme scheme) => scheme switch
    {
        Scheme.ResidentMedical => "resident-medical",
        Scheme.LongTermCare => "long-term-care",
        _ => throw new ArgumentOutOfRangeException(nameof(scheme), scheme, "Unknown scheme."),
    };
}

/// <summary>The contributions of one scheme for one year.</summary>
public readonly record struct ContributionYear(
    [property: JsonPropertyName("scheme")] Scheme Scheme,
    [property: JsonPropertyName("year")] int Year);

/// <summary>What is paid: enough to tell which activity a part of the money belongs to.</summary>
/// <param name="Purpose">What is paid for.</param>
/// <param name="Beneficiary">The person whose care or contribution it is.</param>
/// <param name="Region">Where the beneficiary is insured: that region's fund pays the institution or scheme.</param>
/// <param name="Contribution">For a contribution: which one.</param>
public sealed record Bill(
    [property: JsonPropertyName("for")] PaymentPurpose Purpose,
    [property: JsonPropertyName("who")] string Beneficiary,
    [property: JsonPropertyName("region")] RegionCode Region,
    [property: JsonPropertyName("contribution")] ContributionYear? Contribution = null)
{
    /// <summary>The activity of an account's money in this payment: aid, unless the account is the beneficiary's own.</summary>
    public Activity ActivityOf(string account) => (Purpose, account == Beneficiary) switch
    {
        (PaymentPurpose.Hospital, true) => Activity.Payment,
        (PaymentPurpose.Hospital, false) => Activity.Draw,
        (PaymentPurpose.Pharmacy, true) => Activity.PharmacyPayment,
        (PaymentPurpose.Pharmacy, false) => Activity.PharmacyDraw,
        (PaymentPurpose.Contribution, true) => Activity.Contribution,
        (PaymentPurpose.Contribution, false) => Activity.ContributionDraw,
        _ => throw new InvalidOperationException($"Unknown purpose {Purpose}."),
    };
}

/// <summary>Money of one pocket of one account, in a payment or a refund.</summary>
/// <param name="Account">The account.</param>
/// <param name="Pocket">The pocket.</param>
/// <param name="AmountFen">The amount in fen, positive.</param>
/// <param name="Region">Where the account's person is insured: that region's fund answers for the money.</param>
public sealed record PaymentPart(
    [property: JsonPropertyName("who")] string Account,
    [property: JsonPropertyName("pocket")] Pocket Pocket,
    [property: JsonPropertyName("fen")] long AmountFen,
    [property: JsonPropertyName("region")] RegionCode Region);

/// <summary>Of <see cref="EntryKind.Paid"/>, <see cref="EntryKind.PaymentOpened"/> and <see cref="EntryKind.PaymentMade"/>: the whole payment.</summary>
/// <param name="Payment">The payment's id, as the caller gave it. An abandoned attempt keeps its operation, so a later attempt has another one.</param>
/// <param name="Institution">定点医药机构, unless it is a contribution.</param>
/// <param name="Bill">What is paid, and for whom.</param>
/// <param name="AmountFen">The whole amount to be paid, in fen.</param>
/// <param name="CashFen">The part that no account pays, in fen.</param>
/// <param name="Parts">What accounts pay, in the order of use.</param>
/// <param name="Sources">As the caller asked; null for the usual order.</param>
/// <param name="AllowCash">As the caller asked.</param>
public sealed record PaymentTerms(
    [property: JsonPropertyName("id")] Guid Payment,
    [property: JsonPropertyName("at"), JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Institution,
    [property: JsonPropertyName("bill")] Bill Bill,
    [property: JsonPropertyName("fen")] long AmountFen,
    [property: JsonPropertyName("cash")] long CashFen,
    [property: JsonPropertyName("parts")] IReadOnlyList<PaymentPart> Parts,
    [property: JsonPropertyName("sources"), JsonIgnore(Condition = JsonIgnoreCondition.Never)] IReadOnlyList<PaymentSource>? Sources,
    [property: JsonPropertyName("allow")] bool AllowCash) : EntryDetail
{
    [JsonIgnore]
    public RegionCode Region => Bill.Region;

    public Activity ActivityOf(string account) => Bill.ActivityOf(account);

    /// <summary>What a payer's own pockets pay: positive, in fen.</summary>
    public Amounts OwnOf(string payer) => PaymentParts.Of(Parts, payer);

    /// <summary>
    /// The parties other than the payer, in the order of their legs: relatives whose money is drawn, and the beneficiary, if that is another person.
    /// </summary>
    public IReadOnlyList<string> Parties(string payer) => PaymentParts.Parties(Parts, payer, Bill);
}

/// <summary>Reads lists of parts.</summary>
public static class PaymentParts
{
    /// <summary>What an account's pockets pay or receive: positive, in fen.</summary>
    public static Amounts Of(IEnumerable<PaymentPart> parts, string account) => parts
        .Where(part => part.Account == account)
        .Aggregate(Amounts.Zero, (sum, part) => sum + Pockets.Of(part.Pocket, part.AmountFen));

    public static long TotalFen(IEnumerable<PaymentPart> parts) => parts.Aggregate(0L, (sum, part) => checked(sum + part.AmountFen));

    /// <summary>All parties other than the payer, each once: accounts in the order of the parts, then the beneficiary, if not among them.</summary>
    public static IReadOnlyList<string> Parties(IEnumerable<PaymentPart> parts, string payer, Bill bill)
    {
        List<string> parties = [.. parts.Select(part => part.Account).Where(account => account != payer).Distinct()];
        if (bill.Beneficiary != payer && !parties.Contains(bill.Beneficiary))
        {
            parties.Add(bill.Beneficiary);
        }

        return parties;
    }
}

/// <summary>A source of a payment's money; callers give their order. The numbers are stored.</summary>
public enum PaymentSource : short
{
    /// <summary>The payer's personal account.</summary>
    Personal = 1,

    /// <summary>The payer's wallet.</summary>
    Wallet = 2,

    /// <summary>Quotas that relatives granted, then their personal accounts.</summary>
    Relatives = 3,
}

/// <summary>Of <see cref="EntryKind.DrawHeld"/>: the payment that the money is drawn for.</summary>
/// <param name="Payer">The payer, who is the recipient of the relation.</param>
/// <param name="Bill">What is paid, and for whom.</param>
/// <param name="Region">The region whose fund answers for the money.</param>
/// <param name="Relation">The version of this account's entry that first proposed the relation drawn on. Null in entries from before this was recorded.</param>
public sealed record DrawTerms(
    [property: JsonPropertyName("payer")] string Payer,
    [property: JsonPropertyName("bill")] Bill Bill,
    [property: JsonPropertyName("region")] RegionCode Region,
    [property: JsonPropertyName("rel")] long? Relation = null) : EntryDetail;

/// <summary>Of <see cref="EntryKind.ContributionClaimed"/>, <see cref="EntryKind.ContributionKept"/> and the like: the contribution, and who pays it.</summary>
/// <param name="Payer">The payer.</param>
/// <param name="Contribution">The contribution.</param>
/// <param name="Region">
/// Of <see cref="EntryKind.ContributionClaimed"/>: where the beneficiary is insured, whose fund pays the scheme. Null in other entries, and in those from before this was recorded.
/// </param>
public sealed record ContributionTerms(
    [property: JsonPropertyName("payer")] string Payer,
    [property: JsonPropertyName("contribution")] ContributionYear Contribution,
    [property: JsonPropertyName("region")] RegionCode? Region = null) : EntryDetail;

/// <summary>Of <see cref="EntryKind.Refunded"/> and <see cref="EntryKind.RefundOpened"/>: the whole refund.</summary>
/// <param name="Payment">The payment's id, as the caller gave it.</param>
/// <param name="Attempt">The operation that made the payment.</param>
/// <param name="Bill">The payment's bill.</param>
/// <param name="Parts">What goes back, in that order; the regions are those at the time of the decision.</param>
/// <param name="Indexes">The place of each part in the payment.</param>
/// <param name="Released">Whether the contribution can be paid again.</param>
/// <param name="Institution">定点医药机构 that was paid.</param>
public sealed record RefundTerms(
    [property: JsonPropertyName("payment")] Guid Payment,
    [property: JsonPropertyName("attempt")] Guid Attempt,
    [property: JsonPropertyName("bill")] Bill Bill,
    [property: JsonPropertyName("parts")] IReadOnlyList<PaymentPart> Parts,
    [property: JsonPropertyName("places")] IReadOnlyList<int> Indexes,
    [property: JsonPropertyName("released")] bool Released,
    [property: JsonPropertyName("at")] string? Institution = null) : EntryDetail
{
    [JsonIgnore]
    public long AmountFen => PaymentParts.TotalFen(Parts);

    /// <summary>All parties other than the payer: relatives who get money back, and a beneficiary whose contribution is released.</summary>
    public IReadOnlyList<string> Parties(string payer) => PaymentParts.Parties(Parts, payer, Released ? Bill : Bill with { Beneficiary = payer });
}

/// <summary>Of <see cref="EntryKind.DrawRefunded"/>.</summary>
/// <param name="Payer">The payer of the payment.</param>
/// <param name="From">The relative's region when the refund was decided: the money was booked there.</param>
/// <param name="Region">The relative's region now: when it is another one, the money moves there.</param>
/// <param name="Attempt">The operation that the money was drawn for. Null in entries from before this was recorded.</param>
public sealed record DrawRefundTerms(
    [property: JsonPropertyName("payer")] string Payer,
    [property: JsonPropertyName("from")] RegionCode From,
    [property: JsonPropertyName("region")] RegionCode Region,
    [property: JsonPropertyName("attempt")] Guid? Attempt = null) : EntryDetail;

/// <summary>Of <see cref="EntryKind.CreditCorrected"/>.</summary>
/// <param name="Region">The region whose fund took in too much or too little.</param>
/// <param name="Period">The month of the credit, <c>YYYY-MM</c>.</param>
/// <param name="Credit">The credit that is corrected.</param>
public sealed record CorrectionTerms(
    [property: JsonPropertyName("region")] RegionCode Region,
    [property: JsonPropertyName("period")] string Period,
    [property: JsonPropertyName("credit")] Guid Credit) : EntryDetail;
