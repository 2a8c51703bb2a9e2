using System.Text.Json.Serialization;

namespace Gongji.Api.Contracts;

/// <summary>Confirms that a region has paid another a part of what it owed for a closed day.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record SettlementRequest
{
    /// <summary>Chosen by the caller; the same id is never settled twice.</summary>
    public required Guid Id { get; init; }

    /// <summary>The region that paid.</summary>
    [RegionCodeText]
    public required string From { get; init; }

    /// <summary>The region that was paid.</summary>
    [RegionCodeText]
    public required string To { get; init; }

    /// <summary>In fen, positive, at most what is outstanding.</summary>
    [FenAmount]
    public required long AmountFen { get; init; }
}

/// <summary>A settlement that was confirmed.</summary>
public sealed record SettlementAnswer
{
    /// <summary>The id that the caller chose.</summary>
    public required Guid Id { get; init; }

    /// <summary>The closed day that was paid for.</summary>
    [Day]
    public required string Day { get; init; }

    /// <summary>The region that paid.</summary>
    [RegionCodeText]
    public required string From { get; init; }

    /// <summary>The region that was paid.</summary>
    [RegionCodeText]
    public required string To { get; init; }

    /// <summary>In fen.</summary>
    public required long AmountFen { get; init; }

    /// <summary>When it was confirmed.</summary>
    [Moment]
    public required DateTimeOffset At { get; init; }
}

/// <summary>The clearing of a day.</summary>
public sealed record ClearingDayAnswer
{
    /// <summary>The clearing day, in Asia/Shanghai.</summary>
    [Day]
    public required string Day { get; init; }

    /// <summary>open: figures may still grow; closed: they never change again.</summary>
    [Words("open", "closed")]
    public required string Status { get; init; }

    /// <summary>How the day is settled.</summary>
    [Words("gross", "net")]
    public required string Basis { get; init; }

    /// <summary>The matrix: money that moved between regions. The first owes the second.</summary>
    public required IReadOnlyList<ClearingPairAnswer> Pairs { get; init; }

    /// <summary>Between provinces, by their two digits.</summary>
    public required IReadOnlyList<ClearingLevelAnswer> National { get; init; }

    /// <summary>Between the regions of each province.</summary>
    public required IReadOnlyList<ClearingLevelAnswer> Provincial { get; init; }

    /// <summary>What was confirmed as paid, in order.</summary>
    public required IReadOnlyList<SettlementAnswer> Settlements { get; init; }

    /// <summary>What is still to be paid, by pair of regions.</summary>
    public required IReadOnlyList<OutstandingAnswer> Outstanding { get; init; }
}

/// <summary>What the people of a region moved to those of another.</summary>
public sealed record ClearingPairAnswer
{
    /// <summary>The region that owes.</summary>
    [RegionCodeText]
    public required string From { get; init; }

    /// <summary>The region that it owes.</summary>
    [RegionCodeText]
    public required string To { get; init; }

    /// <summary>How far the money moved.</summary>
    [Words("in-province", "cross-province")]
    public required string Tier { get; init; }

    /// <summary>How often.</summary>
    public required long Count { get; init; }

    /// <summary>In fen.</summary>
    public required long AmountFen { get; init; }
}

/// <summary>What one side owes another.</summary>
public sealed record ClearingLevelAnswer
{
    /// <summary>The one that owes: a province's two digits, or a region's code.</summary>
    public required string From { get; init; }

    /// <summary>The one that it owes.</summary>
    public required string To { get; init; }

    /// <summary>All of it, in fen.</summary>
    public required long GrossFen { get; init; }

    /// <summary>What is over when the other's debt is taken off, in fen.</summary>
    public required long NetFen { get; init; }
}

/// <summary>What is still to be paid.</summary>
public sealed record OutstandingAnswer
{
    /// <summary>The region that owes.</summary>
    [RegionCodeText]
    public required string From { get; init; }

    /// <summary>The region that it owes.</summary>
    [RegionCodeText]
    public required string To { get; init; }

    /// <summary>In fen.</summary>
    public required long AmountFen { get; init; }
}

/// <summary>Signs a month's statement for a province.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record SignatureRequest
{
    /// <summary>The province's two digits.</summary>
    [ProvinceText]
    public required string Province { get; init; }
}

/// <summary>The national statement of a month, over its closed days.</summary>
public sealed record StatementAnswer
{
    /// <summary>The month, YYYY-MM.</summary>
    [Month]
    public required string Month { get; init; }

    /// <summary>open: a day of the month is not closed; complete: to be signed; signed: by all provinces in it.</summary>
    [Words("open", "complete", "signed")]
    public required string Status { get; init; }

    /// <summary>How it is settled.</summary>
    [Words("gross", "net")]
    public required string Basis { get; init; }

    /// <summary>Between provinces.</summary>
    public required IReadOnlyList<ClearingLevelAnswer> National { get; init; }

    /// <summary>The provinces that sign.</summary>
    [ProvinceText]
    public required IReadOnlyList<string> Provinces { get; init; }

    /// <summary>Who has signed, in order.</summary>
    public required IReadOnlyList<SignatureAnswer> Signatures { get; init; }

    /// <summary>When all have signed: two of each number, to the debtor and to the creditor.</summary>
    public required IReadOnlyList<NoticeAnswer> Notices { get; init; }

    /// <summary>What is still to be paid for its closed days between provinces, in fen.</summary>
    public required long OutstandingFen { get; init; }

    /// <summary>The steps of the procedure, in order, with the days by which they are due.</summary>
    public required IReadOnlyList<DeadlineAnswer> Deadlines { get; init; }
}

/// <summary>When a step of the procedure is due.</summary>
public sealed record DeadlineAnswer
{
    /// <summary>
    /// complete: every day of the month is closed; table: the national table can be made; signed: by all provinces in it; notices: are out; paid: nothing
    /// is outstanding; late: what was not paid in time is paid too.
    /// </summary>
    [Words("complete", "table", "signed", "notices", "paid", "late")]
    public required string Step { get; init; }

    /// <summary>The last day.</summary>
    [Day]
    public required string By { get; init; }

    /// <summary>done; due; or overdue: not done, and the day is past.</summary>
    [Words("done", "due", "overdue")]
    public required string Status { get; init; }
}

/// <summary>What regions should lodge ahead.</summary>
public sealed record PrepaymentsAnswer
{
    /// <summary>The first complete month with figures, of the twelve last at most; null when there is none.</summary>
    [Month]
    public required string? FirstMonth { get; init; }

    /// <summary>The last complete month.</summary>
    [Month]
    public required string? LastMonth { get; init; }

    /// <summary>How many months the average is of.</summary>
    public required int Months { get; init; }

    /// <summary>Regions that had anything to pay, by code.</summary>
    public required IReadOnlyList<PrepaymentAnswer> Regions { get; init; }
}

/// <summary>The prepayment that is proposed for a region.</summary>
public sealed record PrepaymentAnswer
{
    /// <summary>Which.</summary>
    [RegionCodeText]
    public required string Region { get; init; }

    /// <summary>What it had to pay other regions for the days of those months, in fen.</summary>
    public required long ClearedFen { get; init; }

    /// <summary>What it should have lodged: two months of the average, in fen, rounded up.</summary>
    public required long ProposedFen { get; init; }

    /// <summary>What it has lodged: its netDebitCapFen; null when it has no cap.</summary>
    public required long? LodgedFen { get; init; }
}

/// <summary>A signature under a statement.</summary>
public sealed record SignatureAnswer
{
    /// <summary>The province's two digits.</summary>
    [ProvinceText]
    public required string Province { get; init; }

    /// <summary>When it signed.</summary>
    [Moment]
    public required DateTimeOffset At { get; init; }
}

/// <summary>A notice to a province. The debtor's and the creditor's have one number and one amount.</summary>
public sealed record NoticeAnswer
{
    /// <summary>The number of the pair.</summary>
    public required string Number { get; init; }

    /// <summary>payable: to the debtor; receivable: to the creditor.</summary>
    [Words("payable", "receivable")]
    public required string Kind { get; init; }

    /// <summary>Whom it is for.</summary>
    [ProvinceText]
    public required string Province { get; init; }

    /// <summary>The other one.</summary>
    [ProvinceText]
    public required string Counterparty { get; init; }

    /// <summary>In fen.</summary>
    public required long AmountFen { get; init; }
}

/// <summary>Raises a region's prepayment.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record TopUpRequest
{
    /// <summary>Chosen by the caller; the same id never tops up twice.</summary>
    public required Guid Id { get; init; }

    /// <summary>In fen, positive.</summary>
    [FenAmount]
    public required long AmountFen { get; init; }
}

/// <summary>A top-up that is in force.</summary>
public sealed record TopUpAnswer
{
    /// <summary>The id that the caller chose.</summary>
    public required Guid Id { get; init; }

    /// <summary>Whose prepayment was raised.</summary>
    [RegionCodeText]
    public required string Region { get; init; }

    /// <summary>In fen.</summary>
    public required long AmountFen { get; init; }

    /// <summary>When.</summary>
    [Moment]
    public required DateTimeOffset At { get; init; }
}
