using System.Globalization;
using Gongji.Api.Contracts;
using Gongji.Grains.Messages;
using Gongji.Ledger;

namespace Gongji.Api.Endpoints;

/// <summary>Writes the clearing as the API contract defines it.</summary>
internal static class ClearingAnswers
{
    /// <summary>A day in the contract's format.</summary>
    public static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static ClearingDayAnswer Write(ClearingDayView view) => new()
    {
        Day = Day(view.Day),
        Status = view.IsClosed ? "closed" : "open",
        Basis = ClearingBases.ToText(view.Basis),
        Pairs =
        [
            .. view.Pairs.Select(pair => new ClearingPairAnswer
            {
                From = pair.From,
                To = pair.To,
                Tier = Tiers.ToText(pair.Tier),
                Count = pair.Count,
                AmountFen = pair.AmountFen,
            }),
        ],
        National = Write(view.National, Province),
        Provincial = Write(view.Provincial, code => RegionCode.FromValue(code).ToString()),
        Settlements = [.. view.Settlements.Select(Write)],
        Outstanding = [.. view.Outstanding.Select(left => new OutstandingAnswer { From = left.From, To = left.To, AmountFen = left.AmountFen })],
    };

    public static SettlementAnswer Write(SettlementView view) => new()
    {
        Id = view.Id,
        Day = Day(view.Day),
        From = view.From,
        To = view.To,
        AmountFen = view.AmountFen,
        At = BusinessTime.ToLocal(view.At),
    };

    public static StatementAnswer Write(StatementView view) => new()
    {
        Month = view.Month,
        Status = view.IsSigned ? "signed" : view.IsComplete ? "complete" : "open",
        Basis = ClearingBases.ToText(view.Basis),
        National = Write(view.National, Province),
        Provinces = [.. view.Provinces.Select(Province)],
        Signatures = [.. view.Signatures.Select(signature => new SignatureAnswer { Province = Province(signature.Province), At = BusinessTime.ToLocal(signature.At) })],
        Notices = [.. view.Notices.SelectMany(notice => new[] { Write(notice, "payable"), Write(notice, "receivable") })],
        OutstandingFen = view.OutstandingFen,
        Deadlines =
        [
            .. view.Deadlines.Select(due => new DeadlineAnswer
            {
                Step = ClearingSteps.ToText(due.Step),
                By = Day(due.By),
                Status = due.IsDone ? "done" : due.IsOverdue ? "overdue" : "due",
            }),
        ],
    };

    public static PrepaymentsAnswer Write(PrepaymentsView view) => new()
    {
        FirstMonth = view.FirstMonth,
        LastMonth = view.LastMonth,
        Months = view.Months,
        Regions =
        [
            .. view.Regions.Select(region => new PrepaymentAnswer
            {
                Region = region.Region,
                ClearedFen = region.ClearedFen,
                ProposedFen = region.ProposedFen,
                LodgedFen = region.LodgedFen,
            }),
        ],
    };

    public static TopUpAnswer Write(TopUpView view) => new() { Id = view.Id, Region = view.Region, AmountFen = view.AmountFen, At = BusinessTime.ToLocal(view.At) };

    private static NoticeAnswer Write(NoticeView notice, string kind)
    {
        (int province, int counterparty) = kind == "payable" ? (notice.Debtor, notice.Creditor) : (notice.Creditor, notice.Debtor);
        return new NoticeAnswer
        {
            Number = notice.Number,
            Kind = kind,
            Province = Province(province),
            Counterparty = Province(counterparty),
            AmountFen = notice.AmountFen,
        };
    }

    private static ClearingLevelAnswer[] Write(LevelView[] figures, Func<int, string> side) =>
    [
        .. figures.Select(figure => new ClearingLevelAnswer
        {
            From = side(figure.From),
            To = side(figure.To),
            GrossFen = figure.GrossFen,
            NetFen = figure.NetFen,
        }),
    ];

    private static string Province(int province) => province.ToString("D2", CultureInfo.InvariantCulture);
}
