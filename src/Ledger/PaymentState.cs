namespace Gongji.Ledger;

/// <summary>An attempt at a payment, read from its entries. The ledger is the saga's log; there is no other record of it.</summary>
public sealed class PaymentState
{
    private readonly HashSet<int> _opened = [];
    private readonly HashSet<int> _ended = [];

    private PaymentState(Entry opening, PaymentTerms terms)
    {
        (Attempt, Payer, Terms, At) = (opening.Operation, opening.Account, terms, opening.At);
        Parties = terms.Parties(opening.Account);
        (IsDecided, IsMade) = (opening.Kind == EntryKind.Paid, opening.Kind == EntryKind.Paid);
    }

    /// <summary>The operation.</summary>
    public Guid Attempt { get; }

    public string Payer { get; }

    public PaymentTerms Terms { get; }

    /// <summary>When it was decided; if it is undecided, when it was opened.</summary>
    public DateTimeOffset At { get; private set; }

    /// <summary>All parties other than the payer, in the order of their legs.</summary>
    public IReadOnlyList<string> Parties { get; }

    /// <summary>Whether the payer's account has decided it.</summary>
    public bool IsDecided { get; private set; }

    /// <summary>Whether the decision was to make it.</summary>
    public bool IsMade { get; private set; }

    public bool IsAbandoned => IsDecided && !IsMade;

    /// <summary>Whether nothing is left to do. A party that never opened its part has nothing to end.</summary>
    public bool IsDone => IsDecided && _opened.SetEquals(_ended);

    /// <summary>Whether a party has opened its part.</summary>
    public bool HasOpened(int party) => _opened.Contains(party);

    /// <summary>Whether a party has ended its part.</summary>
    public bool HasEnded(int party) => _ended.Contains(party);

    /// <summary>Whether an order asks for this same payment; if not, its id is used for two things.</summary>
    public bool IsSameAs(PaymentOrder order) =>
        order.Id == Terms.Payment && order.Payer == Payer && order.Institution == Terms.Institution && order.Purpose == Terms.Bill.Purpose
        && order.Beneficiary == Terms.Bill.Beneficiary && order.Contribution == Terms.Bill.Contribution && order.AmountFen == Terms.AmountFen
        && order.AllowCash == Terms.AllowCash && SourcesOf(order.Sources).SequenceEqual(SourcesOf(Terms.Sources));

    /// <summary>Reads an attempt from the entries of its operation; null when they are not a payment's.</summary>
    public static PaymentState? From(IEnumerable<Entry> entries)
    {
        PaymentState? state = null;
        foreach (Entry entry in entries.OfCommand().OrderBy(entry => entry.Leg))
        {
            if (entry is { Kind: EntryKind.Paid or EntryKind.PaymentOpened, Detail: PaymentTerms terms })
            {
                state = new PaymentState(entry, terms);
            }
            else if (state is null)
            {
                return null;
            }
            else
            {
                state.Add(entry);
            }
        }

        return state;
    }

    /// <summary>The usual order is the same whether left out or given. Relatives' money pays only what is for the payer; for anything else relatives are no source.</summary>
    private IEnumerable<PaymentSource> SourcesOf(IReadOnlyList<PaymentSource>? asked) =>
        (asked ?? PersonRules.UsualSources).Where(source => source != PaymentSource.Relatives || Terms.Bill.Beneficiary == Payer);

    private void Add(Entry entry)
    {
        if (entry.Leg == Leg.Answer)
        {
            (IsDecided, IsMade, At) = (true, entry.Kind == EntryKind.PaymentMade, entry.At);
        }
        else if (Legs.IsPart(entry.Leg, out int opened))
        {
            _opened.Add(opened);
        }
        else if (Legs.IsPartOutcome(entry.Leg, out int ended))
        {
            _ended.Add(ended);
        }
    }
}

/// <summary>A refund, read from its entries.</summary>
public sealed class RefundState
{
    private readonly HashSet<int> _done = [];

    private RefundState(Entry opening, RefundTerms terms)
    {
        (Id, Payer, Terms, At) = (opening.Operation, opening.Account, terms, opening.At);
        Parties = terms.Parties(opening.Account);
        IsDone = opening.Kind == EntryKind.Refunded;
    }

    public Guid Id { get; }

    /// <summary>The payer of the refunded payment.</summary>
    public string Payer { get; }

    public RefundTerms Terms { get; }

    public DateTimeOffset At { get; }

    /// <summary>All parties other than the payer, in the order of their legs.</summary>
    public IReadOnlyList<string> Parties { get; }

    /// <summary>Whether every party has its part, and the payer's account says so.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Whether a party has its part.</summary>
    public bool Has(int party) => _done.Contains(party);

    /// <summary>Reads a refund from the entries of its operation; null when they are not a refund's.</summary>
    public static RefundState? From(IEnumerable<Entry> entries)
    {
        RefundState? state = null;
        foreach (Entry entry in entries.OfCommand().OrderBy(entry => entry.Leg))
        {
            if (entry is { Kind: EntryKind.Refunded or EntryKind.RefundOpened, Detail: RefundTerms terms })
            {
                state = new RefundState(entry, terms);
            }
            else if (state is null)
            {
                return null;
            }
            else if (Legs.IsPart(entry.Leg, out int party))
            {
                state._done.Add(party);
            }
            else
            {
                state.IsDone |= entry.Kind == EntryKind.RefundDone;
            }
        }

        return state;
    }
}
