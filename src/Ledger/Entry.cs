namespace Gongji.Ledger;

/// <summary>
/// One change of one account: the unit of truth. Entries are never changed or deleted. An account is the fold of its entries.
/// </summary>
public sealed record Entry
{
    /// <summary>The account: a person's identifier, or the name of an account of the clearing.</summary>
    public required string Account { get; init; }

    /// <summary>Gapless per account, from 1. (account, version) is unique: the fence against a second writer.</summary>
    public required long Version { get; init; }

    /// <summary>The operation this entry belongs to. (operation, leg) is unique in the whole ledger.</summary>
    public required Guid Operation { get; init; }

    public required Leg Leg { get; init; }

    public required EntryKind Kind { get; init; }

    /// <summary>The change of each pocket, in fen.</summary>
    public required Amounts Amounts { get; init; }

    /// <summary>The balances after this entry, in fen.</summary>
    public required Amounts Balances { get; init; }

    /// <summary>When it was decided: UTC, whole milliseconds, never running backwards on one account.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What the kind needs beside amounts; null where it needs nothing.</summary>
    public EntryDetail? Detail { get; init; }
}

/// <summary>
/// The place of an entry in its operation. Because (operation, leg) is unique, an operation is opened once, answered once and ended
/// once, whatever crashes or arrives twice: a receive and a decline, or a post and a void, can never both exist.
/// </summary>
public enum Leg : short
{
    /// <summary>
    /// Of commands without an id (registration, wallet): the operation is named by its place, account and version. A leg of its own, so
    /// that no id a caller chooses can ever take such a place.
    /// </summary>
    Place = 0,

    /// <summary>The first entry of any operation that a caller named. One id names one operation.</summary>
    Opening = 1,

    /// <summary>The recipient's side of a transfer: receive or decline. This entry decides the transfer.</summary>
    Answer = 2,

    /// <summary>The giver's side, following the answer: post or void.</summary>
    Outcome = 3,
}

/// <summary>What an entry did. The numbers are stored: never renumber.</summary>
public enum EntryKind : short
{
    /// <summary>The person became known.</summary>
    Registered = 1,

    /// <summary>Insurance kind or status changed.</summary>
    InsuranceChanged = 2,

    /// <summary>The insurance relation moved to another region; the balances went along.</summary>
    Moved = 3,

    WalletOpened = 4,

    /// <summary>Place of use or automatic acceptance changed.</summary>
    WalletChanged = 5,

    /// <summary>划入: money from outside into the personal account.</summary>
    Credit = 10,

    /// <summary>The giver's money is set aside for a transfer.</summary>
    Hold = 20,

    /// <summary>The money is in the recipient's wallet.</summary>
    Receive = 21,

    /// <summary>The transfer will not be received: rejected, cancelled or returned.</summary>
    Decline = 22,

    /// <summary>The held money has left the giver.</summary>
    Post = 23,

    /// <summary>The held money is back in the pocket it came from.</summary>
    Void = 24,

    /// <summary>清算关账: a business day and all before it were closed. On an account of the clearing, like those below.</summary>
    DayClosed = 60,

    /// <summary>A region was confirmed to have paid another a part of what it owed for a closed day.</summary>
    SettlementConfirmed = 61,

    /// <summary>A province signed a month's statement.</summary>
    StatementSigned = 62,

    /// <summary>A region's prepayment was raised.</summary>
    ToppedUp = 63,
}

/// <summary>Names of entry kinds in the contract.</summary>
public static class EntryKinds
{
    public static string ToText(EntryKind kind) => kind switch
    {
        EntryKind.Registered => "registered",
        EntryKind.InsuranceChanged => "insurance-changed",
        EntryKind.Moved => "moved",
        EntryKind.WalletOpened => "wallet-opened",
        EntryKind.WalletChanged => "wallet-changed",
        EntryKind.Credit => "credit",
        EntryKind.Hold => "hold",
        EntryKind.Receive => "receive",
        EntryKind.Decline => "decline",
        EntryKind.Post => "post",
        EntryKind.Void => "void",
        EntryKind.DayClosed => "day-closed",
        EntryKind.SettlementConfirmed => "settlement-confirmed",
        EntryKind.StatementSigned => "statement-signed",
        EntryKind.ToppedUp => "topped-up",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown entry kind."),
    };
}
