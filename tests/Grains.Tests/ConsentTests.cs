using Gongji.Grains.Messages;
using Gongji.Ledger;

namespace Gongji.Grains.Tests;

/// <summary>A consent is decided under the rules in force at that moment, whatever they were when the relation was proposed.</summary>
public sealed class ConsentTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    private static readonly RegionRules Live = new() { Live = LiveTiers.All };

    public static TheoryData<string, RegionRules, RefusalCode> Changes => new()
    {
        { "330300", Live with { Kinships = Kinships.Spouse }, RefusalCode.KinshipNotAllowed },
        { "330400", Live with { Live = LiveTiers.SameRegion }, RefusalCode.RegionNotLive },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Consent_is_refused_when_the_regions_do_not_allow_the_relation_any_more(string region, RegionRules later, RefusalCode code)
    {
        await SetAsync(region, Live);
        string daughter = await silo.EmployeeAsync(1_000_000);
        string father = await silo.ResidentAsync();
        Assert.False((await silo.Grains.GetRelations().RegisterAsync(father, new RegisterPerson(region, Insurance.Resident, InsuranceStatus.Active))).IsRefused);
        Assert.False((await silo.Grains.GetRelations().PutAsync(daughter, new PutRelation(father, Kinship.Parent, 1_000))).IsRefused);
        await SetAsync(region, later);

        Assert.Equal(code, (await silo.Grains.GetRelations().ConsentAsync(daughter, father)).Code);
        Pay pay = new(Guid.CreateVersion7(), father, "H41010000001", PaymentPurpose.Hospital, father, null, 0, 700, null, AllowCash: false);
        Assert.Equal(RefusalCode.InsufficientFunds, (await silo.Grains.GetPayment(pay.Id).PayAsync(pay)).Code);

        // Once allowed again, the relation is consented to; and it stays when the rules would no longer allow it.
        await SetAsync(region, Live);
        Reply<RelationView> consented = await silo.Grains.GetRelations().ConsentAsync(daughter, father);
        Assert.Equal(RelationStatus.Consented, consented.Value?.Status);
        await SetAsync(region, later);
        Assert.Equal(consented.Value, (await silo.Grains.GetRelations().ConsentAsync(daughter, father)).Value);
    }

    private async Task SetAsync(string region, RegionRules rules) =>
        Assert.False((await silo.Grains.GetGrain<IPoolingRegionGrain>(region).PutAsync(new PutRegion(region, RulesRecord.Of(rules)))).IsRefused);
}
