using Gongji.Ledger;

namespace Gongji.Grains.Messages;

/// <summary>The giver's part of a transfer.</summary>
[GenerateSerializer, Immutable, Alias("gongji.hold-leg")]
public sealed record HoldLeg([property: Id(0)] CreateTransfer Transfer, [property: Id(1)] StandingView Payee, [property: Id(2)] LegTicket After);

/// <summary>
/// The recipient's part of a transfer, as the hold states it; the amount in fen. Automatic means that nobody has accepted it: only recipients with automatic acceptance receive it.
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

/// <summary>The result of one leg of a transfer on one account.</summary>
[GenerateSerializer, Immutable, Alias("gongji.leg-reply")]
public readonly record struct LegReply
{
    [Id(0)]
    public LegStatus Status { get; init; }

    /// <summary>For a refusal: its code.</summary>
    [Id(1)]
    public RefusalCode Code { get; init; }

    /// <summary>For a refusal: its text.</summary>
    [Id(2)]
    public string? Detail { get; init; }

    /// <summary>When it was decided.</summary>
    [Id(3)]
    public DateTimeOffset At { get; init; }

    /// <summary>For a hold: the giver's region. For a receipt: the recipient's region, when it is no longer that of the hold.</summary>
    [Id(4)]
    public string? Region { get; init; }

    /// <summary>For a hold: when the money goes back.</summary>
    [Id(5)]
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>For a leg that is only queued: its place in the queue. Null when the leg is durable.</summary>
    [Id(6)]
    public LegTicket? Ticket { get; init; }

    internal Refusal Refusal => new(Code, Detail ?? string.Empty);
}

/// <summary>How one leg ended.</summary>
[GenerateSerializer, Alias("gongji.leg-status")]
public enum LegStatus
{
    /// <summary>This call wrote it; or queued it, when there is a ticket.</summary>
    Done,

    /// <summary>This leg, or the alternative in its place, is already in the ledger: look it up.</summary>
    AlreadyThere,

    /// <summary>A rule refused; or the ledger was unavailable; or the outcome is unknown. See the code.</summary>
    Refused,

    /// <summary>Nothing was done: the leg that this one follows is on its way to the disk in another silo. Call again once it is durable.</summary>
    TooEarly,
}
