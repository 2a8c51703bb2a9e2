namespace Gongji.Ledger;

/// <summary>A transfer as its entries tell it: the saga's log is the ledger, there is no other record of it.</summary>
public sealed class TransferState
{
    private TransferState(Entry hold, HoldTerms terms)
    {
        Id = hold.Operation;
        Payer = hold.Account;
        Source = hold.Amounts.PersonalFen < 0 ? TransferSource.Personal : TransferSource.Wallet;
        AmountFen = hold.Amounts.HeldFen;
        HeldAt = hold.At;
        Terms = terms;
    }

    public Guid Id { get; }

    public string Payer { get; }

    public TransferSource Source { get; }

    /// <summary>In fen.</summary>
    public long AmountFen { get; }

    public DateTimeOffset HeldAt { get; }

    public HoldTerms Terms { get; }

    /// <summary>The recipient's entry: it decides the transfer.</summary>
    public Entry? Answer { get; private set; }

    /// <summary>The giver's entry that follows the answer.</summary>
    public Entry? Outcome { get; private set; }

    /// <summary>Decided at the recipient, not yet followed at the giver: someone was interrupted here.</summary>
    public bool IsInterrupted => Answer is not null && Outcome is null;

    public DateTimeOffset? EndedAt => Answer?.At;

    /// <summary>Why it did not settle; null when it did, or is held.</summary>
    public EndReason? Reason => (Answer?.Detail as EndTerms)?.Reason;

    public TransferStatus Status => (Answer?.Kind, Reason) switch
    {
        (null, _) => TransferStatus.Held,
        (EntryKind.Receive, _) => TransferStatus.Settled,
        (_, EndReason.Rejected) => TransferStatus.Rejected,
        (_, EndReason.Cancelled) => TransferStatus.Cancelled,
        _ => TransferStatus.Returned,
    };

    /// <summary>Whether an order asks for this very transfer; if not, its id is used for two things.</summary>
    public bool IsSameAs(TransferOrder order) =>
        order.Id == Id && order.Payer == Payer && order.Payee == Terms.Payee && order.Source == Source
        && order.AmountFen == AmountFen && order.Kinship == Terms.Kinship;

    /// <summary>Reads a transfer from the entries of its operation; null when they are not a transfer's.</summary>
    public static TransferState? From(IEnumerable<Entry> entries)
    {
        TransferState? state = null;
        foreach (Entry entry in entries.OrderBy(entry => entry.Leg))
        {
            switch (entry.Leg)
            {
                case Leg.Opening when entry is { Kind: EntryKind.Hold, Detail: HoldTerms terms }:
                    state = new TransferState(entry, terms);
                    break;
                case Leg.Answer when state is not null:
                    state.Answer = entry;
                    break;
                case Leg.Outcome when state is not null:
                    state.Outcome = entry;
                    break;
                default:
                    return null;
            }
        }

        return state;
    }
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
