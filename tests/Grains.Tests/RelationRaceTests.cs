using Gongji.Grains.Messages;
using Gongji.Ledger;

namespace Gongji.Grains.Tests;

/// <summary>A relation that two persons make while the end of an earlier one is still being told stays, on both sides.</summary>
public sealed class RelationRaceTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    /// <summary>How many calls of a command come before the one that is kept back, up to the most that one of these commands makes.</summary>
    public static TheoryData<int> Calls => [0, 1, 2, 3, 4, 5];

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Relation_made_while_an_earlier_one_is_dissolved_is_known_on_both_sides(int before)
    {
        (string daughter, string father) = await RelativesAsync();

        await MeanwhileAsync(before, relations => relations.DissolveAsync(daughter, father), () => silo.RelateAsync(daughter, father, Kinship.Parent));

        // A dissolution that comes after the new relation ends that one.
        if ((await silo.Grains.GetGrain<IInsuredPersonGrain>(daughter).GetRelationAsync(father)).Value!.Status != RelationStatus.Dissolved)
        {
            await AssertRelatedAsync(daughter, father);
        }
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Relation_made_while_the_consent_to_a_dissolved_one_is_refused_stays(int before)
    {
        (string daughter, string father) = await RelativesAsync();
        Assert.False((await silo.Grains.GetGrain<IInsuredPersonGrain>(daughter).DropRelationAsync(father, null)).IsRefused);

        await MeanwhileAsync(before, relations => relations.ConsentAsync(daughter, father), () => silo.RelateAsync(daughter, father, Kinship.Parent));

        await AssertRelatedAsync(daughter, father);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public Task Relation_made_after_the_move_of_its_giver_outlives_a_slow_end_of_the_move(int before) => MoveAsync(before, isGiver: true);

    [Theory]
    [MemberData(nameof(Calls))]
    public Task Relation_made_after_the_move_of_its_recipient_outlives_a_slow_end_of_the_move(int before) => MoveAsync(before, isGiver: false);

    /// <summary>A second move names everybody whom the first has not reached, so when it has ended there is nobody left to be told of the first.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Relation_made_after_two_moves_outlives_a_late_end_of_the_first(bool isGiver)
    {
        (string daughter, string father) = await RelativesAsync();
        string person = isGiver ? daughter : father;
        IInsuredPersonGrain mover = silo.Grains.GetGrain<IInsuredPersonGrain>(person);
        Insurance insurance = isGiver ? Insurance.Employee : Insurance.Resident;
        Assert.False((await mover.RegisterAsync(new RegisterPerson(isGiver ? "410100" : "320500", insurance, InsuranceStatus.Active))).IsRefused);
        Guid first = (await mover.GetLeavingAsync())!.Value;
        Assert.False((await silo.Grains.GetRelations().RegisterAsync(person, new RegisterPerson(isGiver ? "320500" : "410100", insurance, InsuranceStatus.Active))).IsRefused);
        Assert.Null(await mover.GetLeavingAsync());
        await silo.RelateAsync(daughter, father, Kinship.Parent);

        Assert.True(await silo.Grains.GetRelations().ResumeAsync(person, first));

        await AssertRelatedAsync(daughter, father);
        Assert.Contains(await silo.Store.ReadOperationAsync(first, CancellationToken.None), entry => entry.Kind == EntryKind.RelationsEnded);
        await silo.AssertAuditAsync();
    }

    private async Task MoveAsync(int before, bool isGiver)
    {
        (string daughter, string father) = await RelativesAsync();
        IInsuredPersonGrain mover = silo.Grains.GetGrain<IInsuredPersonGrain>(isGiver ? daughter : father);
        RegisterPerson move = isGiver
            ? new RegisterPerson("410100", Insurance.Employee, InsuranceStatus.Active)
            : new RegisterPerson("320500", Insurance.Resident, InsuranceStatus.Active);
        Assert.False((await mover.RegisterAsync(move)).IsRefused);
        Guid operation = (await mover.GetLeavingAsync())!.Value;

        await MeanwhileAsync(before, relations => relations.ResumeAsync(isGiver ? daughter : father, operation), () => silo.RelateAsync(daughter, father, Kinship.Parent));

        await AssertRelatedAsync(daughter, father);
    }

    /// <summary>Runs a command, keeps one of its calls back, and does something else meanwhile.</summary>
    private async Task MeanwhileAsync(int before, Func<IRelationGrain, Task> command, Func<Task> meanwhile)
    {
        Task reached = silo.Calls.Hold(before);
        Task running = command(silo.Grains.GetRelations());
        if (await Task.WhenAny(reached, running) == running)
        {
            silo.Calls.Release();
        }

        await meanwhile();
        silo.Calls.Release();
        await running;
    }

    private async Task<(string Daughter, string Father)> RelativesAsync()
    {
        string daughter = await silo.EmployeeAsync(1_000);
        string father = await silo.ResidentAsync();
        await silo.RelateAsync(daughter, father, Kinship.Parent);
        return (daughter, father);
    }

    private async Task AssertRelatedAsync(string daughter, string father)
    {
        Assert.Equal(RelationStatus.Consented, (await silo.Grains.GetGrain<IInsuredPersonGrain>(daughter).GetRelationAsync(father)).Value!.Status);
        Assert.Equal(RelationStatus.Consented, Assert.Single((await silo.Grains.GetRelations().ListAsync(father)).Value!.Relations).Status);
        Pay pay = new(Guid.CreateVersion7(), father, "H41010000001", PaymentPurpose.Hospital, father, null, 0, 120, null, AllowCash: false);
        Reply<PaymentView> paid = await silo.Grains.GetPayment(pay.Id).PayAsync(pay);
        Assert.False(paid.IsRefused, $"{paid.Code} {paid.Detail}");
    }
}
