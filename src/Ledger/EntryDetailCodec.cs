using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gongji.Ledger;

/// <summary>Entry details to and from the JSON that the stores keep. The kind of an entry says which detail it has.</summary>
public static class EntryDetailCodec
{
    /// <summary>The detail as UTF-8 JSON, or null for none. The same detail always gives the same bytes.</summary>
    public static byte[]? Encode(EntryDetail? detail) => detail is null ? null : CanonicalDetail.Write(detail) ?? EncodeAny(detail);

    /// <summary>The same with the general JSON serializer, whose bytes <see cref="Encode"/> must match.</summary>
    internal static byte[] EncodeAny(EntryDetail detail) => detail switch
    {
        HoldTerms terms => JsonSerializer.SerializeToUtf8Bytes(terms, DetailJson.Default.HoldTerms),
        ReceiveTerms terms => JsonSerializer.SerializeToUtf8Bytes(terms, DetailJson.Default.ReceiveTerms),
        EndTerms terms => JsonSerializer.SerializeToUtf8Bytes(terms, DetailJson.Default.EndTerms),
        CreditTerms terms => JsonSerializer.SerializeToUtf8Bytes(terms, DetailJson.Default.CreditTerms),
        WalletTerms terms => JsonSerializer.SerializeToUtf8Bytes(terms, DetailJson.Default.WalletTerms),
        PaymentTerms terms => JsonSerializer.SerializeToUtf8Bytes(terms, DetailJson.Default.PaymentTerms),
        DrawTerms terms => JsonSerializer.SerializeToUtf8Bytes(terms, DetailJson.Default.DrawTerms),
        ContributionTerms terms => JsonSerializer.SerializeToUtf8Bytes(terms, DetailJson.Default.ContributionTerms),
        RefundTerms terms => JsonSerializer.SerializeToUtf8Bytes(terms, DetailJson.Default.RefundTerms),
        DrawRefundTerms terms => JsonSerializer.SerializeToUtf8Bytes(terms, DetailJson.Default.DrawRefundTerms),
        CorrectionTerms terms => JsonSerializer.SerializeToUtf8Bytes(terms, DetailJson.Default.CorrectionTerms),
        RelationTerms terms => JsonSerializer.SerializeToUtf8Bytes(terms, DetailJson.Default.RelationTerms),
        DissolvedTerms terms => JsonSerializer.SerializeToUtf8Bytes(terms, DetailJson.Default.DissolvedTerms),
        GiverTerms terms => JsonSerializer.SerializeToUtf8Bytes(terms, DetailJson.Default.GiverTerms),
        RelativesOrder terms => JsonSerializer.SerializeToUtf8Bytes(terms, DetailJson.Default.RelativesOrder),
        Registration terms => JsonSerializer.SerializeToUtf8Bytes(terms, DetailJson.Default.Registration),
        DayClosing terms => JsonSerializer.SerializeToUtf8Bytes(terms, DetailJson.Default.DayClosing),
        SettlementTerms terms => JsonSerializer.SerializeToUtf8Bytes(terms, DetailJson.Default.SettlementTerms),
        StatementSignature terms => JsonSerializer.SerializeToUtf8Bytes(terms, DetailJson.Default.StatementSignature),
        TopUpTerms terms => JsonSerializer.SerializeToUtf8Bytes(terms, DetailJson.Default.TopUpTerms),
        _ => throw new ArgumentException($"No stored form for {detail.GetType().Name}.", nameof(detail)),
    };

    /// <summary>Reads a stored detail back.</summary>
    /// <exception cref="JsonException">The text is not the detail of this kind: the store was changed from outside.</exception>
    public static EntryDetail? Decode(EntryKind kind, ReadOnlySpan<byte> utf8) =>
        utf8.IsEmpty ? null : CanonicalDetail.Read(kind, utf8) ?? DecodeAny(kind, utf8);

    /// <summary>Reads a detail in any form that JSON allows.</summary>
    internal static EntryDetail? DecodeAny(EntryKind kind, ReadOnlySpan<byte> utf8) => kind switch
    {
        EntryKind.Hold => JsonSerializer.Deserialize(utf8, DetailJson.Default.HoldTerms),
        EntryKind.Receive => JsonSerializer.Deserialize(utf8, DetailJson.Default.ReceiveTerms),
        EntryKind.Decline or EntryKind.Void => JsonSerializer.Deserialize(utf8, DetailJson.Default.EndTerms),
        EntryKind.Credit => JsonSerializer.Deserialize(utf8, DetailJson.Default.CreditTerms),
        EntryKind.WalletOpened or EntryKind.WalletChanged => JsonSerializer.Deserialize(utf8, DetailJson.Default.WalletTerms),
        EntryKind.CreditCorrected => JsonSerializer.Deserialize(utf8, DetailJson.Default.CorrectionTerms),
        EntryKind.Paid or EntryKind.PaymentOpened or EntryKind.PaymentMade => JsonSerializer.Deserialize(utf8, DetailJson.Default.PaymentTerms),
        EntryKind.DrawHeld => JsonSerializer.Deserialize(utf8, DetailJson.Default.DrawTerms),
        EntryKind.ContributionClaimed or EntryKind.ContributionKept or EntryKind.ContributionDropped or EntryKind.ContributionReleased =>
            JsonSerializer.Deserialize(utf8, DetailJson.Default.ContributionTerms),
        EntryKind.Refunded or EntryKind.RefundOpened => JsonSerializer.Deserialize(utf8, DetailJson.Default.RefundTerms),
        EntryKind.DrawRefunded => JsonSerializer.Deserialize(utf8, DetailJson.Default.DrawRefundTerms),
        EntryKind.RelationProposed or EntryKind.RelationConsented or EntryKind.QuotaChanged => JsonSerializer.Deserialize(utf8, DetailJson.Default.RelationTerms),
        EntryKind.RelationDissolved => JsonSerializer.Deserialize(utf8, DetailJson.Default.DissolvedTerms),
        EntryKind.RelationJoined or EntryKind.RelationLeft => JsonSerializer.Deserialize(utf8, DetailJson.Default.GiverTerms),
        EntryKind.RelativesOrdered => JsonSerializer.Deserialize(utf8, DetailJson.Default.RelativesOrder),
        EntryKind.Registered or EntryKind.InsuranceChanged or EntryKind.Moved => JsonSerializer.Deserialize(utf8, DetailJson.Default.Registration),
        EntryKind.DayClosed => JsonSerializer.Deserialize(utf8, DetailJson.Default.DayClosing),
        EntryKind.SettlementConfirmed => JsonSerializer.Deserialize(utf8, DetailJson.Default.SettlementTerms),
        EntryKind.StatementSigned => JsonSerializer.Deserialize(utf8, DetailJson.Default.StatementSignature),
        EntryKind.ToppedUp => JsonSerializer.Deserialize(utf8, DetailJson.Default.TopUpTerms),
        _ => throw new JsonException($"An entry of kind {kind} has no detail."),
    };
}

/// <summary>Writes a region code as its number.</summary>
internal sealed class RegionCodeJsonConverter : JsonConverter<RegionCode>
{
    public override RegionCode Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetInt32() is >= 0 and <= 999_999 and int value ? RegionCode.FromValue(value) : throw new JsonException("Not a region code.");

    public override void Write(Utf8JsonWriter writer, RegionCode value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Value);
}

/// <summary>Writes a moment as Unix time in milliseconds: the ledger's unit, short, and the same bytes everywhere.</summary>
internal sealed class MomentJsonConverter : JsonConverter<DateTimeOffset>
{
    private static readonly long First = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly long Last = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        long value = reader.GetInt64();
        return value >= First && value <= Last ? DateTimeOffset.FromUnixTimeMilliseconds(value) : throw new JsonException("Not a moment.");
    }

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteNumberValue(value.ToUnixTimeMilliseconds());
}

// Reading is strict: a detail that lacks a member is damage, which the reader must report, and not a default to work with.
[JsonSourceGenerationOptions(
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(RegionCodeJsonConverter), typeof(MomentJsonConverter)])]
[JsonSerializable(typeof(Registration))]
[JsonSerializable(typeof(WalletTerms))]
[JsonSerializable(typeof(CreditTerms))]
[JsonSerializable(typeof(HoldTerms))]
[JsonSerializable(typeof(ReceiveTerms))]
[JsonSerializable(typeof(EndTerms))]
[JsonSerializable(typeof(PaymentTerms))]
[JsonSerializable(typeof(DrawTerms))]
[JsonSerializable(typeof(ContributionTerms))]
[JsonSerializable(typeof(RefundTerms))]
[JsonSerializable(typeof(DrawRefundTerms))]
[JsonSerializable(typeof(CorrectionTerms))]
[JsonSerializable(typeof(RelationTerms))]
[JsonSerializable(typeof(DissolvedTerms))]
[JsonSerializable(typeof(GiverTerms))]
[JsonSerializable(typeof(RelativesOrder))]
[JsonSerializable(typeof(DayClosing))]
[JsonSerializable(typeof(SettlementTerms))]
[JsonSerializable(typeof(StatementSignature))]
[JsonSerializable(typeof(TopUpTerms))]
[JsonSerializable(typeof(PersonSnapshot))]
internal sealed partial class DetailJson : JsonSerializerContext;
