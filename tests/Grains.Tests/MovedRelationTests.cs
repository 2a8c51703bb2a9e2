using Gongji.Grains.Messages;
using Gongji.Ledger;

namespace Gongji.Grains.Tests;

/// <summary>A move ends relations on both sides, and the other person may learn of it late.</summary>
public sealed class MovedRelationTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    /// <summary>A giver's move is interrupted before everybody has heard of it; the two relate again; then the move is completed.</summary>
    [Fact]
    public async Task Relation_that_was_made_after_a_move_outlives_the_end_of_the_move()
    {
        string daughter = await silo.EmployeeAsync(1_000);
        string father = await silo.ResidentAsync();
        await silo.RelateAsync(daughter, father, Kinship.Parent);
        IInsuredPersonGrain giver = silo.Grains.GetGrain<IInsuredPersonGrain>(daughter);
        Assert.False((await giver.RegisterAsync(new RegisterPerson("410100", Insurance.Employee, InsuranceStatus.Active))).IsRefused);
        Guid move = (await giver.GetLeavingAsync())!.Value;

        await silo.RelateAsync(daughter, father, Kinship.Parent);
        Assert.True(await silo.Grains.GetRelations().ResumeAsync(daughter, move));

        Assert.Equal(RelationStatus.Consented, Assert.Single((await silo.Grains.GetRelations().ListAsync(daughter)).Value!.Relations).Status);
        Pay pay = new(Guid.CreateVersion7(), father, "H41010000001", PaymentPurpose.Hospital, father, null, 0, 120, null, AllowCash: false);
        Reply<PaymentView> paid = await silo.Grains.GetPayment(pay.Id).PayAsync(pay);
        Assert.False(paid.IsRefused, $"{paid.Code} {paid.Detail}");
    }
}
