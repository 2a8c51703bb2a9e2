using Gongji.Api.Contracts;
using Gongji.Api.Signing;

namespace Gongji.Api.Endpoints;

/// <summary>
/// Removes from the clearing's answers what does not concern the caller. A caller who has either side of a pair sees the pair, so both sides see the same figure.
/// </summary>
internal static class ClearingScope
{
    public static ClearingDayAnswer Of(HttpContext http, ClearingDayAnswer day) => CallerScope.Of(http) is { Provinces.IsNation: false } scope
        ? day with
        {
            Pairs = [.. day.Pairs.Where(pair => scope.SeesPair(pair.From, pair.To))],
            National = Of(scope, day.National),
            Provincial = Of(scope, day.Provincial),
            Settlements = [.. day.Settlements.Where(settlement => scope.SeesPair(settlement.From, settlement.To))],
            Outstanding = [.. day.Outstanding.Where(left => scope.SeesPair(left.From, left.To))],
        }
        : day;

    /// <summary>Every caller may see which provinces take part and which have signed.</summary>
    public static StatementAnswer Of(HttpContext http, StatementAnswer month) => CallerScope.Of(http) is { Provinces.IsNation: false } scope
        ? month with
        {
            National = Of(scope, month.National),
            Notices = [.. month.Notices.Where(notice => scope.SeesPair(notice.Province, notice.Counterparty))],
        }
        : month;

    public static PrepaymentsAnswer Of(HttpContext http, PrepaymentsAnswer proposed) => CallerScope.Of(http) is { Provinces.IsNation: false } scope
        ? proposed with { Regions = [.. proposed.Regions.Where(region => scope.Provinces.HasCode(region.Region))] }
        : proposed;

    private static ClearingLevelAnswer[] Of(CallerScope scope, IEnumerable<ClearingLevelAnswer> figures) =>
        [.. figures.Where(figure => scope.SeesPair(figure.From, figure.To))];
}
