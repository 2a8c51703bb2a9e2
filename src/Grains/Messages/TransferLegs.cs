using Gongji.Ledger;

namespace Gongji.Grains.Messages;

/// <summary>The giver's part of a transfer.</summary>
[GenerateSerializer, Immutable, Alias("gongji.hold-leg")]
public sealed record HoldLeg([property: Id(0)] CreateTransfer Transfer, [property: Id(1)] StandingView Payee, [property: Id(2)] LegTicket After);

/// <summary>
/// The recipient's part of a transfer, as the hold states it; the amount in fen. Automatic: nobody has accepted it, so it is for a recipient who wants it so.
/// </summary>
[GenerateSerializer, Immutable, Alias("gongji.receive-leg")]
public sealed record ReceiveLeg(
    [property: Id(0)] Guid Transfer,
    [property: Id(1)] string Payer,
    [property: Id(2)] string PayerRegion,
    [property: Id(3)] long AmountFen,
    [property: Id(4)] DateTimeOffset ExpiresAt,
    [property: Id(5)] LegTicket After,
    [property: Id(6)] string PayeeRegion,
    [property: Id(7)] Kinship Kinship,
    [property: Id(8)] bool IsAutomatic);

/// <summary>The recipient's part of a transfer that does not settle.</summary>
[GenerateSerializer, Immutable, Alias("gongji.decline-leg")]
public sealed record DeclineLeg([property: Id(0)] Guid Transfer, [property: Id(1)] EndReason Reason, [property: Id(2)] LegTicket After);

/// <summary>The giver's part of a transfer that was received.</summary>
[GenerateSerializer, Immutable, Alias("gongji.post-leg")]
public sealed record PostLeg([property: Id(0)] Guid Transfer, [property: Id(1)] LegTicket After);

/// <summary>The giver's part of a transfer that was declined.</summary>
[GenerateSerializer, Immutable, Alias("gongji.void-leg")]
public sealed record VoidLeg([property: Id(0)] Guid Transfer, [property: Id(1)] EndReason Reason, [property: Id(2)] LegTicket After);

/// <summary>What became of one leg of a transfer on one account.</summary>
[GenerateSerializer, Immutable, Alias("gongji.leg-reply")]
public readonly record struct LegReply
{
    [Id(0)]
    public LegStatus Status { get; init; }

    /// <summary>Of a refusal: the rule.</summary>
    [Id(1)]
    public RefusalCode Code { get; init; }

    /// <summary>Of a refusal: in words.</summary>
    [Id(2)]
    public string? Detail { get; init; }

    /// <summary>When it was decided.</summary>
    [Id(3)]
    public DateTimeOffset At { get; init; }

    /// <summary>Of a hold: the giver's region. Of a receipt: the recipient's, when it is not that of the hold any more.</summary>
    [Id(4)]
    public string? Region { get; init; }

    /// <summary>Of a hold: when it goes back.</summary>
    [Id(5)]
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Of a leg that is queued only: its place in the queue. Null: it is durable.</summary>
    [Id(6)]
    public LegTicket? Ticket { get; init; }

    internal Refusal Refusal => new(Code, Detail ?? string.Empty);
}

/// <summary>How one leg ended.</summary>
[GenerateSerializer, Alias("gongji.leg-status")]
public enum LegStatus
{
    /// <summary>Written by this call; or queued, when there is a ticket.</summary>
    Done,

    /// <summary>This leg, or the other one in its place, is already in the ledger: look it up.</summary>
    AlreadyThere,

    /// <summary>A rule refused; or the ledger was unavailable; or the outcome is unknown. See the code.</summary>
    Refused,

    /// <summary>Nothing was done: what this leg follows is on its way to the disk in another silo. Call again when it is durable.</summary>
    TooEarly,
}
