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

    /// <summary>What the kind needs in addition to the amounts; null where it needs nothing.</summary>
    public EntryDetail? Detail { get; init; }
}

/// <summary>
/// The place of an entry in its operation. Because (operation, leg) is unique, an operation is opened once, answered once and ended
/// once, whatever crashes or arrives twice: a receive and a decline, or a post and a void, can never both exist.
/// </summary>
public enum Leg : short
{
    /// <summary>
    /// For commands without an id (registration, wallet): the operation is named by its place, which is account and version. This is a leg of its own, so
    /// that no id chosen by a caller can ever take such a place.
    /// </summary>
    Place = 0,

    /// <summary>The first entry of any operation named by a caller. One id names one operation.</summary>
    Opening = 1,

    /// <summary>The recipient's side of a transfer: receive or decline. This entry decides the transfer.</summary>
    Answer = 2,

    /// <summary>The opener's side, following the answer: post or void. In an operation with several parties: everything is done.</summary>
    Outcome = 3,
}

/// <summary>Tells apart the entries that share one operation id.</summary>
public static class OperationEntries
{
    /// <summary>
    /// The entries of the command that a caller named by an id, without the entry of a place with the same name. A place's name can be computed, and read in a person's entries, so
    /// a caller may have used it for a command.
    /// </summary>
    public static IEnumerable<Entry> OfCommand(this IEnumerable<Entry> entries) => entries.Where(entry => entry.Leg != Leg.Place);

    /// <summary>The entry of the place with this name; null when there is none.</summary>
    public static Entry? OfPlace(this IEnumerable<Entry> entries) => entries.FirstOrDefault(entry => entry.Leg == Leg.Place);
}

/// <summary>Legs of operations with several parties: each party other than the opener has one leg that opens its part and one that ends it.</summary>
public static class Legs
{
    /// <summary>The most parties that one operation can have in addition to the one that opens it.</summary>
    public const int PartiesMax = 32;

    private const short FirstPart = 16;
    private const short FirstPartOutcome = FirstPart + PartiesMax;

    /// <summary>The leg that opens a party's part, by the party's index in the operation's terms.</summary>
    public static Leg Part(int party) => (Leg)(FirstPart + party);

    /// <summary>The leg that ends a party's part.</summary>
    public static Leg PartOutcome(int party) => (Leg)(FirstPartOutcome + party);

    /// <summary>The leg that opened what the given leg ends.</summary>
    public static Leg OpenedBy(Leg outcome) => (short)outcome >= FirstPartOutcome ? (Leg)((short)outcome - PartiesMax) : Leg.Opening;

    /// <summary>Whether a leg opens a party's part, and which party's.</summary>
    public static bool IsPart(Leg leg, out int party)
    {
        party = (short)leg - FirstPart;
        return party is >= 0 and < PartiesMax;
    }

    /// <summary>Whether a leg ends a party's part, and which party's.</summary>
    public static bool IsPartOutcome(Leg leg, out int party)
    {
        party = (short)leg - FirstPartOutcome;
        return party is >= 0 and < PartiesMax;
    }
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

    WalletClosed = 6,

    /// <summary>划入: money from outside into the personal account.</summary>
    Credit = 10,

    /// <summary>A credit was too much or too little: the difference.</summary>
    CreditCorrected = 11,

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

    /// <summary>The person's own money has paid for care or a contribution, all in this entry.</summary>
    Paid = 30,

    /// <summary>A payment from several accounts begins: the person's own part is set aside.</summary>
    PaymentOpened = 31,

    /// <summary>All parts are set aside, so the payment is made. This entry decides it.</summary>
    PaymentMade = 32,

    /// <summary>Not all parts could be set aside: no part of the payment is made.</summary>
    PaymentAbandoned = 33,

    /// <summary>即时调用: a relative's part of a payment is set aside.</summary>
    DrawHeld = 34,

    /// <summary>The relative's part has left.</summary>
    DrawPosted = 35,

    /// <summary>The relative's part is back.</summary>
    DrawVoided = 36,

    /// <summary>Somebody else's payment claims a contribution of this person: until the claim ends, nobody else can pay it.</summary>
    ContributionClaimed = 37,

    /// <summary>The claimed contribution is paid.</summary>
    ContributionKept = 38,

    /// <summary>The claimed contribution was not paid.</summary>
    ContributionDropped = 39,

    /// <summary>Money of a payment is back in the payer's own pockets; no other party is concerned.</summary>
    Refunded = 40,

    /// <summary>The same, but other parties get their parts after this entry, which decides how much.</summary>
    RefundOpened = 41,

    /// <summary>The other parties have their parts.</summary>
    RefundDone = 42,

    /// <summary>A relative's part of a refund.</summary>
    DrawRefunded = 43,

    /// <summary>A contribution that somebody else paid was refunded: it can be paid again.</summary>
    ContributionReleased = 44,

    /// <summary>The giver proposes a relation, or proposes it anew with other terms.</summary>
    RelationProposed = 50,

    /// <summary>The recipient has consented.</summary>
    RelationConsented = 51,

    /// <summary>The relation has ended; what was left of its quota is back in the personal account.</summary>
    RelationDissolved = 52,

    /// <summary>The quota was raised or lowered.</summary>
    QuotaChanged = 53,

    /// <summary>The recipient's side of a relation: money of this giver may be drawn, once there is consent.</summary>
    RelationJoined = 54,

    /// <summary>The recipient's side of a relation that has ended.</summary>
    RelationLeft = 55,

    /// <summary>Everybody concerned has been told that this person moved or is no longer insured.</summary>
    RelationsEnded = 56,

    /// <summary>The recipient sets the order in which relatives' money is drawn.</summary>
    RelativesOrdered = 57,

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
        EntryKind.WalletClosed => "wallet-closed",
        EntryKind.Credit => "credit",
        EntryKind.CreditCorrected => "credit-corrected",
        EntryKind.Hold => "hold",
        EntryKind.Receive => "receive",
        EntryKind.Decline => "decline",
        EntryKind.Post => "post",
        EntryKind.Void => "void",
        EntryKind.Paid => "paid",
        EntryKind.PaymentOpened => "payment-opened",
        EntryKind.PaymentMade => "payment-made",
        EntryKind.PaymentAbandoned => "payment-abandoned",
        EntryKind.DrawHeld => "draw-held",
        EntryKind.DrawPosted => "draw-posted",
        EntryKind.DrawVoided => "draw-voided",
        EntryKind.ContributionClaimed => "contribution-claimed",
        EntryKind.ContributionKept => "contribution-kept",
        EntryKind.ContributionDropped => "contribution-dropped",
        EntryKind.Refunded => "refunded",
        EntryKind.RefundOpened => "refund-opened",
        EntryKind.RefundDone => "refund-done",
        EntryKind.DrawRefunded => "draw-refunded",
        EntryKind.ContributionReleased => "contribution-released",
        EntryKind.RelationProposed => "relation-proposed",
        EntryKind.RelationConsented => "relation-consented",
        EntryKind.RelationDissolved => "relation-dissolved",
        EntryKind.QuotaChanged => "quota-changed",
        EntryKind.RelationJoined => "relation-joined",
        EntryKind.RelationLeft => "relation-left",
        EntryKind.RelationsEnded => "relations-ended",
        EntryKind.RelativesOrdered => "relatives-ordered",
        EntryKind.DayClosed => "day-closed",
        EntryKind.SettlementConfirmed => "settlement-confirmed",
        EntryKind.StatementSigned => "statement-signed",
        EntryKind.ToppedUp => "topped-up",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown entry kind."),
    };
}
