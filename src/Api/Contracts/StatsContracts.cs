namespace Gongji.Api.Contracts;

/// <summary>Figures of mutual aid, wallets, transfers, payments and contributions over a range of clearing days.</summary>
public sealed record AidStatsAnswer
{
    /// <summary>The first day, YYYY-MM-DD.</summary>
    [Day]
    public required string From { get; init; }

    /// <summary>The last day (included), YYYY-MM-DD.</summary>
    [Day]
    public required string To { get; init; }

    /// <summary>
    /// Mutual aid (共济) for each of the three tiers: money of one person that paid another person's payment or contribution. A payment counts once for
    /// each giver.
    /// </summary>
    public required IReadOnlyList<TierStatsAnswer> Tiers { get; init; }

    /// <summary>How many wallets were opened.</summary>
    public required long WalletsOpened { get; init; }

    /// <summary>Wallet transfers (钱包转账), counted when they are received.</summary>
    public required TransferStatsAnswer Transfers { get; init; }

    /// <summary>Payments at institutions (就医购药): what accounts paid, the person's own and relatives', without cash.</summary>
    public required SumStatsAnswer Payments { get; init; }

    /// <summary>Contributions (参保缴费): what accounts paid, the beneficiary's own and relatives'.</summary>
    public required SumStatsAnswer Contributions { get; init; }
}

/// <summary>Count and amount in one tier.</summary>
public sealed record TierStatsAnswer
{
    /// <summary>How far the money moved.</summary>
    [Words("same-region", "in-province", "cross-province")]
    public required string Tier { get; init; }

    /// <summary>How many. A later refund does not reduce the count.</summary>
    public required long Count { get; init; }

    /// <summary>The amount in fen, less the refunds made on these days, also refunds of payments of earlier days. So it can be negative.</summary>
    public required long AmountFen { get; init; }
}

/// <summary>Count and amount.</summary>
public record SumStatsAnswer
{
    /// <summary>How many. A later refund does not reduce the count.</summary>
    public required long Count { get; init; }

    /// <summary>The amount in fen, less the refunds made on these days, also refunds of payments of earlier days. So it can be negative.</summary>
    public required long AmountFen { get; init; }
}

/// <summary>Count and amount, in all and in each tier.</summary>
public sealed record TransferStatsAnswer : SumStatsAnswer
{
    /// <summary>The figures of each of the three tiers.</summary>
    public required IReadOnlyList<TierStatsAnswer> Tiers { get; init; }
}
