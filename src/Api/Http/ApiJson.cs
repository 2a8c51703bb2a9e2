using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gongji.Api.Contracts;
using Gongji.Api.National;

namespace Gongji.Api.Http;

/// <summary>
/// How requests and answers are read and written. Reading is strict: a field that is unknown, duplicated, missing or of another type is refused, so
/// that a caller's mistake never becomes a guess about money.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.Strict,
    AllowDuplicateProperties = false,
    AllowTrailingCommas = false,
    ReadCommentHandling = JsonCommentHandling.Disallow,
    RespectNullableAnnotations = true,
    MaxDepth = ApiLimits.JsonDepthMax)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(RegionRequest))]
[JsonSerializable(typeof(RegionAnswer))]
[JsonSerializable(typeof(IReadOnlyList<RegionAnswer>))]
[JsonSerializable(typeof(PersonRequest))]
[JsonSerializable(typeof(PersonAnswer))]
[JsonSerializable(typeof(WalletRequest))]
[JsonSerializable(typeof(EntriesAnswer))]
[JsonSerializable(typeof(EventAnswer))]
[JsonSerializable(typeof(ReconciliationAnswer))]
[JsonSerializable(typeof(CreditRequest))]
[JsonSerializable(typeof(CreditLine))]
[JsonSerializable(typeof(CreditAnswer))]
[JsonSerializable(typeof(LineAnswer))]
[JsonSerializable(typeof(LineProblem))]
[JsonSerializable(typeof(TransferLineAnswer))]
[JsonSerializable(typeof(BatchTransfer))]
[JsonSerializable(typeof(BatchAccept))]
[JsonSerializable(typeof(BatchCredit))]
[JsonSerializable(typeof(TransferRequest))]
[JsonSerializable(typeof(EndTransferRequest))]
[JsonSerializable(typeof(TransferCreatedAnswer))]
[JsonSerializable(typeof(TransferAnswer))]
[JsonSerializable(typeof(RelationRequest))]
[JsonSerializable(typeof(RelationAnswer))]
[JsonSerializable(typeof(RelationsAnswer))]
[JsonSerializable(typeof(RelativesOrderRequest))]
[JsonSerializable(typeof(RelativesOrderAnswer))]
[JsonSerializable(typeof(PrepaymentsAnswer))]
[JsonSerializable(typeof(PaymentRequest))]
[JsonSerializable(typeof(PaymentAnswer))]
[JsonSerializable(typeof(RefundRequest))]
[JsonSerializable(typeof(RefundAnswer))]
[JsonSerializable(typeof(ContributionRequest))]
[JsonSerializable(typeof(ContributionAnswer))]
[JsonSerializable(typeof(BatchPayment))]
[JsonSerializable(typeof(BatchContribution))]
[JsonSerializable(typeof(PaymentLineAnswer))]
[JsonSerializable(typeof(NationalRequest))]
[JsonSerializable(typeof(NationalAnswer))]
[JsonSerializable(typeof(ClockRequest))]
[JsonSerializable(typeof(ClockAnswer))]
[JsonSerializable(typeof(AuditAnswer))]
[JsonSerializable(typeof(HealthAnswer))]
[JsonSerializable(typeof(ClearingDayAnswer))]
[JsonSerializable(typeof(SettlementRequest))]
[JsonSerializable(typeof(SettlementAnswer))]
[JsonSerializable(typeof(SignatureRequest))]
[JsonSerializable(typeof(StatementAnswer))]
[JsonSerializable(typeof(TopUpRequest))]
[JsonSerializable(typeof(TopUpAnswer))]
[JsonSerializable(typeof(AidStatsAnswer))]
[JsonSerializable(typeof(string))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>
    /// The instance to use: it writes 苏州市 and +08:00 unescaped. The characters that it leaves unescaped matter only inside HTML, and answers are never
    /// read as HTML: they declare their media type, and browsers are told not to guess another.
    /// </summary>
    public static ApiJson Shared => Holder.Instance;

    /// <summary>Created on first use, hence after the generated context whose options it copies.</summary>
    private static class Holder
    {
        public static readonly ApiJson Instance = new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }
}
