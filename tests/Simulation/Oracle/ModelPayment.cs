namespace Gongji.Simulation.Oracle;

/// <summary>An attempt at a payment, and what has become durable of it.</summary>
internal sealed class ModelPayment(Entry opening, PaymentTerms terms, long sequence)
{
    public Entry Opening { get; } = opening;

    public PaymentTerms Terms { get; } = terms;

    public string Payer => Opening.Account;

    public Guid Attempt => Opening.Operation;

    /// <summary>The commit that opened it.</summary>
    public long OpenedAt { get; } = sequence;

    /// <summary>The entry that decided it; for a payment from own money alone, its only entry.</summary>
    public Entry? Decision { get; set; } = opening.Kind == EntryKind.Paid ? opening : null;

    public long DecidedAt { get; set; } = opening.Kind == EntryKind.Paid ? sequence : long.MaxValue;

    public bool IsMade => Decision is { Kind: EntryKind.Paid or EntryKind.PaymentMade };

    /// <summary>The parts of other people, by account.</summary>
    public Dictionary<string, Entry> Opened { get; } = [];

    public Dictionary<string, Entry> Ended { get; } = [];

    /// <summary>What is left of each part after refunds.</summary>
    public long[] LeftFen { get; } = [.. terms.Parts.Select(part => part.AmountFen)];

    /// <summary>The other people with a part in it, as the model itself derives them: in the order of the parts, with a beneficiary who pays nothing last.</summary>
    public IReadOnlyList<string> Others { get; } = OthersOf(opening.Account, terms);

    public bool IsDone => Decision is not null && Opened.Count == Ended.Count && (!IsMade || Opened.Count == Others.Count);

    private static List<string> OthersOf(string payer, PaymentTerms terms)
    {
        List<string> others = [];
        foreach (string account in terms.Parts.Select(part => part.Account).Append(terms.Bill.Beneficiary))
        {
            if (account != payer && !others.Contains(account))
            {
                others.Add(account);
            }
        }

        return others;
    }
}

/// <summary>A refund, and what has become durable of it.</summary>
internal sealed class ModelRefund(Entry opening, RefundTerms terms, long sequence)
{
    public Entry Opening { get; } = opening;

    public RefundTerms Terms { get; } = terms;

    public long Sequence { get; } = sequence;

    public Dictionary<string, Entry> Taken { get; } = [];

    public bool IsDone { get; set; } = opening.Kind == EntryKind.Refunded;
}
