using Gongji.Grains.Messages;
using Gongji.Ledger;

namespace Gongji.Grains.Tests;

/// <summary>A payment whose first attempt was abandoned has an operation with its own id, which callers cannot ask for.</summary>
public sealed class PaymentAttemptTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    [Fact]
    public async Task Refund_of_the_id_of_an_attempt_is_no_such_payment_and_moves_nothing()
    {
        (Pay pay, Guid attempt) = await PayAtTheSecondAttemptAsync();
        PersonView before = await silo.ViewAsync(pay.Payer);

        RefundPayment refund = new(Guid.CreateVersion7(), attempt, 100);
        Reply<RefundView> reply = await silo.Grains.GetPayment(refund.Id).RefundAsync(refund);

        Assert.Equal(RefusalCode.NoSuchPayment, reply.Code);
        Assert.Equal(before, await silo.ViewAsync(pay.Payer));
        Assert.Empty(await silo.Store.ReadOperationAsync(refund.Id, CancellationToken.None));
        Assert.False((await silo.Grains.GetPayment(refund.Id).RefundAsync(refund with { Payment = pay.Id })).IsRefused);
        await silo.AssertAuditAsync();
    }

    [Fact]
    public async Task Look_at_the_id_of_an_attempt_is_no_such_payment()
    {
        (Pay pay, Guid attempt) = await PayAtTheSecondAttemptAsync();

        Assert.Equal(RefusalCode.NoSuchPayment, (await silo.Grains.GetPayment(attempt).GetAsync(attempt)).Code);
        Assert.Equal(pay.Id, (await silo.Grains.GetPayment(pay.Id).GetAsync(pay.Id)).Value!.Id);
    }

    [Fact]
    public async Task Look_at_the_id_of_an_attempt_under_way_leaves_it_alone()
    {
        Pay pay = await AbandonFirstAttemptAsync();
        Guid attempt = PersonRules.AttemptId(pay.Id, 1);
        IInsuredPersonGrain payer = silo.Grains.GetGrain<IInsuredPersonGrain>(pay.Payer);
        Assert.Equal(LegStatus.Done, (await payer.OpenPaymentAsync(new OpenPayment(pay, attempt, "410100", null, LegTicket.Durable))).Leg.Status);

        Assert.Equal(RefusalCode.NoSuchPayment, (await silo.Grains.GetPayment(attempt).GetAsync(attempt)).Code);

        Assert.False(PaymentState.From(await silo.Store.ReadOperationAsync(attempt, CancellationToken.None))!.IsDecided);
        Reply<PaymentView> made = await silo.Grains.GetPayment(pay.Id).PayAsync(pay);
        Assert.False(made.IsRefused, made.Detail);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Payment_with_the_id_of_an_attempt_is_a_mismatch(bool isAbandoned)
    {
        Pay pay = await AbandonFirstAttemptAsync();
        Guid attempt = PersonRules.AttemptId(pay.Id, 1);
        if (isAbandoned)
        {
            await AbandonAsync(pay, attempt);
        }

        Assert.False((await silo.Grains.GetPayment(pay.Id).PayAsync(pay)).IsRefused);
        PersonView before = await silo.ViewAsync(pay.Payer);

        Pay other = new(attempt, pay.Payer, "H32050000001", PaymentPurpose.Hospital, pay.Payer, null, 0, 700, null, AllowCash: false);
        Reply<PaymentView> reply = await silo.Grains.GetPayment(other.Id).PayAsync(other);

        Assert.Equal(RefusalCode.IdempotencyMismatch, reply.Code);
        Assert.Equal(before, await silo.ViewAsync(pay.Payer));
        await silo.AssertAuditAsync();
    }

    /// <summary>Pays a contribution whose first attempt was not decided in time.</summary>
    private async Task<(Pay Pay, Guid Attempt)> PayAtTheSecondAttemptAsync()
    {
        Pay pay = await AbandonFirstAttemptAsync();
        Reply<PaymentView> made = await silo.Grains.GetPayment(pay.Id).PayAsync(pay);
        Assert.False(made.IsRefused, made.Detail);
        return (pay, PersonRules.AttemptId(pay.Id, 1));
    }

    private async Task<Pay> AbandonFirstAttemptAsync()
    {
        string daughter = await silo.EmployeeAsync(1_000_000);
        string father = await silo.ResidentAsync();
        await silo.RelateAsync(daughter, father, Kinship.Child);
        Pay pay = new(Guid.CreateVersion7(), daughter, null, PaymentPurpose.Contribution, father, Scheme.ResidentMedical, 2025, 40_000, null, AllowCash: false);
        await AbandonAsync(pay, pay.Id);
        return pay;
    }

    private async Task AbandonAsync(Pay pay, Guid attempt)
    {
        IInsuredPersonGrain payer = silo.Grains.GetGrain<IInsuredPersonGrain>(pay.Payer);
        Assert.Equal(LegStatus.Done, (await payer.OpenPaymentAsync(new OpenPayment(pay, attempt, "410100", null, LegTicket.Durable))).Leg.Status);
        Assert.Equal(LegStatus.Done, (await payer.DecidePaymentAsync(new DecidePayment(attempt, null, LegTicket.Durable))).Status);
    }
}
