using Gongji.Grains.Messages;
using Gongji.Ledger;
using Orleans;
using Orleans.Core.Internal;

namespace Gongji.Grains.Tests;

/// <summary>
/// Persons' grains that leave memory while they are being called. Orleans forwards a waiting message to the next activation, but only twice; when that one leaves
/// too, the message is rejected. It never ran, so its caller must not be told that it may have happened.
/// </summary>
public sealed class LeavingPersonTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    private const int Rounds = 40;
    private const int CallsPerRound = 20;

    [Fact]
    public async Task Credits_and_transfers_are_answered_while_the_grains_leave()
    {
        string giver = await silo.EmployeeAsync(1);
        string recipient = await silo.ResidentAsync(autoAccept: true);

        // This instance knows no local persons, so each call is a message.
        LocalPersons persons = new(silo.Grains);
        for (int round = 0; round < Rounds; round++)
        {
            Task<Reply<CreditView>>[] credits =
            [
                .. Enumerable.Range(0, CallsPerRound).Select(_ => persons.CallAsync(
                    giver, new CreditPerson(Guid.CreateVersion7(), 1_000, "2024-12"), static (giver, credit) => giver.CreditAsync(credit))),
            ];
            Task leaving = LeaveAsync(giver, recipient);
            Assert.All(await Task.WhenAll(credits), credit => Assert.False(credit.IsRefused, credit.Detail));
            Task<Reply<TransferView>>[] transfers =
            [
                .. Enumerable.Range(0, CallsPerRound).Select(_ => SiloFixture.Transfer(giver, recipient, 1_000)).Select(transfer => silo.Grains.GetTransfer(transfer.Id).CreateAsync(transfer)),
            ];
            await LeaveAsync(giver, recipient);
            await leaving;
            Assert.All(await Task.WhenAll(transfers), transfer => Assert.Equal((TransferStatus.Settled, null), (transfer.Value?.Status, transfer.Detail)));
        }

        Assert.Equal((1, Rounds * CallsPerRound * 1_000), ((await silo.ViewAsync(giver)).PersonalFen, (await silo.ViewAsync(recipient)).WalletFen));
        await silo.AssertAuditAsync();
    }

    private async Task LeaveAsync(params string[] persons)
    {
        for (int time = 0; time < 3; time++)
        {
            foreach (string person in persons)
            {
                // This call may be rejected too.
                await CallFailures.DeliverAsync(async () =>
                {
                    await silo.Grains.GetGrain<IInsuredPersonGrain>(person).AsReference<IGrainManagementExtension>().DeactivateOnIdle();
                    return true;
                });
            }
        }
    }
}
