using Gongji.Grains.Messages;
using Gongji.Ledger;

namespace Gongji.Grains.Tests;

/// <summary>
/// Commands whose id is the name of a place in an account's history. Such names can be computed and are shown. The server now refuses them as ids. Those already in a ledger must
/// continue like any other command, and must not block anybody's history.
/// </summary>
public sealed class PlaceNamesTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    [Fact]
    public async Task Transfer_is_found_and_can_be_ended()
    {
        CreateTransfer transfer = await HeldAsync();

        Assert.True((await Transfers(transfer).CreateAsync(transfer)).IsReplay);
        Assert.Equal(TransferStatus.Held, (await Transfers(transfer).GetAsync(transfer.Id)).Value!.Status);
        Reply<TransferView> ended = await Transfers(transfer).EndAsync(new EndTransfer(transfer.Id, transfer.Payer, TransferAction.Cancel));

        Assert.Equal(TransferStatus.Cancelled, ended.Value!.Status);
        Assert.Equal((100_000, 0), await BalancesAsync(transfer.Payer));
        await silo.AssertAuditAsync();
    }

    [Fact]
    public async Task Transfer_goes_back_at_six()
    {
        CreateTransfer transfer = await HeldAsync();

        silo.Clock.MoveTo(BusinessTime.NextReturnAfter(silo.Clock.Now));
        await silo.SweepAsync();

        Assert.Equal((100_000, 0), await BalancesAsync(transfer.Payer));
        await silo.AssertAuditAsync();
    }

    [Fact]
    public async Task Credit_is_answered_again()
    {
        string person = await silo.EmployeeAsync(100);
        CreditPerson credit = new(await PlaceOfAsync(person), 7, "2024-12");
        IInsuredPersonGrain grain = silo.Grains.GetGrain<IInsuredPersonGrain>(person);

        Assert.False((await grain.CreditAsync(credit)).IsReplay);
        Assert.True((await grain.CreditAsync(credit)).IsReplay);
        Assert.Equal((107, 0), await BalancesAsync(person));
    }

    [Fact]
    public async Task Payment_is_found_and_refunded()
    {
        string person = await silo.EmployeeAsync(1_000);
        Pay pay = new(await PlaceOfAsync(person), person, "H32050000001", PaymentPurpose.Hospital, person, null, 0, 700, null, AllowCash: false);
        IPaymentGrain grain = silo.Grains.GetPayment(pay.Id);

        Assert.False((await grain.PayAsync(pay)).IsRefused);
        Assert.True((await grain.PayAsync(pay)).IsReplay);
        Assert.False((await grain.RefundAsync(new RefundPayment(Guid.CreateVersion7(), pay.Id, 700))).IsRefused);
        Assert.Equal((1_000, 0), await BalancesAsync(person));
    }

    [Fact]
    public async Task Name_alone_is_no_command()
    {
        string person = await silo.EmployeeAsync(100);
        Guid place = await PlaceOfAsync(person);

        Assert.Equal(RefusalCode.NoSuchTransfer, (await silo.Grains.GetTransfer(place).GetAsync(place)).Code);
        Assert.Equal(RefusalCode.NoSuchPayment, (await silo.Grains.GetPayment(place).GetAsync(place)).Code);
    }

    /// <summary>A stranger uses the name of the place at which a person will leave a region, so that the person's relatives would never hear of it.</summary>
    [Fact]
    public async Task Relatives_hear_of_a_move_whose_place_has_a_strangers_credit()
    {
        string daughter = await silo.EmployeeAsync(100_000);
        string father = await silo.EmployeeAsync(1);
        Assert.False((await silo.Grains.GetRelations().PutAsync(daughter, new PutRelation(father, Kinship.Parent, 50_000))).IsRefused);
        Assert.False((await silo.Grains.GetRelations().ConsentAsync(daughter, father)).IsRefused);
        long version = (await silo.ViewAsync(father)).Version;
        string stranger = await silo.EmployeeAsync(1);
        Reply<CreditView> taken = await silo.Grains.GetGrain<IInsuredPersonGrain>(stranger).CreditAsync(new CreditPerson(PersonRules.PlaceId(father, version + 1), 1, "2024-12"));
        Assert.False(taken.IsRefused);

        Reply<PersonView> moved = await silo.Grains.GetRelations().RegisterAsync(father, new RegisterPerson("410100", Insurance.Employee, InsuranceStatus.Active));
        Assert.False(moved.IsRefused, moved.Detail);
        silo.Clock.MoveTo(silo.Clock.Now + GrainLimits.InterruptedAfter + TimeSpan.FromSeconds(1));
        await silo.SweepAsync();

        Assert.Equal(0, (await silo.ViewAsync(daughter)).QuotaFen);
        await silo.AssertAuditAsync();
    }

    private ITransferGrain Transfers(CreateTransfer transfer) => silo.Grains.GetTransfer(transfer.Id);

    /// <summary>A held transfer whose id is the name of its giver's first entry.</summary>
    private async Task<CreateTransfer> HeldAsync()
    {
        string payer = await silo.EmployeeAsync(100_000);
        CreateTransfer transfer = SiloFixture.Transfer(payer, await silo.ResidentAsync()) with { Id = await PlaceOfAsync(payer) };
        Assert.Equal(TransferStatus.Held, (await Transfers(transfer).CreateAsync(transfer)).Value!.Status);
        return transfer;
    }

    private async Task<Guid> PlaceOfAsync(string person)
    {
        Entry first = (await silo.Store.ReadEntriesAsync(person, 0, 1, CancellationToken.None))[0];
        Assert.Equal(Leg.Place, first.Leg);
        return first.Operation;
    }

    private async Task<(long PersonalFen, long HeldFen)> BalancesAsync(string person)
    {
        PersonView view = await silo.ViewAsync(person);
        return (view.PersonalFen, view.HeldFen);
    }
}
