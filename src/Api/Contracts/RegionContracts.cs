using System.Text.Json.Serialization;
using Gongji.Ledger;

namespace Gongji.Api.Contracts;

/// <summary>Names a pooling region (统筹区) and sets its rules.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RegionRequest
{
    /// <summary>The region's name: 1 to 100 characters, none of them a control character.</summary>
    public required string Name { get; init; }

    /// <summary>The region's rules. They replace all earlier ones: a rule that is absent takes its default.</summary>
    public RulesRequest? Rules { get; init; }
}

/// <summary>The rules of a region. A rule that is absent takes its default.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RulesRequest
{
    /// <summary>The tiers that the region takes part in. Default: none.</summary>
    public LiveRequest? Live { get; init; }

    /// <summary>The kinships that the region allows. Default: all near relatives.</summary>
    [KinshipWords]
    public IReadOnlyList<string>? Kinships { get; init; }

    /// <summary>The largest single transfer that a person of this region can make, in fen. Default: 200000.</summary>
    [FenAmount]
    public long? MaxTransferFen { get; init; }

    /// <summary>How many transfers a person of this region can make on a business day. Default: 3.</summary>
    [Between(0, Limits.TransfersPerDayMax)]
    public int? MaxTransfersPerDay { get; init; }

    /// <summary>From when a person of this region can make no transfers: HH:mm in Asia/Shanghai. Default: 22:00.</summary>
    [TimeOfDay]
    public string? ClosedFrom { get; init; }

    /// <summary>
    /// From when they can make transfers again: HH:mm in Asia/Shanghai. Default: 06:00. The same time as <c>closedFrom</c> means: transfers are never
    /// closed.
    /// </summary>
    [TimeOfDay]
    public string? ClosedUntil { get; init; }

    /// <summary>The most that the region may owe other regions net, in fen: its prepayment (预付金). Default: no cap.</summary>
    [Between(0, Limits.BalanceFenMax)]
    public long? NetDebitCapFen { get; init; }
}

/// <summary>The tiers that a region is live for. A transfer or draw needs both regions to be live for its tier.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record LiveRequest
{
    /// <summary>Within one pooling region (同一统筹区内). Default: false.</summary>
    public bool? SameRegion { get; init; }

    /// <summary>Between regions of one province (省内跨统筹区). Default: false.</summary>
    public bool? InProvince { get; init; }

    /// <summary>Between provinces (跨省). Default: false.</summary>
    public bool? CrossProvince { get; init; }
}

/// <summary>A pooling region (统筹区) with its rules, fund and clearing position.</summary>
public sealed record RegionAnswer
{
    /// <summary>The region's six-digit code (GB/T 2260).</summary>
    [RegionCodeText]
    public required string Region { get; init; }

    /// <summary>The region's name.</summary>
    public required string Name { get; init; }

    /// <summary>The two digits of the region's province.</summary>
    public required string Province { get; init; }

    /// <summary>The rules in force.</summary>
    public required RulesAnswer Rules { get; init; }

    /// <summary>
    /// The balance of the region's fund, in fen: credits, less what was paid for its people, plus and minus settlements. Money that moved between its
    /// people and other regions counts only when it is settled.
    /// </summary>
    public required long FundFen { get; init; }

    /// <summary>The region's clearing position.</summary>
    public required ClearingAnswer Clearing { get; init; }
}

/// <summary>The rules of a region.</summary>
public sealed record RulesAnswer
{
    /// <summary>The tiers that the region takes part in.</summary>
    public required LiveAnswer Live { get; init; }

    /// <summary>The kinships that the region allows.</summary>
    [KinshipWords]
    public required IReadOnlyList<string> Kinships { get; init; }

    /// <summary>The largest single transfer that a person of this region can make, in fen.</summary>
    public required long MaxTransferFen { get; init; }

    /// <summary>How many transfers a person of this region can make on a business day.</summary>
    public required int MaxTransfersPerDay { get; init; }

    /// <summary>From when a person of this region can make no transfers: HH:mm in Asia/Shanghai.</summary>
    [TimeOfDay]
    public required string ClosedFrom { get; init; }

    /// <summary>
    /// From when they can make transfers again: HH:mm in Asia/Shanghai. The same time as <c>closedFrom</c> means: transfers are never closed.
    /// </summary>
    [TimeOfDay]
    public required string ClosedUntil { get; init; }

    /// <summary>The most that the region may owe other regions net, in fen: its prepayment (预付金). null: no cap.</summary>
    public required long? NetDebitCapFen { get; init; }
}

/// <summary>The tiers that a region is live for. A transfer or draw needs both regions to be live for its tier.</summary>
public sealed record LiveAnswer
{
    /// <summary>Within one pooling region (同一统筹区内).</summary>
    public required bool SameRegion { get; init; }

    /// <summary>Between regions of one province (省内跨统筹区).</summary>
    public required bool InProvince { get; init; }

    /// <summary>Between provinces (跨省).</summary>
    public required bool CrossProvince { get; init; }
}

/// <summary>What a region owes other regions or is owed by them, and how much of its prepayment that uses.</summary>
public sealed record ClearingAnswer
{
    /// <summary>In fen. Positive: other regions owe this region. Negative: this region owes other regions.</summary>
    public required long NetFen { get; init; }

    /// <summary>The most that the region may owe other regions net, in fen (<c>netDebitCapFen</c>). null: no cap.</summary>
    public required long? CapFen { get; init; }

    /// <summary>How much of the cap is used, in whole percent, rounded down. 0 if there is no cap or no net debt.</summary>
    public required int UsedPercent { get; init; }

    /// <summary><c>none</c>: less than 70 % of the cap is used. <c>yellow</c>: 70 % or more. <c>red</c>: 90 % or more.</summary>
    [Words("none", "yellow", "red")]
    public required string Alert { get; init; }
}
