using Gongji.Grains.Messages;
using Gongji.Ledger;

namespace Gongji.Grains.Tests;

/// <summary>What relatives seem to have may be ahead of the disk, or behind another activation. A payment tries it, but is neither refused nor left to cash because of it.</summary>
public sealed class OfferTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    private const int Rounds = 300;

    /// <summary>A relative's repeated transfer is on its way for a moment, and then moves nothing.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Entry_that_is_never_written_makes_no_difference(bool allowCash)
    {
        (int refused, long cashFen) = (0, 0);
        string daughter = await silo.EmployeeAsync(1_000);
        string father = await silo.ResidentAsync();
        await silo.RelateAsync(daughter, father, Kinship.Parent);
        CreateTransfer old = SiloFixture.Transfer(daughter, await silo.ResidentAsync(autoAccept: true), 900);
        Assert.False((await silo.Grains.GetTransfer(old.Id).CreateAsync(old)).IsRefused);
        Assert.False((await silo.Grains.GetGrain<IInsuredPersonGrain>(daughter).CreditAsync(new CreditPerson(Guid.CreateVersion7(), 900, "2024-12"))).IsRefused);

        // From here on the daughter durably has 1,000 fen whenever a payment is asked for.
        for (int round = 0; round < Rounds; round++)
        {
            Task<Reply<TransferView>> repeat = silo.Grains.GetTransfer(old.Id).CreateAsync(old);
            Pay pay = Hospital(father, 120, allowCash);
            Reply<PaymentView> paid = await silo.Grains.GetPayment(pay.Id).PayAsync(pay);
            Assert.True((await repeat).IsReplay);
            refused += paid.IsRefused ? 1 : 0;
            if (paid.Value is { } view)
            {
                cashFen += view.CashFen;
                RefundPayment back = new(Guid.CreateVersion7(), pay.Id, 120 - view.CashFen);
                Assert.False((await silo.Grains.GetPayment(back.Id).RefundAsync(back)).IsRefused);
            }
        }

        Assert.Equal((0, 0), (refused, cashFen));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Activation_that_is_behind_makes_no_difference(bool allowCash)
    {
        string daughter = await silo.EmployeeAsync(10);
        string father = await silo.ResidentAsync();
        await silo.RelateAsync(daughter, father, Kinship.Parent);
        AccountActivation second = silo.SecondActivation(daughter, new AskedGrain());
        CreditOrder order = new(Guid.CreateVersion7(), 1_000, "2024-12");
        Assert.NotNull((await second.WriteAsync((state, now) => PersonRules.Credit(state, order, now))).Entry);

        Pay pay = Hospital(father, 500, allowCash);
        Reply<PaymentView> paid = await silo.Grains.GetPayment(pay.Id).PayAsync(pay);

        Assert.False(paid.IsRefused, $"{paid.Code} {paid.Detail}");
        Assert.Equal(0, paid.Value!.CashFen);
    }

    private static Pay Hospital(string person, long fen, bool allowCash) =>
        new(Guid.CreateVersion7(), person, "H41010000001", PaymentPurpose.Hospital, person, null, 0, fen, null, allowCash);
}
