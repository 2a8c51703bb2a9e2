namespace Gongji.Ledger;

/// <summary>A transfer, read from its entries. The ledger is the saga's log; there is no other record of it.</summary>
public sealed class TransferState
{
    private readonly Entry _hold;

    private TransferState(Entry hold, HoldTerms terms) => (_hold, Terms) = (hold, terms);

    public Guid Id => _hold.Operation;

    public string Payer => _hold.Account;

    public TransferSource Source => _hold.Amounts.PersonalFen < 0 ? TransferSource.Personal : TransferSource.Wallet;

    /// <summary>The amount, in fen.</summary>
    public long AmountFen => _hold.Amounts.HeldFen;

    public DateTimeOffset HeldAt => _hold.At;

    public HoldTerms Terms { get; }

    /// <summary>Whether the recipient's account has decided it.</summary>
    public bool IsAnswered => EndedAt is not null;

    /// <summary>Whether the giver's account has followed the recipient's decision: nothing is left to do.</summary>
    public bool HasOutcome { get; private init; }

    /// <summary>Decided by the recipient's account, but not yet followed by the giver's: the coordination was interrupted here.</summary>
    public bool IsInterrupted => IsAnswered && !HasOutcome;

    /// <summary>When the recipient's account decided it.</summary>
    public DateTimeOffset? EndedAt { get; private init; }

    /// <summary>Why it did not settle; null when it settled, or is still held.</summary>
    public EndReason? Reason { get; private init; }

    /// <summary>The tier that it is cleared under once it is received; until then, the hold's tier. They differ when the recipient has moved in between.</summary>
    public Tier Tier => ReceivedIn is { } region ? Tiers.Between(Terms.PayerRegion, region) : Terms.Tier;

    private RegionCode? ReceivedIn { get; init; }

    public TransferStatus Status => (IsAnswered, Reason) switch
    {
        (false, _) => TransferStatus.Held,
        (_, null) => TransferStatus.Settled,
        (_, EndReason.Rejected) => TransferStatus.Rejected,
        (_, EndReason.Cancelled) => TransferStatus.Cancelled,
        _ => TransferStatus.Returned,
    };

    /// <summary>Whether it goes back if it is still held ("what is not accepted goes back to the giver at 06:00").</summary>
    public bool IsDueAt(DateTimeOffset now) => now >= Terms.ExpiresAt;

    /// <summary>Why it ends without being received. A transfer that is due counts as returned even before a sweep: it can no longer be rejected or cancelled.</summary>
    /// <param name="now">The time of the request.</param>
    /// <param name="asked">The reason that the request gives.</param>
    public EndReason ReasonAt(DateTimeOffset now, EndReason asked) => IsDueAt(now) ? EndReason.Returned : asked;

    /// <summary>This transfer after both sides have ended it.</summary>
    /// <param name="reason">Why it did not settle; null when it did.</param>
    /// <param name="at">When the recipient's account decided it.</param>
    /// <param name="receivedIn">Where the recipient was insured when the money was received; null: the same region as at the hold.</param>
    public TransferState Ended(EndReason? reason, DateTimeOffset at, RegionCode? receivedIn) => With(at, reason, receivedIn, hasOutcome: true);

    /// <summary>Whether an order asks for this same transfer; if not, its id is used for two things.</summary>
    public bool IsSameAs(TransferOrder order) =>
        order.Id == Id && order.Payer == Payer && order.Payee == Terms.Payee && order.Source == Source
        && order.AmountFen == AmountFen && order.Kinship == Terms.Kinship;

    /// <summary>Reads a transfer from the entries of its operation; null when they are not a transfer's.</summary>
    public static TransferState? From(IEnumerable<Entry> entries)
    {
        TransferState? state = null;
        foreach (Entry entry in entries.OfCommand().OrderBy(entry => entry.Leg))
        {
            switch (entry.Leg)
            {
                case Leg.Opening when entry is { Kind: EntryKind.Hold, Detail: HoldTerms terms }:
                    state = new TransferState(entry, terms);
                    break;
                case Leg.Answer when state is not null:
                    state = state.With(entry.At, (entry.Detail as EndTerms)?.Reason, (entry.Detail as ReceiveTerms)?.PayeeRegion, hasOutcome: false);
                    break;
                case Leg.Outcome when state is not null:
                    state = state.With(state.EndedAt, state.Reason, state.ReceivedIn, hasOutcome: true);
                    break;
                default:
                    return null;
            }
        }

        return state;
    }

    private TransferState With(DateTimeOffset? endedAt, EndReason? reason, RegionCode? receivedIn, bool hasOutcome) =>
        new(_hold, Terms) { EndedAt = endedAt, Reason = reason, ReceivedIn = receivedIn, HasOutcome = hasOutcome };
}

/// <summary>Where a transfer stands.</summary>
public enum TransferStatus
{
    Held,
    Settled,
    Returned,
    Rejected,
    Cancelled,
}

/// <summary>Names of transfer states in the contract.</summary>
public static class TransferStatuses
{
    public static string ToText(TransferStatus status) => status switch
    {
        TransferStatus.Held => "held",
        TransferStatus.Settled => "settled",
        TransferStatus.Returned => "returned",
        TransferStatus.Rejected => "rejected",
        TransferStatus.Cancelled => "cancelled",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Unknown status."),
    };
}
