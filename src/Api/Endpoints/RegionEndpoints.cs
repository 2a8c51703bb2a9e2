using System.Globalization;
using Gongji.Api.Contracts;
using Gongji.Api.Http;
using Gongji.Api.Signing;
using Gongji.Grains;
using Gongji.Grains.Messages;
using Gongji.Ledger;
using Gongji.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Gongji.Api.Endpoints;

/// <summary>Pooling regions: rules, funds, clearing positions.</summary>
internal static class RegionEndpoints
{
    public static void MapRegions(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder group = routes.MapGroup("/v1/regions").WithTags("Regions");
        group.MapGet("", ListAsync)
            .By(CallRule.Reader)
            .Describe<IReadOnlyList<RegionAnswer>>("listRegions", "Lists all pooling regions, in the order of their codes.")
            .Problems(503);
        group.MapGet("/{region}", GetAsync)
            .By(CallRule.Reader)
            .Describe<RegionAnswer>("getRegion", "Gets a pooling region.")
            .Problems(400, 404, 503);
        group.MapPut("/{region}", PutAsync)
            .By(CallRule.Operator.InRegion("region"))
            .Describe<RegionAnswer>("putRegion", "Names a region and sets its rules. Rules that are absent take their defaults.")
            .Takes<RegionRequest>()
            .Problems(400, 413, 415, 503, 504);
    }

    private static async Task<IResult> ListAsync(HttpContext http, [FromServices] IGrainFactory grains, [FromServices] ILedgerStore store)
    {
        Reply<string[]> codes = await GrainCalls.QueryAsync(async () => Reply.Of(await grains.GetGrain<IRegionDirectoryGrain>(0).ListAsync()));
        if (codes.IsRefused)
        {
            return ProblemAnswer.Refused(codes.Refusal);
        }

        List<RegionView> regions = new(codes.Value.Length);
        foreach (string[] some in codes.Value.Chunk(ApiLimits.RegionsAtOnce))
        {
            http.RequestAborted.ThrowIfCancellationRequested();
            foreach (Reply<RegionView> reply in await Task.WhenAll(some.Select(code => GrainCalls.QueryAsync(() => Grain(grains, code).DescribeAsync()))))
            {
                if (reply.IsRefused)
                {
                    return ProblemAnswer.Refused(reply.Refusal);
                }

                regions.Add(reply.Value);
            }
        }

        Reply<Dictionary<RegionCode, RegionPosition>> positions = await GrainCalls.QueryAsync(async () => Reply.Of(await ReadPositionsAsync(store, http.RequestAborted)));
        return positions.IsRefused
            ? ProblemAnswer.Refused(positions.Refusal)
            : TypedResults.Json<IReadOnlyList<RegionAnswer>>([.. regions.Select(region => Write(With(region, positions.Value)))], ApiJson.Shared.IReadOnlyListRegionAnswer);
    }

    /// <summary>Fund and position of every region with movements, from one read of the ledger's deltas.</summary>
    private static async Task<Dictionary<RegionCode, RegionPosition>> ReadPositionsAsync(ILedgerStore store, CancellationToken cancellationToken)
    {
        Dictionary<RegionCode, RegionPosition> positions = [];
        foreach ((DeltaKey key, DeltaSum sum) in await store.ReadDeltasAsync(null, cancellationToken))
        {
            foreach (RegionCode region in key.From == key.To ? [key.To] : new[] { key.From, key.To })
            {
                positions[region] = positions.GetValueOrDefault(region).Add(region, key, sum.AmountFen);
            }
        }

        return positions;
    }

    private static RegionView With(RegionView region, Dictionary<RegionCode, RegionPosition> positions)
    {
        RegionPosition position = positions.GetValueOrDefault(RegionCode.Parse(region.Region));
        return region with { FundFen = position.FundFen, NetFen = position.NetFen };
    }

    private static async Task<IResult> GetAsync(HttpContext http, string region, [FromServices] IGrainFactory grains)
    {
        FieldChecks checks = new();
        RegionCode code = checks.Region("region", region);
        return checks.Failed(out ProblemAnswer? problem)
            ? problem
            : Answers.Of(http, await FindAsync(grains, code.ToString()), Write, ApiJson.Shared.RegionAnswer);
    }

    private static async Task<IResult> PutAsync(HttpContext http, string region, [FromServices] IGrainFactory grains)
    {
        Parsed<RegionRequest> body = await RequestBody.ReadAsync(http, ApiJson.Shared.RegionRequest);
        if (body.Value is not { } request)
        {
            return body.Problem!;
        }

        FieldChecks checks = new();
        RegionCode code = checks.Region("region", region);
        PutRegion command = new(checks.Name("name", request.Name), RulesRecord.Of(ReadRules(checks, request.Rules ?? new RulesRequest())));
        return checks.Failed(out ProblemAnswer? problem)
            ? problem
            : Answers.Of(http, await GrainCalls.CommandAsync(() => Grain(grains, code.ToString()).PutAsync(command)), Write, ApiJson.Shared.RegionAnswer);
    }

    private static RegionRules ReadRules(FieldChecks checks, RulesRequest asked)
    {
        RegionRules defaults = RegionRules.Default;
        return new RegionRules
        {
            Live = asked.Live is { } live ? ReadLive(live) : defaults.Live,
            Kinships = asked.Kinships is { } kinships ? checks.KinshipSet("rules.kinships", kinships) : defaults.Kinships,
            MaxTransferFen = asked.MaxTransferFen is { } most ? checks.Amount("rules.maxTransferFen", most) : defaults.MaxTransferFen,
            MaxTransfersPerDay = asked.MaxTransfersPerDay is { } count
                ? (int)checks.Within("rules.maxTransfersPerDay", count, 0, Limits.TransfersPerDayMax, "transfers a day")
                : defaults.MaxTransfersPerDay,
            ClosedFrom = asked.ClosedFrom is { } from ? checks.TimeOfDay("rules.closedFrom", from) : defaults.ClosedFrom,
            ClosedUntil = asked.ClosedUntil is { } until ? checks.TimeOfDay("rules.closedUntil", until) : defaults.ClosedUntil,
            NetDebitCapFen = asked.NetDebitCapFen is { } cap ? checks.Within("rules.netDebitCapFen", cap, 0, Limits.BalanceFenMax, "fen") : defaults.NetDebitCapFen,
        };
    }

    private static LiveTiers ReadLive(LiveRequest live) =>
        (live.SameRegion == true ? LiveTiers.SameRegion : LiveTiers.None)
        | (live.InProvince == true ? LiveTiers.InProvince : LiveTiers.None)
        | (live.CrossProvince == true ? LiveTiers.CrossProvince : LiveTiers.None);

    private static RegionAnswer Write(RegionView view)
    {
        RegionCode code = RegionCode.Parse(view.Region);
        RegionRules rules = view.Rules.ToRules();
        int usedPercent = new RegionPosition(view.FundFen, view.NetFen).UsedPercent(rules.NetDebitCapFen);
        return new RegionAnswer
        {
            Region = view.Region,
            Name = view.Name,
            Province = code.Province.ToString("D2", CultureInfo.InvariantCulture),
            Rules = Write(rules),
            FundFen = view.FundFen,
            Clearing = new ClearingAnswer
            {
                NetFen = view.NetFen,
                CapFen = rules.NetDebitCapFen,
                UsedPercent = usedPercent,
                Alert = RegionPosition.Alert(usedPercent),
            },
        };
    }

    private static RulesAnswer Write(RegionRules rules) => new()
    {
        Live = new LiveAnswer
        {
            SameRegion = rules.IsLive(Tier.SameRegion),
            InProvince = rules.IsLive(Tier.InProvince),
            CrossProvince = rules.IsLive(Tier.CrossProvince),
        },
        Kinships = [.. rules.Kinships.Members().Select(KinshipNames.ToText)],
        MaxTransferFen = rules.MaxTransferFen,
        MaxTransfersPerDay = rules.MaxTransfersPerDay,
        ClosedFrom = rules.ClosedFrom.ToString("HH:mm", CultureInfo.InvariantCulture),
        ClosedUntil = rules.ClosedUntil.ToString("HH:mm", CultureInfo.InvariantCulture),
        NetDebitCapFen = rules.NetDebitCapFen,
    };

    /// <summary>Finds a region as it is now, or the refusal when there is none.</summary>
    internal static Task<Reply<RegionView>> FindAsync(IGrainFactory grains, string code) => GrainCalls.QueryAsync(() => Grain(grains, code).GetAsync());

    /// <summary>The problem when there is no such region; null when there is.</summary>
    internal static async Task<ProblemAnswer?> FindMissingAsync(IGrainFactory grains, RegionCode region)
    {
        Reply<RulesRecord> reply = await GrainCalls.QueryAsync(() => Grain(grains, region.ToString()).GetRulesAsync());
        return reply.IsRefused ? ProblemAnswer.Refused(reply.Refusal) : null;
    }

    private static IPoolingRegionGrain Grain(IGrainFactory grains, string code) => grains.GetGrain<IPoolingRegionGrain>(code);
}
