using Gongji.Ledger;

namespace Gongji.Grains.Messages;

/// <summary>Confirms that a region has paid another a part of what it owed for a closed day; the amount in fen.</summary>
[GenerateSerializer, Immutable, Alias("gongji.clearing-settle-day")]
public sealed record SettleDay(
    [property: Id(0)] Guid Id, [property: Id(1)] DateOnly Day, [property: Id(2)] string From, [property: Id(3)] string To, [property: Id(4)] long AmountFen)
{
    public SettlementOrder ToOrder() => new(Id, Day, RegionCode.Parse(From), RegionCode.Parse(To), AmountFen);
}

/// <summary>A settlement that is in the ledger; the amount in fen.</summary>
[GenerateSerializer, Immutable, Alias("gongji.clearing-settlement")]
public sealed record SettlementView(
    [property: Id(0)] Guid Id,
    [property: Id(1)] DateOnly Day,
    [property: Id(2)] string From,
    [property: Id(3)] string To,
    [property: Id(4)] long AmountFen,
    [property: Id(5)] DateTimeOffset At);

/// <summary>What the people of one region moved to those of another; the amount in fen.</summary>
[GenerateSerializer, Immutable, Alias("gongji.clearing-pair")]
public sealed record ClearingPairView(
    [property: Id(0)] string From, [property: Id(1)] string To, [property: Id(2)] Tier Tier, [property: Id(3)] long Count, [property: Id(4)] long AmountFen);

/// <summary>What one side owes another: see <see cref="LevelFigure"/>.</summary>
[GenerateSerializer, Immutable, Alias("gongji.clearing-level")]
public sealed record LevelView([property: Id(0)] int From, [property: Id(1)] int To, [property: Id(2)] long GrossFen, [property: Id(3)] long NetFen)
{
    public static LevelView[] Of(IEnumerable<LevelFigure> figures) => [.. figures.Select(figure => new LevelView(figure.From, figure.To, figure.GrossFen, figure.NetFen))];
}

/// <summary>The amount that is still to be paid, in fen.</summary>
[GenerateSerializer, Immutable, Alias("gongji.clearing-outstanding")]
public sealed record OutstandingView([property: Id(0)] string From, [property: Id(1)] string To, [property: Id(2)] long AmountFen);

/// <summary>The clearing of a day.</summary>
[GenerateSerializer, Immutable, Alias("gongji.clearing-day")]
public sealed record ClearingDayView
{
    [Id(0)]
    public required DateOnly Day { get; init; }

    [Id(1)]
    public required bool IsClosed { get; init; }

    /// <summary>How the day is settled. While the day is open: the current setting.</summary>
    [Id(2)]
    public required ClearingBasis Basis { get; init; }

    [Id(3)]
    public required ClearingPairView[] Pairs { get; init; }

    /// <summary>Between provinces, by their two digits.</summary>
    [Id(4)]
    public required LevelView[] National { get; init; }

    /// <summary>Between the regions of each province.</summary>
    [Id(5)]
    public required LevelView[] Provincial { get; init; }

    [Id(6)]
    public required SettlementView[] Settlements { get; init; }

    [Id(7)]
    public required OutstandingView[] Outstanding { get; init; }
}

/// <summary>A signature under a statement.</summary>
[GenerateSerializer, Immutable, Alias("gongji.clearing-signature")]
public sealed record SignatureView([property: Id(0)] int Province, [property: Id(1)] DateTimeOffset At);

/// <summary>A pair of notices: see <see cref="ClearingNotice"/>.</summary>
[GenerateSerializer, Immutable, Alias("gongji.clearing-notice")]
public sealed record NoticeView([property: Id(0)] string Number, [property: Id(1)] int Debtor, [property: Id(2)] int Creditor, [property: Id(3)] long AmountFen);

/// <summary>When a step of a month's procedure is due: see <see cref="ClearingDeadline"/>.</summary>
[GenerateSerializer, Immutable, Alias("gongji.clearing-deadline")]
public sealed record DeadlineView([property: Id(0)] ClearingStep Step, [property: Id(1)] DateOnly By, [property: Id(2)] bool IsDone, [property: Id(3)] bool IsOverdue);

/// <summary>The prepayment that is proposed for a region; amounts in fen.</summary>
/// <param name="Region">The region.</param>
/// <param name="ClearedFen">What it had to pay for the days of those months.</param>
/// <param name="ProposedFen">What it should have lodged.</param>
/// <param name="LodgedFen">What it has lodged; null when it has no cap.</param>
[GenerateSerializer, Immutable, Alias("gongji.clearing-prepayment")]
public sealed record PrepaymentView([property: Id(0)] string Region, [property: Id(1)] long ClearedFen, [property: Id(2)] long ProposedFen, [property: Id(3)] long? LodgedFen);

/// <summary>Proposals of prepayments, and the months that they are based on; none when no month with figures is complete.</summary>
[GenerateSerializer, Immutable, Alias("gongji.clearing-prepayments")]
public sealed record PrepaymentsView(
    [property: Id(0)] string? FirstMonth, [property: Id(1)] string? LastMonth, [property: Id(2)] int Months, [property: Id(3)] PrepaymentView[] Regions);

/// <summary>A month's statement: see <see cref="Statement"/>.</summary>
[GenerateSerializer, Immutable, Alias("gongji.clearing-statement")]
public sealed record StatementView
{
    [Id(0)]
    public required string Month { get; init; }

    [Id(1)]
    public required bool IsComplete { get; init; }

    [Id(2)]
    public required bool IsSigned { get; init; }

    [Id(3)]
    public required ClearingBasis Basis { get; init; }

    [Id(4)]
    public required LevelView[] National { get; init; }

    [Id(5)]
    public required int[] Provinces { get; init; }

    [Id(6)]
    public required SignatureView[] Signatures { get; init; }

    [Id(7)]
    public required NoticeView[] Notices { get; init; }

    /// <summary>What is still to be paid between provinces for the month's closed days, in fen.</summary>
    [Id(8)]
    public long OutstandingFen { get; init; }

    [Id(9)]
    public DeadlineView[] Deadlines { get; init; } = [];

    public static StatementView Of(Statement statement) => new()
    {
        Month = statement.Month,
        IsComplete = statement.IsComplete,
        IsSigned = statement.IsSigned,
        Basis = statement.Basis,
        National = LevelView.Of(statement.National),
        Provinces = [.. statement.Provinces],
        Signatures = [.. statement.Signatures.Select(signature => new SignatureView(signature.Province, signature.At))],
        Notices = [.. statement.Notices.Select(notice => new NoticeView(notice.Number, notice.Debtor, notice.Creditor, notice.AmountFen))],
    };
}

/// <summary>Raises a region's prepayment; the amount in fen.</summary>
[GenerateSerializer, Immutable, Alias("gongji.clearing-top-up")]
public sealed record TopUpRegion([property: Id(0)] Guid Id, [property: Id(1)] string Region, [property: Id(2)] long AmountFen);

/// <summary>A top-up that is in force; the amount in fen.</summary>
[GenerateSerializer, Immutable, Alias("gongji.clearing-top-up-view")]
public sealed record TopUpView([property: Id(0)] Guid Id, [property: Id(1)] string Region, [property: Id(2)] long AmountFen, [property: Id(3)] DateTimeOffset At);

/// <summary>The count and the amount, in fen, in one tier.</summary>
[GenerateSerializer, Immutable, Alias("gongji.statistics-tier")]
public sealed record TierSumView([property: Id(0)] Tier Tier, [property: Id(1)] long Count, [property: Id(2)] long AmountFen);

/// <summary>The statistics of some days: see <see cref="Statistics"/>; amounts in fen.</summary>
[GenerateSerializer, Immutable, Alias("gongji.statistics-view")]
public sealed record StatisticsView
{
    /// <summary>All three tiers, always.</summary>
    [Id(0)]
    public required TierSumView[] Aid { get; init; }

    /// <summary>All three tiers, always.</summary>
    [Id(1)]
    public required TierSumView[] Transfers { get; init; }

    [Id(2)]
    public required long WalletsOpened { get; init; }

    [Id(3)]
    public required long Payments { get; init; }

    [Id(4)]
    public required long PaymentsFen { get; init; }

    [Id(5)]
    public required long Contributions { get; init; }

    [Id(6)]
    public required long ContributionsFen { get; init; }
}
