using Gongji.Grains.Messages;
using Gongji.Ledger;

namespace Gongji.Grains;

/// <summary>
/// An insured person's account (参保人). The key is the person's identifier. It holds the balances and enforces the rules of the account;
/// every answer is durable when it is given.
/// </summary>
[Alias("gongji.person")]
public partial interface IInsuredPersonGrain : IGrainWithStringKey
{
    Task<Reply<PersonView>> RegisterAsync(RegisterPerson command);

    Task<Reply<PersonView>> OpenWalletAsync(OpenWallet command);

    /// <summary>Closes the wallet.</summary>
    Task<Reply<PersonView>> CloseWalletAsync();

    Task<Reply<CreditView>> CreditAsync(CreditPerson command);

    Task<Reply<PersonView>> GetAsync();

    /// <summary>What a giver's rules must know of this person as a recipient.</summary>
    Task<Reply<StandingView>> GetStandingAsync();

    /// <summary>Sets this person's money aside. Called by transfer grains.</summary>
    Task<LegReply> HoldAsync(HoldLeg command);

    /// <summary>Takes a transfer's money into this person's wallet. Called by transfer grains, after the hold.</summary>
    Task<LegReply> ReceiveAsync(ReceiveLeg command);

    /// <summary>Puts on record that a transfer will not be received. Called by transfer grains, after the hold.</summary>
    Task<LegReply> DeclineAsync(DeclineLeg command);

    /// <summary>Lets held money go. Called by transfer grains, after the receipt.</summary>
    Task<LegReply> PostAsync(PostLeg command);

    /// <summary>Takes held money back. Called by transfer grains, after the decline.</summary>
    Task<LegReply> VoidAsync(VoidLeg command);
}

/// <summary>A person as a recipient.</summary>
[GenerateSerializer, Immutable, Alias("gongji.standing")]
public sealed record StandingView(
    [property: Id(0)] string Region, [property: Id(1)] bool Insured, [property: Id(2)] bool WalletOpen, [property: Id(3)] bool AutoAccept);

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
