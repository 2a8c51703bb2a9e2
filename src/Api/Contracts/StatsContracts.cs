namespace Gongji.Api.Contracts;

/// <summary>Mutual aid over some clearing days.</summary>
public sealed record AidStatsAnswer
{
    /// <summary>The first day.</summary>
    [Day]
    public required string From { get; init; }

    /// <summary>The last day, included.</summary>
    [Day]
    public required string To { get; init; }

    /// <summary>共济 per tier: money of one person's account that another's payment or contribution used.</summary>
    public required IReadOnlyList<TierStatsAnswer> Tiers { get; init; }

    /// <summary>Wallets opened.</summary>
    public required long WalletsOpened { get; init; }

    /// <summary>钱包转账: wallet transfers that were received.</summary>
    public required TransferStatsAnswer Transfers { get; init; }

    /// <summary>就医购药: payments at institutions.</summary>
    public required SumStatsAnswer Payments { get; init; }

    /// <summary>参保缴费: contributions to insurance schemes.</summary>
    public required SumStatsAnswer Contributions { get; init; }
}

/// <summary>How often and how much in one tier.</summary>
public sealed record TierStatsAnswer
{
    /// <summary>How far the money moved.</summary>
    [Words("same-region", "in-province", "cross-province")]
    public required string Tier { get; init; }

    /// <summary>How often. What was refunded later still counts.</summary>
    public required long Count { get; init; }

    /// <summary>In fen, less what was refunded on these days, of whatever day's payment: so it may be negative.</summary>
    public required long AmountFen { get; init; }
}

/// <summary>How often and how much.</summary>
public record SumStatsAnswer
{
    /// <summary>How often. What was refunded later still counts.</summary>
    public required long Count { get; init; }

    /// <summary>In fen, less what was refunded on these days, of whatever day's payment: so it may be negative.</summary>
    public required long AmountFen { get; init; }
}

/// <summary>How often and how much, and of it each tier.</summary>
public sealed record TransferStatsAnswer : SumStatsAnswer
{
    /// <summary>All three tiers.</summary>
    public required IReadOnlyList<TierStatsAnswer> Tiers { get; init; }
}
