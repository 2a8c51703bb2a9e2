using Gongji.Grains.Messages;
using Gongji.Ledger;

namespace Gongji.Grains.Tests;

/// <summary>A repeated credit is on the account until the ledger reports it as a duplicate; in that time nothing final may be decided on it.</summary>
public sealed class RepeatedCreditTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    private const int Payments = 50;

    [Fact]
    public async Task Payment_that_counted_on_a_repeated_credit_asks_relatives_after_all()
    {
        string daughter = await silo.EmployeeAsync(1_000_000);
        string father = await silo.EmployeeAsync(1);
        await silo.RelateAsync(daughter, father, Kinship.Parent);
        CreditPerson credit = new(Guid.CreateVersion7(), 499, "2024-12");
        Assert.False((await silo.Grains.GetGrain<IInsuredPersonGrain>(father).CreditAsync(credit)).IsRefused);
        Assert.False((await PayAsync(father, 500)).IsRefused);

        for (int n = 0; n < Payments; n++)
        {
            Task<Reply<CreditView>> repeated = silo.Grains.GetGrain<IInsuredPersonGrain>(father).CreditAsync(credit);
            Reply<PaymentView> paid = await PayAsync(father, 455);

            Assert.False(paid.IsRefused, $"Payment {n}: {paid.Code} {paid.Detail}");
            Assert.True((await repeated).IsReplay);
        }

        Assert.Equal(1_000_000 - (Payments * 455), (await silo.ViewAsync(daughter)).PersonalFen);
        await silo.AssertAuditAsync();
    }

    private Task<Reply<PaymentView>> PayAsync(string payer, long fen)
    {
        Pay pay = new(Guid.CreateVersion7(), payer, "H41010000001", PaymentPurpose.Hospital, payer, null, 0, fen, null, AllowCash: false);
        return silo.Grains.GetPayment(pay.Id).PayAsync(pay);
    }
}
