using Gongji.Grains.Messages;
using Gongji.Ledger;

namespace Gongji.Grains.Tests;

/// <summary>A transfer is decided by its payee's standing at that moment, however often it changes.</summary>
public sealed class StandingTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    private const int Changes = 200;

    [Fact]
    public async Task Transfer_goes_by_what_its_payee_is_now()
    {
        string daughter = await silo.EmployeeAsync(10_000_000);
        string father = await silo.ResidentAsync();
        IInsuredPersonGrain payee = silo.Grains.GetGrain<IInsuredPersonGrain>(father);
        Random random = new(20241202);
        for (int n = 0; n < Changes; n++)
        {
            bool autoAccept = random.Next(2) == 0;
            Assert.False((await payee.OpenWalletAsync(new OpenWallet("410100", autoAccept, null))).IsRefused);

            CreateTransfer order = SiloFixture.Transfer(daughter, father, 100);
            Reply<TransferView> reply = await silo.Grains.GetTransfer(order.Id).CreateAsync(order);

            Assert.True(!reply.IsRefused, $"Change {n}: {reply.Detail}");
            Assert.Equal(autoAccept ? TransferStatus.Settled : TransferStatus.Held, reply.Value.Status);
            if (!autoAccept)
            {
                // Only one transfer may wait for the same recipient.
                Assert.False((await silo.Grains.GetTransfer(order.Id).EndAsync(new EndTransfer(order.Id, daughter, TransferAction.Cancel))).IsRefused);
            }

            if (random.Next(20) == 0)
            {
                await silo.RestartAsync();
                payee = silo.Grains.GetGrain<IInsuredPersonGrain>(father);
            }
        }

        await silo.AssertAuditAsync();
    }

    [Fact]
    public async Task Transfer_is_not_refused_for_an_activation_of_its_payee_that_is_behind()
    {
        string daughter = await silo.EmployeeAsync(100_000);
        string father = await silo.ResidentAsync();
        Assert.False((await silo.Grains.GetGrain<IInsuredPersonGrain>(father).CloseWalletAsync()).IsRefused);
        AccountActivation second = silo.SecondActivation(father, new AskedGrain());
        Assert.NotNull((await second.WriteAsync((state, now) => PersonRules.OpenWallet(state, new WalletTerms(RegionCode.Parse("410100"), false), now))).Entry);

        CreateTransfer order = SiloFixture.Transfer(daughter, father, 100);
        Reply<TransferView> reply = await silo.Grains.GetTransfer(order.Id).CreateAsync(order);

        Assert.False(reply.IsRefused, $"{reply.Code} {reply.Detail}");
    }

    [Fact]
    public async Task Transfer_to_a_wallet_that_was_just_closed_is_refused()
    {
        string daughter = await silo.EmployeeAsync(1_000_000);
        string father = await silo.ResidentAsync(autoAccept: true);
        IInsuredPersonGrain payee = silo.Grains.GetGrain<IInsuredPersonGrain>(father);
        Assert.True((await payee.GetStandingAsync()).Value!.WalletOpen);
        Assert.False((await payee.CloseWalletAsync()).IsRefused);

        CreateTransfer order = SiloFixture.Transfer(daughter, father, 100);
        Reply<TransferView> reply = await silo.Grains.GetTransfer(order.Id).CreateAsync(order);

        Assert.Equal(RefusalCode.WalletNotOpen, reply.Code);
    }
}
