namespace Gongji.Api.Contracts;

/// <summary>How our lines of a region and day compare with an uploaded file. An operation is one break, however many lines it has.</summary>
public sealed record ReconciliationAnswer
{
    /// <summary>Whose day.</summary>
    [RegionCodeText]
    public required string Region { get; init; }

    /// <summary>The business day.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>Whether there is no break, and the lines agree with the counter-regions.</summary>
    public required bool Agrees { get; init; }

    /// <summary>Of all breaks, whichever are listed below.</summary>
    public required BreakTotalsAnswer Totals { get; init; }

    /// <summary>
    /// The third side: by pair of regions, what the ledger holds for both. The counter-region's file has exactly the same lines of the pair.
    /// </summary>
    public required IReadOnlyList<PairAnswer> Pairs { get; init; }

    /// <summary>Ids that only the ledger has.</summary>
    public required IReadOnlyList<BreakAnswer> OnlyOurs { get; init; }

    /// <summary>Ids that only the uploaded file has.</summary>
    public required IReadOnlyList<BreakAnswer> OnlyTheirs { get; init; }

    /// <summary>Ids that both have, with other amounts.</summary>
    public required IReadOnlyList<BreakAnswer> AmountDiffers { get; init; }

    /// <summary>What to give as <c>after</c>, with the file again, for more breaks; null when all are listed.</summary>
    public required Guid? Next { get; init; }
}

/// <summary>Sums of lines and breaks.</summary>
public sealed record BreakTotalsAnswer
{
    /// <summary>The ledger's lines.</summary>
    public required TotalAnswer Ours { get; init; }

    /// <summary>The file's lines.</summary>
    public required TotalAnswer Theirs { get; init; }

    /// <summary>Ids that only the ledger has.</summary>
    public required TotalAnswer OnlyOurs { get; init; }

    /// <summary>Ids that only the file has.</summary>
    public required TotalAnswer OnlyTheirs { get; init; }

    /// <summary>Ids that both have with other amounts; the amount is ours less theirs.</summary>
    public required TotalAnswer AmountDiffers { get; init; }
}

/// <summary>How many, and how much.</summary>
public sealed record TotalAnswer
{
    /// <summary>How many.</summary>
    public required long Count { get; init; }

    /// <summary>How much, in fen.</summary>
    public required long AmountFen { get; init; }
}

/// <summary>An operation on which ledger and file do not agree.</summary>
public sealed record BreakAnswer
{
    /// <summary>The operation.</summary>
    public required Guid Id { get; init; }

    /// <summary>What the ledger's lines of it add up to, in fen; null when there are none.</summary>
    public required long? OursFen { get; init; }

    /// <summary>What the file's lines of it add up to, in fen; null when there are none.</summary>
    public required long? TheirsFen { get; init; }

    /// <summary>Of the ledger's first line: whose account; null when there is none.</summary>
    [PersonIdText]
    public required string? Person { get; init; }

    /// <summary>Of the ledger's first line: the paying region; null from outside.</summary>
    [RegionCodeText]
    public required string? From { get; init; }

    /// <summary>Of the ledger's first line: the receiving region; null to outside.</summary>
    [RegionCodeText]
    public required string? To { get; init; }
}

/// <summary>What one kind of activity moved from one region to another on the day.</summary>
public sealed record PairAnswer
{
    /// <summary>What kind.</summary>
    public required string Activity { get; init; }

    /// <summary>How far.</summary>
    [Words("same-region", "in-province", "cross-province")]
    public required string Tier { get; init; }

    /// <summary>The paying region; null from outside.</summary>
    [RegionCodeText]
    public required string? From { get; init; }

    /// <summary>The receiving region; null to outside.</summary>
    [RegionCodeText]
    public required string? To { get; init; }

    /// <summary>The lines of the pair, in both regions' files.</summary>
    public required TotalAnswer Lines { get; init; }

    /// <summary>What funds and clearing positions of both regions were changed by, in fen.</summary>
    public required long LedgerFen { get; init; }

    /// <summary>Whether lines and ledger are equal.</summary>
    public required bool Agrees { get; init; }
}
