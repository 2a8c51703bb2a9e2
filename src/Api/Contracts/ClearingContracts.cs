using System.Text.Json.Serialization;

namespace Gongji.Api.Contracts;

/// <summary>
/// Confirms that a region has paid another region all or part of what it owes for a closed day. 409 <c>wrong-state</c>: the day is not closed. 422
/// <c>clearing-closed</c>: nothing is outstanding. 422 <c>region-cap-reached</c>: without this claim the prepayment of the paid region would not
/// cover what it owes.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record SettlementRequest
{
    /// <summary>A UUID that the caller chooses (version 7 advised, version 8 not allowed). The same id never settles twice.</summary>
    public required Guid Id { get; init; }

    /// <summary>The region that paid (six-digit code).</summary>
    [RegionCodeText]
    public required string From { get; init; }

    /// <summary>The region that was paid (six-digit code); not the same as <c>from</c>.</summary>
    [RegionCodeText]
    public required string To { get; init; }

    /// <summary>The amount in fen: at least 1, at most what is outstanding. More than that: 422 <c>amount-over-limit</c>.</summary>
    [FenAmount]
    public required long AmountFen { get; init; }
}

/// <summary>A confirmed settlement.</summary>
public sealed record SettlementAnswer
{
    /// <summary>The id from the request.</summary>
    public required Guid Id { get; init; }

    /// <summary>The closed day that was paid for, YYYY-MM-DD.</summary>
    [Day]
    public required string Day { get; init; }

    /// <summary>The region that paid (six-digit code).</summary>
    [RegionCodeText]
    public required string From { get; init; }

    /// <summary>The region that was paid (six-digit code).</summary>
    [RegionCodeText]
    public required string To { get; init; }

    /// <summary>The amount in fen.</summary>
    public required long AmountFen { get; init; }

    /// <summary>When the settlement was confirmed (RFC 3339).</summary>
    [Moment]
    public required DateTimeOffset At { get; init; }
}

/// <summary>
/// The clearing of one day: what regions owe each other, what was settled and what is outstanding. A key that is limited to some provinces sees only
/// pairs with a side in one of them.
/// </summary>
public sealed record ClearingDayAnswer
{
    /// <summary>The clearing day in Asia/Shanghai, YYYY-MM-DD.</summary>
    [Day]
    public required string Day { get; init; }

    /// <summary><c>open</c>: the figures may still change. <c>closed</c>: they never change again.</summary>
    [Words("open", "closed")]
    public required string Status { get; init; }

    /// <summary>
    /// <c>gross</c>: each region pays all that it owes. <c>net</c>: the region that owes more pays the difference. For an open day this is the
    /// present setting.
    /// </summary>
    [Words("gross", "net")]
    public required string Basis { get; init; }

    /// <summary>What each region owes another, before netting. Pairs that owe nothing are absent.</summary>
    public required IReadOnlyList<ClearingPairAnswer> Pairs { get; init; }

    /// <summary>What provinces owe each other.</summary>
    public required IReadOnlyList<ClearingLevelAnswer> National { get; init; }

    /// <summary>What the regions of one province owe each other, for every province.</summary>
    public required IReadOnlyList<ClearingLevelAnswer> Provincial { get; init; }

    /// <summary>The settlements confirmed for this day, oldest first.</summary>
    public required IReadOnlyList<SettlementAnswer> Settlements { get; init; }

    /// <summary>What is still to be paid, for each pair of regions. Pairs that have paid all are absent.</summary>
    public required IReadOnlyList<OutstandingAnswer> Outstanding { get; init; }
}

/// <summary>
/// What one region owes another for a day, before netting: the money that moved from its people to the people of the other region, less refunds.
/// </summary>
public sealed record ClearingPairAnswer
{
    /// <summary>The region that owes (six-digit code).</summary>
    [RegionCodeText]
    public required string From { get; init; }

    /// <summary>The region that is owed the money (six-digit code).</summary>
    [RegionCodeText]
    public required string To { get; init; }

    /// <summary><c>in-province</c>: both regions are in one province. <c>cross-province</c>: they are in two.</summary>
    [Words("in-province", "cross-province")]
    public required string Tier { get; init; }

    /// <summary>How many movements of money. Refunds are not counted.</summary>
    public required long Count { get; init; }

    /// <summary>The amount owed, in fen.</summary>
    public required long AmountFen { get; init; }
}

/// <summary>What one province or region owes another, gross and net.</summary>
public sealed record ClearingLevelAnswer
{
    /// <summary>The side that owes: a province (two digits) in <c>national</c>, a region (six digits) in <c>provincial</c>.</summary>
    public required string From { get; init; }

    /// <summary>The side that is owed the money, in the same form.</summary>
    public required string To { get; init; }

    /// <summary>The whole debt, in fen.</summary>
    public required long GrossFen { get; init; }

    /// <summary>
    /// The debt less what the other side owes in return, in fen; 0 if the other side owes more. In a month's statement: the sum of the net figures of
    /// its days.
    /// </summary>
    public required long NetFen { get; init; }
}

/// <summary>What one region still has to pay another for the day.</summary>
public sealed record OutstandingAnswer
{
    /// <summary>The region that owes (six-digit code).</summary>
    [RegionCodeText]
    public required string From { get; init; }

    /// <summary>The region that is owed the money (six-digit code).</summary>
    [RegionCodeText]
    public required string To { get; init; }

    /// <summary>The amount in fen.</summary>
    public required long AmountFen { get; init; }
}

/// <summary>
/// Signs a month's statement for one province. 409 <c>wrong-state</c>: a day of the month is not closed, or the province is not in the statement.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record SignatureRequest
{
    /// <summary>The province that signs (two digits).</summary>
    [ProvinceText]
    public required string Province { get; init; }
}

/// <summary>
/// The statement of a month between provinces, over the closed days of the month. In <c>national</c> and <c>notices</c>, a key that is limited to
/// some provinces sees only what concerns them.
/// </summary>
public sealed record StatementAnswer
{
    /// <summary>The month, YYYY-MM.</summary>
    [Month]
    public required string Month { get; init; }

    /// <summary>
    /// <c>open</c>: a day of the month is not closed. <c>complete</c>: all days are closed, a province has not signed. <c>signed</c>: every province
    /// in <c>provinces</c> has signed.
    /// </summary>
    [Words("open", "complete", "signed")]
    public required string Status { get; init; }

    /// <summary>
    /// <c>gross</c> or <c>net</c>, as for the last day of the month; while that day is open, the present setting. Each day of the month is settled by
    /// its own basis.
    /// </summary>
    [Words("gross", "net")]
    public required string Basis { get; init; }

    /// <summary>What provinces owe each other for the month: the figures of its closed days, added up.</summary>
    public required IReadOnlyList<ClearingLevelAnswer> National { get; init; }

    /// <summary>The provinces that must sign (two digits each): those that owe another province something, or are owed something.</summary>
    [ProvinceText]
    public required IReadOnlyList<string> Provinces { get; init; }

    /// <summary>The signatures so far, oldest first.</summary>
    public required IReadOnlyList<SignatureAnswer> Signatures { get; init; }

    /// <summary>
    /// Empty until all provinces have signed. Then two notices for each debt, with the same number: one for the debtor, one for the creditor.
    /// </summary>
    public required IReadOnlyList<NoticeAnswer> Notices { get; init; }

    /// <summary>What provinces still have to pay each other for the closed days of the month, in fen.</summary>
    public required long OutstandingFen { get; init; }

    /// <summary>The steps of the month's procedure, in order, each with the last day for it.</summary>
    public required IReadOnlyList<DeadlineAnswer> Deadlines { get; init; }
}

/// <summary>A step of the month's procedure, and by when it is due.</summary>
public sealed record DeadlineAnswer
{
    /// <summary>
    /// <c>complete</c>: every day of the month is closed. <c>table</c>: the national table can be made, which is so when every day is closed.
    /// <c>signed</c>: every province in the statement has signed. <c>notices</c>: the notices are out, which is so when every province has signed.
    /// <c>paid</c>: nothing is outstanding. <c>late</c>: the same as <c>paid</c>, with a later day: the last one for what was not paid in time.
    /// </summary>
    [Words("complete", "table", "signed", "notices", "paid", "late")]
    public required string Step { get; init; }

    /// <summary>The last day for the step, YYYY-MM-DD.</summary>
    [Day]
    public required string By { get; init; }

    /// <summary><c>done</c>. <c>due</c>: not done, and the last day is not past. <c>overdue</c>: not done, and the last day is past.</summary>
    [Words("done", "due", "overdue")]
    public required string Status { get; init; }
}

/// <summary>
/// The prepayments proposed for regions, from what they had to pay other regions in the last complete months. A key that is limited to some provinces
/// sees only their regions.
/// </summary>
public sealed record PrepaymentsAnswer
{
    /// <summary>
    /// The first month of the average, YYYY-MM: of the last complete months (12 by default), the first in which a region had something to pay. null
    /// if there is none.
    /// </summary>
    [Month]
    public required string? FirstMonth { get; init; }

    /// <summary>The last month of the average, YYYY-MM: the last month whose days are all closed. null if <c>firstMonth</c> is null.</summary>
    [Month]
    public required string? LastMonth { get; init; }

    /// <summary>How many months the average covers: those from <c>firstMonth</c> to <c>lastMonth</c>.</summary>
    public required int Months { get; init; }

    /// <summary>The regions that had something to pay in these months, in the order of their codes.</summary>
    public required IReadOnlyList<PrepaymentAnswer> Regions { get; init; }
}

/// <summary>The prepayment (预付金) proposed for one region.</summary>
public sealed record PrepaymentAnswer
{
    /// <summary>The region (six-digit code).</summary>
    [RegionCodeText]
    public required string Region { get; init; }

    /// <summary>What the region had to pay other regions for the days of these months, in fen.</summary>
    public required long ClearedFen { get; init; }

    /// <summary>The proposed prepayment in fen: two months (by default) of the monthly average, rounded up.</summary>
    public required long ProposedFen { get; init; }

    /// <summary>The region's present prepayment in fen, which is its <c>netDebitCapFen</c>. null if it has no cap.</summary>
    public required long? LodgedFen { get; init; }
}

/// <summary>The signature of a province under a statement.</summary>
public sealed record SignatureAnswer
{
    /// <summary>The province that signed (two digits).</summary>
    [ProvinceText]
    public required string Province { get; init; }

    /// <summary>When it signed (RFC 3339).</summary>
    [Moment]
    public required DateTimeOffset At { get; init; }
}

/// <summary>A notice to one province. The notices to the debtor and to the creditor have the same number and amount.</summary>
public sealed record NoticeAnswer
{
    /// <summary>The number of both notices: month, debtor, creditor, such as <c>2024-12-32-41</c>.</summary>
    public required string Number { get; init; }

    /// <summary><c>payable</c>: the notice to the debtor. <c>receivable</c>: the notice to the creditor.</summary>
    [Words("payable", "receivable")]
    public required string Kind { get; init; }

    /// <summary>The province that gets this notice (two digits).</summary>
    [ProvinceText]
    public required string Province { get; init; }

    /// <summary>The other province of the debt (two digits).</summary>
    [ProvinceText]
    public required string Counterparty { get; init; }

    /// <summary>The amount in fen.</summary>
    public required long AmountFen { get; init; }
}

/// <summary>Raises a region's prepayment (预付金), which is its <c>netDebitCapFen</c>. 409 <c>wrong-state</c>: the region has no cap.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record TopUpRequest
{
    /// <summary>A UUID that the caller chooses (version 7 advised, version 8 not allowed). The same id never tops up twice.</summary>
    public required Guid Id { get; init; }

    /// <summary>The amount in fen by which the prepayment is raised, at least 1.</summary>
    [FenAmount]
    public required long AmountFen { get; init; }
}

/// <summary>A top-up that is in force.</summary>
public sealed record TopUpAnswer
{
    /// <summary>The id from the request.</summary>
    public required Guid Id { get; init; }

    /// <summary>The region whose prepayment was raised (six-digit code).</summary>
    [RegionCodeText]
    public required string Region { get; init; }

    /// <summary>The amount in fen by which the prepayment was raised.</summary>
    public required long AmountFen { get; init; }

    /// <summary>When the top-up was decided (RFC 3339).</summary>
    [Moment]
    public required DateTimeOffset At { get; init; }
}
