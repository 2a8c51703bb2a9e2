namespace Gongji.Storage;

/// <summary>How a commit ended; for a conflict, the positions of the entries in the way, and whether the chain itself has moved.</summary>
/// <param name="Status">Committed or not.</param>
/// <param name="StaleAt">Positions whose (account, version) exists, or whose previous version does not: a stale activation wrote them.</param>
/// <param name="DuplicateAt">Positions whose (operation, leg) exists: the operation was already done.</param>
/// <param name="ChainMoved">The place (chain, sequence) is taken, as when an earlier attempt of the same batch came through, or the batch before is not there.</param>
public sealed record CommitResult(CommitStatus Status, IReadOnlyList<int> StaleAt, IReadOnlyList<int> DuplicateAt, bool ChainMoved)
{
    /// <summary>Positions whose (operation, leg) also occurs at an earlier position of the same batch. Which of them is written depends on which others are.</summary>
    public IReadOnlyList<int> RepeatAt { get; init; } = [];

    /// <summary>Positions of entries that debit a region with a cap, in a batch that debits it more than its chain's slice covers.</summary>
    public IReadOnlyList<int> OverCapAt { get; init; } = [];

    /// <summary>The store's open day, if the batch's deltas were made with another one: a day was closed in between.</summary>
    public DateOnly? OpenDay { get; init; }

    /// <summary>How many entries were found in the way.</summary>
    public int InTheWay => StaleAt.Count + DuplicateAt.Count + RepeatAt.Count + OverCapAt.Count;

    public static CommitResult Committed { get; } = new(CommitStatus.Committed, [], [], false);
}
