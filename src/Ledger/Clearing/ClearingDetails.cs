using System.Text.Json.Serialization;

namespace Gongji.Ledger;

/// <summary>Of <see cref="EntryKind.DayClosed"/>.</summary>
/// <param name="Day">The day that was closed, with all days before it.</param>
/// <param name="Basis">How these days are settled, whatever is set later.</param>
public sealed record DayClosing(
    [property: JsonPropertyName("day")] DateOnly Day,
    [property: JsonPropertyName("basis")] ClearingBasis Basis) : EntryDetail;

/// <summary>Of <see cref="EntryKind.SettlementConfirmed"/>.</summary>
/// <param name="Day">The closed day that is paid for.</param>
/// <param name="From">The region that paid.</param>
/// <param name="To">The region that was paid.</param>
/// <param name="AmountFen">The amount, in fen.</param>
public sealed record SettlementTerms(
    [property: JsonPropertyName("day")] DateOnly Day,
    [property: JsonPropertyName("from")] RegionCode From,
    [property: JsonPropertyName("to")] RegionCode To,
    [property: JsonPropertyName("fen")] long AmountFen) : EntryDetail;

/// <summary>Of <see cref="EntryKind.StatementSigned"/>.</summary>
/// <param name="Month">The statement's month, <c>YYYY-MM</c>.</param>
/// <param name="Province">The province that signed, e.g. 32.</param>
public sealed record StatementSignature(
    [property: JsonPropertyName("month")] string Month,
    [property: JsonPropertyName("province")] int Province) : EntryDetail;

/// <summary>Of <see cref="EntryKind.ToppedUp"/>.</summary>
/// <param name="Region">The region whose prepayment (预付金) was raised.</param>
/// <param name="AmountFen">The amount of the raise, in fen.</param>
public sealed record TopUpTerms(
    [property: JsonPropertyName("region")] RegionCode Region,
    [property: JsonPropertyName("fen")] long AmountFen) : EntryDetail;
