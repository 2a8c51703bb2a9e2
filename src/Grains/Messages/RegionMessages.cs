using Gongji.Ledger;

namespace Gongji.Grains.Messages;

/// <summary>Names a region and sets its rules.</summary>
[GenerateSerializer, Immutable, Alias("gongji.put-region")]
public sealed record PutRegion([property: Id(0)] string Name, [property: Id(1)] RulesRecord Rules);

/// <summary>A region with its rules, fund and clearing position; amounts in fen.</summary>
[GenerateSerializer, Immutable, Alias("gongji.region-view")]
public sealed record RegionView(
    [property: Id(0)] string Region,
    [property: Id(1)] string Name,
    [property: Id(2)] RulesRecord Rules,
    [property: Id(3)] long FundFen,
    [property: Id(4)] long NetFen);

/// <summary>Region rules as grains pass and keep them; see <see cref="RegionRules"/>.</summary>
[GenerateSerializer, Immutable, Alias("gongji.rules")]
public sealed record RulesRecord
{
    [Id(0)]
    public LiveTiers Live { get; init; }

    [Id(1)]
    public Kinships Kinships { get; init; }

    /// <summary>In fen.</summary>
    [Id(2)]
    public long MaxTransferFen { get; init; }

    [Id(3)]
    public int MaxTransfersPerDay { get; init; }

    [Id(4)]
    public TimeOnly ClosedFrom { get; init; }

    [Id(5)]
    public TimeOnly ClosedUntil { get; init; }

    /// <summary>In fen; null for no cap.</summary>
    [Id(6)]
    public long? NetDebitCapFen { get; init; }

    public static RulesRecord Of(RegionRules rules) => new()
    {
        Live = rules.Live,
        Kinships = rules.Kinships,
        MaxTransferFen = rules.MaxTransferFen,
        MaxTransfersPerDay = rules.MaxTransfersPerDay,
        ClosedFrom = rules.ClosedFrom,
        ClosedUntil = rules.ClosedUntil,
        NetDebitCapFen = rules.NetDebitCapFen,
    };

    public RegionRules ToRules() => new()
    {
        Live = Live,
        Kinships = Kinships,
        MaxTransferFen = MaxTransferFen,
        MaxTransfersPerDay = MaxTransfersPerDay,
        ClosedFrom = ClosedFrom,
        ClosedUntil = ClosedUntil,
        NetDebitCapFen = NetDebitCapFen,
    };
}
