using System.Text.Json.Serialization;

namespace Gongji.Ledger;

/// <summary>What an entry says in addition to its amounts. Stored as compact JSON; its bytes are part of the hash chain.</summary>
public abstract record EntryDetail;

/// <summary>Of <see cref="EntryKind.Registered"/>, <see cref="EntryKind.InsuranceChanged"/> and <see cref="EntryKind.Moved"/>.</summary>
/// <param name="Region">Where the person is insured from now on.</param>
/// <param name="Insurance">The kind of insurance.</param>
/// <param name="Status">Whether the insurance is in force.</param>
/// <param name="From">In a move: the region left. In a command: where the person is believed to be; null to move them from wherever they are.</param>
/// <param name="Leaving">
/// Everybody whose relation with the person ends with this entry and who has to be told, since their accounts have the relation too. Null: nobody. What the
/// person had earmarked goes back in this same entry.
/// </param>
public sealed record Registration(
    [property: JsonPropertyName("region")] RegionCode Region,
    [property: JsonPropertyName("insurance")] Insurance Insurance,
    [property: JsonPropertyName("status")] InsuranceStatus Status,
    [property: JsonPropertyName("from")] RegionCode? From = null,
    [property: JsonPropertyName("leaving")] IReadOnlyList<string>? Leaving = null) : EntryDetail;

/// <summary>Of <see cref="EntryKind.WalletOpened"/> and <see cref="EntryKind.WalletChanged"/>.</summary>
/// <param name="UsePlace">使用地: where the wallet is used.</param>
/// <param name="AutoAccept">Whether transfers arrive without being accepted one by one.</param>
/// <param name="OpenedBy">代开通: the relative who opened it; null when the person did.</param>
public sealed record WalletTerms(
    [property: JsonPropertyName("place")] RegionCode UsePlace,
    [property: JsonPropertyName("auto")] bool AutoAccept,
    [property: JsonPropertyName("by")] string? OpenedBy = null) : EntryDetail;

/// <summary>Of <see cref="EntryKind.Credit"/>.</summary>
/// <param name="Region">The region whose fund took the money in.</param>
/// <param name="Period">The month of the credit, <c>YYYY-MM</c>.</param>
public sealed record CreditTerms(
    [property: JsonPropertyName("region")] RegionCode Region,
    [property: JsonPropertyName("period")] string Period) : EntryDetail;

/// <summary>
/// Of <see cref="EntryKind.Hold"/>: the terms of a transfer, and the limits it was decided under, so that the entry proves by itself
/// that they were kept (invariant 6). Code that resumes a transfer takes its terms from here, never from a request.
/// </summary>
public sealed record HoldTerms(
    [property: JsonPropertyName("payee")] string Payee,
    [property: JsonPropertyName("kin")] Kinship Kinship,
    [property: JsonPropertyName("from")] RegionCode PayerRegion,
    [property: JsonPropertyName("to")] RegionCode PayeeRegion,
    [property: JsonPropertyName("expires")] DateTimeOffset ExpiresAt,
    [property: JsonPropertyName("auto")] bool AutoAccept,
    [property: JsonPropertyName("under")] AppliedLimits Under) : EntryDetail
{
    [JsonIgnore]
    public Tier Tier => Tiers.Between(PayerRegion, PayeeRegion);
}

/// <summary>The limits in force when a transfer was held: those of the payer's region, and what both regions allow.</summary>
/// <param name="MaxFen">The largest transfer, in fen.</param>
/// <param name="PerDay">Transfers per wallet and day.</param>
/// <param name="ClosedFrom">Minute of the day at which transfers close.</param>
/// <param name="ClosedUntil">Minute of the day at which they open again. Equal to the former: never closed.</param>
/// <param name="Kinships">Kinships that both regions allow.</param>
/// <param name="Live">Tiers that both regions are live for.</param>
public sealed record AppliedLimits(
    [property: JsonPropertyName("max")] long MaxFen,
    [property: JsonPropertyName("day")] int PerDay,
    [property: JsonPropertyName("cf")] short ClosedFrom,
    [property: JsonPropertyName("cu")] short ClosedUntil,
    [property: JsonPropertyName("kin")] Kinships Kinships,
    [property: JsonPropertyName("live")] LiveTiers Live)
{
    /// <summary>The limits under which a transfer between two regions is decided.</summary>
    public static AppliedLimits Of(RegionRules payer, RegionRules payee) => new(
        payer.MaxTransferFen,
        payer.MaxTransfersPerDay,
        MinuteOf(payer.ClosedFrom),
        MinuteOf(payer.ClosedUntil),
        payer.Kinships & payee.Kinships,
        payer.Live & payee.Live);

    public bool IsClosedAt(DateTimeOffset at) =>
        RegionRules.IsClosed(BusinessTime.TimeOf(at), TimeOnly.MinValue.AddMinutes(ClosedFrom), TimeOnly.MinValue.AddMinutes(ClosedUntil));

    public bool IsLive(Tier tier) => ((int)Live & (1 << (int)tier)) != 0;

    private static short MinuteOf(TimeOnly time) => (short)(time.Hour * 60 + time.Minute);
}

/// <summary>Of <see cref="EntryKind.Receive"/>: what the clearing needs to know.</summary>
/// <param name="Payer">The giver.</param>
/// <param name="PayerRegion">The region whose fund owes the money.</param>
/// <param name="PayeeRegion">The region it is owed to.</param>
public sealed record ReceiveTerms(
    [property: JsonPropertyName("payer")] string Payer,
    [property: JsonPropertyName("from")] RegionCode PayerRegion,
    [property: JsonPropertyName("to")] RegionCode PayeeRegion) : EntryDetail;

/// <summary>Of <see cref="EntryKind.Decline"/> and <see cref="EntryKind.Void"/>: why the transfer did not settle.</summary>
/// <param name="Reason">Why.</param>
public sealed record EndTerms([property: JsonPropertyName("reason")] EndReason Reason) : EntryDetail;

/// <summary>Why a transfer ended without settling.</summary>
public enum EndReason : short
{
    /// <summary>Nobody accepted it by 06:00.</summary>
    Returned = 1,

    /// <summary>The payee said no.</summary>
    Rejected = 2,

    /// <summary>The payer took it back.</summary>
    Cancelled = 3,
}
