namespace Gongji.Ledger;

/// <summary>
/// What a pooling region allows. The defaults are the public rules for wallet transfers (user guides, 2025). A region goes live
/// only when an operator says so.
/// </summary>
public sealed record RegionRules
{
    /// <summary>The rules of a region that nobody has set yet: nothing is live.</summary>
    public static RegionRules Default { get; } = new();

    /// <summary>The tiers that this region takes part in. For a transfer, both regions must be live for its tier.</summary>
    public LiveTiers Live { get; init; } = LiveTiers.None;

    /// <summary>The kinships allowed. Both regions must allow the one that a transfer states.</summary>
    public Kinships Kinships { get; init; } = Kinships.Near;

    /// <summary>The largest single transfer, in fen (2,000 yuan).</summary>
    public long MaxTransferFen { get; init; } = 200_000;

    /// <summary>Transfers per wallet and business day.</summary>
    public int MaxTransfersPerDay { get; init; } = 3;

    /// <summary>When transfers stop for the night (22:00). Equal to <see cref="ClosedUntil"/>: never closed.</summary>
    public TimeOnly ClosedFrom { get; init; } = new(22, 0);

    /// <summary>When transfers start again (06:00).</summary>
    public TimeOnly ClosedUntil { get; init; } = new(6, 0);

    /// <summary>The most this region may owe other regions net, in fen; null for no cap. (Prepayment, 预付金.)</summary>
    public long? NetDebitCapFen { get; init; }

    public bool IsLive(Tier tier) => ((int)Live & (1 << (int)tier)) != 0;

    /// <summary>Whether transfers are closed at a time of day; the closed hours may span midnight.</summary>
    public static bool IsClosed(TimeOnly at, TimeOnly closedFrom, TimeOnly closedUntil) =>
        closedFrom <= closedUntil ? at >= closedFrom && at < closedUntil : at >= closedFrom || at < closedUntil;
}
