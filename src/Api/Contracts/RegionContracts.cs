using System.Text.Json.Serialization;
using Gongji.Ledger;

namespace Gongji.Api.Contracts;

/// <summary>Names a pooling region and sets its rules.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RegionRequest
{
    /// <summary>The region's name, at most 100 characters.</summary>
    public required string Name { get; init; }

    /// <summary>The region's rules; what is left out takes its default.</summary>
    public RulesRequest? Rules { get; init; }
}

/// <summary>The rules of a region; what is left out takes its default.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RulesRequest
{
    /// <summary>The tiers the region takes part in; none by default.</summary>
    public LiveRequest? Live { get; init; }

    /// <summary>The kinships allowed; all near relatives by default.</summary>
    [KinshipWords]
    public IReadOnlyList<string>? Kinships { get; init; }

    /// <summary>The largest transfer, in fen; 200000 by default.</summary>
    [FenAmount]
    public long? MaxTransferFen { get; init; }

    /// <summary>Transfers per wallet and day; 3 by default.</summary>
    [Between(0, Limits.TransfersPerDayMax)]
    public int? MaxTransfersPerDay { get; init; }

    /// <summary>When transfers stop for the night, HH:mm in Asia/Shanghai; 22:00 by default.</summary>
    [TimeOfDay]
    public string? ClosedFrom { get; init; }

    /// <summary>When they begin again; 06:00 by default. Equal to closedFrom: never closed.</summary>
    [TimeOfDay]
    public string? ClosedUntil { get; init; }

    /// <summary>The most the region may owe other regions net, in fen; no cap by default.</summary>
    [Between(0, Limits.BalanceFenMax)]
    public long? NetDebitCapFen { get; init; }
}

/// <summary>The tiers a region is live for.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record LiveRequest
{
    /// <summary>同一统筹区内.</summary>
    public bool? SameRegion { get; init; }

    /// <summary>省内跨统筹区.</summary>
    public bool? InProvince { get; init; }

    /// <summary>跨省.</summary>
    public bool? CrossProvince { get; init; }
}

/// <summary>A pooling region with its rules, fund and clearing position.</summary>
public sealed record RegionAnswer
{
    /// <summary>The six-digit code (GB/T 2260).</summary>
    [RegionCodeText]
    public required string Region { get; init; }

    /// <summary>The region's name.</summary>
    public required string Name { get; init; }

    /// <summary>The two-digit province.</summary>
    public required string Province { get; init; }

    /// <summary>The rules in force.</summary>
    public required RulesAnswer Rules { get; init; }

    /// <summary>What the region's fund holds, in fen.</summary>
    public required long FundFen { get; init; }

    /// <summary>The region's clearing position.</summary>
    public required ClearingAnswer Clearing { get; init; }
}

/// <summary>The rules of a region.</summary>
public sealed record RulesAnswer
{
    /// <summary>The tiers the region takes part in.</summary>
    public required LiveAnswer Live { get; init; }

    /// <summary>The kinships allowed.</summary>
    [KinshipWords]
    public required IReadOnlyList<string> Kinships { get; init; }

    /// <summary>The largest transfer, in fen.</summary>
    public required long MaxTransferFen { get; init; }

    /// <summary>Transfers per wallet and day.</summary>
    public required int MaxTransfersPerDay { get; init; }

    /// <summary>When transfers stop for the night, HH:mm in Asia/Shanghai.</summary>
    [TimeOfDay]
    public required string ClosedFrom { get; init; }

    /// <summary>When they begin again.</summary>
    [TimeOfDay]
    public required string ClosedUntil { get; init; }

    /// <summary>The most the region may owe other regions net, in fen; null for no cap.</summary>
    public required long? NetDebitCapFen { get; init; }
}

/// <summary>The tiers a region is live for.</summary>
public sealed record LiveAnswer
{
    /// <summary>同一统筹区内.</summary>
    public required bool SameRegion { get; init; }

    /// <summary>省内跨统筹区.</summary>
    public required bool InProvince { get; init; }

    /// <summary>跨省.</summary>
    public required bool CrossProvince { get; init; }
}

/// <summary>What other regions owe a region, or it owes them, and how much of its prepayment that uses.</summary>
public sealed record ClearingAnswer
{
    /// <summary>Owed to the region (positive) or by it (negative), in fen.</summary>
    public required long NetFen { get; init; }

    /// <summary>The most it may owe, in fen; null for no cap.</summary>
    public required long? CapFen { get; init; }

    /// <summary>How much of the cap is used, in whole percent.</summary>
    public required int UsedPercent { get; init; }

    /// <summary>none, yellow from 70 %, red from 90 %.</summary>
    [Words("none", "yellow", "red")]
    public required string Alert { get; init; }
}
