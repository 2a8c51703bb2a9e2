using Gongji.Grains.Messages;
using Gongji.Ledger;

namespace Gongji.Grains.Tests;

/// <summary>A relative's part arrives late, for example from a silo that was frozen, for an abandoned attempt, after a later attempt has made the payment.</summary>
public sealed class LatePartTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    [Fact]
    public async Task Does_not_keep_the_payment_from_being_answered_again()
    {
        (Pay pay, _) = await PaidBesideALatePartAsync();

        Assert.True((await Grain(pay).PayAsync(pay)).IsReplay);
        Assert.Equal(RefusalCode.IdempotencyMismatch, (await Grain(pay).PayAsync(pay with { AmountFen = 502 })).Code);
        Assert.Equal(501, (await Grain(pay).GetAsync(pay.Id)).Value!.AmountFen);
    }

    [Fact]
    public async Task Does_not_keep_the_payment_from_being_shown_and_refunded_while_it_cannot_be_ended()
    {
        (Pay pay, string daughter) = await PaidBesideALatePartAsync();
        await silo.RestartAsync();
        silo.Unreadable[daughter] = true;

        Assert.Equal(501, (await Grain(pay).GetAsync(pay.Id)).Value!.AmountFen);
        RefundPayment refund = new(Guid.CreateVersion7(), pay.Id, 501);
        Assert.False((await silo.Grains.GetPayment(refund.Id).RefundAsync(refund)).IsRefused);

        silo.Unreadable.Clear();
        silo.Clock.MoveTo(silo.Clock.Now + GrainLimits.InterruptedAfter + TimeSpan.FromSeconds(1));
        await silo.SweepAsync();
        PersonView view = await silo.ViewAsync(daughter);
        Assert.Equal((500, 0), (view.PersonalFen, view.HeldFen));
        await silo.AssertAuditAsync();
    }

    private IPaymentGrain Grain(Pay pay) => silo.Grains.GetPayment(pay.Id);

    /// <summary>The first attempt counts on the daughter and is abandoned; the second takes the father's own money; then the daughter's part arrives.</summary>
    private async Task<(Pay Payment, string Daughter)> PaidBesideALatePartAsync()
    {
        string daughter = await silo.EmployeeAsync(500);
        string father = await silo.EmployeeAsync(1);
        await silo.RelateAsync(daughter, father, Kinship.Parent);
        Pay pay = new(Guid.CreateVersion7(), father, "H41010000001", PaymentPurpose.Hospital, father, null, 0, 501, null, AllowCash: false);
        IInsuredPersonGrain payer = silo.Grains.GetGrain<IInsuredPersonGrain>(father);
        OpenPaymentReply opened = await payer.OpenPaymentAsync(new OpenPayment(pay, pay.Id, null, [new OfferView(daughter, "320500", 0, 500)], LegTicket.Durable));
        Assert.Equal(LegStatus.Done, opened.Leg.Status);
        Assert.Equal(LegStatus.Done, (await payer.DecidePaymentAsync(new DecidePayment(pay.Id, null, LegTicket.Durable))).Status);

        Assert.False((await payer.CreditAsync(new CreditPerson(Guid.CreateVersion7(), 500, "2024-12"))).IsRefused);
        Assert.False((await Grain(pay).PayAsync(pay)).IsRefused);

        PaymentTerms terms = (PaymentTerms)EntryDetailCodec.Decode(EntryKind.PaymentOpened, opened.Terms!)!;
        OpenPart late = new(pay.Id, 0, father, BillMessage.Of(terms.Bill), "320500", 500, 0, LegTicket.Durable);
        Assert.Equal(LegStatus.Done, (await silo.Grains.GetGrain<IInsuredPersonGrain>(daughter).OpenPartAsync(late)).Status);
        return (pay, daughter);
    }
}
