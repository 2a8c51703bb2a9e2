namespace Gongji.Api.Contracts;

/// <summary>
/// The comparison of the ledger's lines for a region and day with an uploaded file. All lines with one id are added up and compared as one: an id is
/// at most one break.
/// </summary>
public sealed record ReconciliationAnswer
{
    /// <summary>The region (six-digit code).</summary>
    [RegionCodeText]
    public required string Region { get; init; }

    /// <summary>The clearing day, YYYY-MM-DD.</summary>
    public required DateOnly Day { get; init; }

    /// <summary><c>true</c>: there is no break, and <c>agrees</c> is <c>true</c> for every pair.</summary>
    public required bool Agrees { get; init; }

    /// <summary>Sums over all lines and all breaks, also those that this page does not list.</summary>
    public required BreakTotalsAnswer Totals { get; init; }

    /// <summary>
    /// For each activity and pair of regions: whether the ledger's lines agree with the sums from which it computes the funds and clearing positions
    /// of both regions. The file of the other region has the same lines for the pair.
    /// </summary>
    public required IReadOnlyList<PairAnswer> Pairs { get; init; }

    /// <summary>Breaks of this page: ids that only the ledger has.</summary>
    public required IReadOnlyList<BreakAnswer> OnlyOurs { get; init; }

    /// <summary>Breaks of this page: ids that only the uploaded file has.</summary>
    public required IReadOnlyList<BreakAnswer> OnlyTheirs { get; init; }

    /// <summary>Breaks of this page: ids that both have, with different amounts.</summary>
    public required IReadOnlyList<BreakAnswer> AmountDiffers { get; init; }

    /// <summary>The value of <c>after</c> for the next page of breaks; the file must be sent again with it. null on the last page.</summary>
    public required Guid? Next { get; init; }
}

/// <summary>Sums of lines and of breaks.</summary>
public sealed record BreakTotalsAnswer
{
    /// <summary>All lines of the ledger for this region and day.</summary>
    public required TotalAnswer Ours { get; init; }

    /// <summary>All lines of the uploaded file.</summary>
    public required TotalAnswer Theirs { get; init; }

    /// <summary>Ids that only the ledger has.</summary>
    public required TotalAnswer OnlyOurs { get; init; }

    /// <summary>Ids that only the uploaded file has.</summary>
    public required TotalAnswer OnlyTheirs { get; init; }

    /// <summary>Ids that both have, with different amounts. <c>amountFen</c> is the ledger's amount less the file's.</summary>
    public required TotalAnswer AmountDiffers { get; init; }
}

/// <summary>A count and an amount.</summary>
public sealed record TotalAnswer
{
    /// <summary>How many lines, or how many ids.</summary>
    public required long Count { get; init; }

    /// <summary>Their total in fen, which can be negative.</summary>
    public required long AmountFen { get; init; }
}

/// <summary>An id on which the ledger and the uploaded file do not agree.</summary>
public sealed record BreakAnswer
{
    /// <summary>The id, as in the column <c>id</c> of the file.</summary>
    public required Guid Id { get; init; }

    /// <summary>The sum of the ledger's lines with this id, in fen. null if the ledger has none.</summary>
    public required long? OursFen { get; init; }

    /// <summary>The sum of the file's lines with this id, in fen. null if the file has none.</summary>
    public required long? TheirsFen { get; init; }

    /// <summary>The person (psn_no) in the ledger's first line with this id. null for a settlement, or if the ledger has no such line.</summary>
    [PersonIdText]
    public required string? Person { get; init; }

    /// <summary>
    /// The region that the money came from, in the ledger's first line with this id; for a settlement the region that was paid. null if the money
    /// came from outside all regions, or if the ledger has no such line.
    /// </summary>
    [RegionCodeText]
    public required string? From { get; init; }

    /// <summary>
    /// The region that the money went to, in the ledger's first line with this id; for a settlement the region that paid. null if the ledger has no
    /// such line.
    /// </summary>
    [RegionCodeText]
    public required string? To { get; init; }
}

/// <summary>What one kind of activity moved from one region to another on the day.</summary>
public sealed record PairAnswer
{
    /// <summary>The activity, as in the column <c>activity</c> of the file, such as <c>transfer</c>.</summary>
    public required string Activity { get; init; }

    /// <summary>How far the money moved: the tier between the two regions.</summary>
    [Words("same-region", "in-province", "cross-province")]
    public required string Tier { get; init; }

    /// <summary>
    /// The region that the money came from; for a settlement the region that was paid. null if the money came from outside all regions.
    /// </summary>
    [RegionCodeText]
    public required string? From { get; init; }

    /// <summary>The region that the money went to; for a settlement the region that paid.</summary>
    [RegionCodeText]
    public required string? To { get; init; }

    /// <summary>The ledger's lines of this pair. They are in the files of both regions.</summary>
    public required TotalAnswer Lines { get; init; }

    /// <summary>The same amount from the sums with which the ledger computes funds and clearing positions, in fen.</summary>
    public required long LedgerFen { get; init; }

    /// <summary><c>true</c>: the amount of <c>lines</c> is equal to <c>ledgerFen</c>.</summary>
    public required bool Agrees { get; init; }
}
