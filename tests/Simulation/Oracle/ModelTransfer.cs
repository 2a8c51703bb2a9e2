namespace Gongji.Simulation.Oracle;

/// <summary>A transfer and when each of its legs became durable.</summary>
internal sealed class ModelTransfer(Entry hold, HoldTerms terms, long sequence)
{
    public Entry Hold { get; } = hold;

    public HoldTerms Terms { get; } = terms;

    public long HoldSequence { get; } = sequence;

    public Entry? Answer { get; set; }

    public long AnswerSequence { get; set; } = long.MaxValue;

    public Entry? Outcome { get; set; }

    public long OutcomeSequence { get; set; } = long.MaxValue;

    public long AmountFen => Hold.Amounts.HeldFen;

    public TransferSource Source => Hold.Amounts.PersonalFen < 0 ? TransferSource.Personal : TransferSource.Wallet;

    public long ExpiresAtMs => Terms.ExpiresAt.ToUnixTimeMilliseconds();

    /// <summary>The state in which a sweep found it; counted as coverage once the sweep has acted on it.</summary>
    public Running.CoveragePoint? FoundAs { get; set; }

    /// <summary>The status that follows from the answer.</summary>
    public TransferStatus Status => Answer switch
    {
        null => TransferStatus.Held,
        { Kind: EntryKind.Receive } => TransferStatus.Settled,
        { Detail: EndTerms { Reason: EndReason.Rejected } } => TransferStatus.Rejected,
        { Detail: EndTerms { Reason: EndReason.Cancelled } } => TransferStatus.Cancelled,
        _ => TransferStatus.Returned,
    };
}
