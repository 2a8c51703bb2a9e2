using Gongji.Grains.Messages;
using Gongji.Ledger;

namespace Gongji.Grains.Tests;

/// <summary>A refund that arrives while its payment is in flight waits for the payment.</summary>
public sealed class RefundRaceTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    private const int Payments = 100;
    private const int RefundsAtOnce = 8;

    [Fact]
    public async Task Refund_of_a_payment_under_way_does_not_abandon_it()
    {
        string daughter = await silo.EmployeeAsync(1_000_000);
        string father = await silo.ResidentAsync();
        await silo.RelateAsync(daughter, father, Kinship.Parent);

        for (int n = 0; n < Payments; n++)
        {
            Pay pay = new(Guid.CreateVersion7(), father, "H41010000001", PaymentPurpose.Hospital, father, null, 0, 700, null, AllowCash: false);
            Task<Reply<PaymentView>> paying = silo.Grains.GetPayment(pay.Id).PayAsync(pay);
            await Task.WhenAll(Enumerable.Range(0, RefundsAtOnce).Select(_ => RefundUntilAsync(paying, pay.Id)));

            Reply<PaymentView> made = await paying;
            Assert.False(made.IsRefused, $"Payment {n}: {made.Code} {made.Detail}");
            IReadOnlyList<Entry> first = await silo.Store.ReadOperationAsync(pay.Id, CancellationToken.None);
            Assert.True(PaymentState.From(first) is { IsMade: true }, $"Payment {n}: its first attempt was abandoned for a refund.");
        }

        await silo.AssertAuditAsync();
    }

    [Fact]
    public async Task Refund_with_the_id_of_the_payment_that_it_names_is_answered()
    {
        Guid id = Guid.CreateVersion7();

        Reply<RefundView> refund = await silo.Grains.GetPayment(id).RefundAsync(new RefundPayment(id, id, 1));

        Assert.Equal(RefusalCode.NoSuchPayment, refund.Code);
    }

    [Fact]
    public async Task Refunds_that_name_each_other_are_answered()
    {
        for (int n = 0; n < 20; n++)
        {
            (Guid one, Guid two) = (Guid.CreateVersion7(), Guid.CreateVersion7());
            Reply<RefundView>[] refunds = await Task.WhenAll(
                silo.Grains.GetPayment(one).RefundAsync(new RefundPayment(one, two, 1)),
                silo.Grains.GetPayment(two).RefundAsync(new RefundPayment(two, one, 1))).WaitAsync(TimeSpan.FromSeconds(20));

            Assert.All(refunds, refund => Assert.Equal(RefusalCode.NoSuchPayment, refund.Code));
        }
    }

    [Fact]
    public async Task Refund_of_a_contribution_that_is_paid_but_not_yet_kept_waits_for_that()
    {
        string daughter = await silo.EmployeeAsync(1_000_000);
        string father = await silo.ResidentAsync();
        await silo.RelateAsync(daughter, father, Kinship.Child);
        Pay pay = new(Guid.CreateVersion7(), daughter, null, PaymentPurpose.Contribution, father, Scheme.ResidentMedical, 2025, 40_000, null, AllowCash: false);
        await PayUpToTheDecisionAsync(pay);
        await silo.RestartAsync();
        silo.Unreadable[father] = true;

        RefundPayment refund = new(Guid.CreateVersion7(), pay.Id, 40_000);
        Reply<RefundView> early = await silo.Grains.GetPayment(refund.Id).RefundAsync(refund);

        Assert.Equal(RefusalCode.LedgerUnavailable, early.Code);
        silo.Unreadable.Clear();
        Reply<RefundView> refunded = await silo.Grains.GetPayment(refund.Id).RefundAsync(refund);
        Assert.False(refunded.IsRefused, refunded.Detail);
        Assert.True(await silo.Grains.GetPayment(pay.Id).ResumePaymentAsync(pay.Id, pay.Id));
        Assert.Equal(1_000_000, (await silo.ViewAsync(daughter)).PersonalFen);
        await silo.AssertAuditAsync();
    }

    /// <summary>The part of a relative who moves at that moment depends on the prepayment of the region that they leave, like any move.</summary>
    [Fact]
    public async Task Part_of_a_relative_who_has_moved_waits_for_the_prepayment_of_the_region_left()
    {
        string daughter = await silo.EmployeeAsync(1_000_000);
        string father = await silo.ResidentAsync();
        await silo.RelateAsync(daughter, father, Kinship.Parent);
        Pay pay = new(Guid.CreateVersion7(), father, "H41010000001", PaymentPurpose.Hospital, father, null, 0, 700, null, AllowCash: false);
        Assert.False((await silo.Grains.GetPayment(pay.Id).PayAsync(pay)).IsRefused);
        RefundPayment refund = new(Guid.CreateVersion7(), pay.Id, 700);
        LegReply decided = await silo.Grains.GetGrain<IInsuredPersonGrain>(father).RefundAsync(new RefundLeg(refund.Id, pay.Id, 700, [new PersonRegion(daughter, "320500")]));
        Assert.Equal(LegStatus.Done, decided.Status);
        Assert.False((await silo.Grains.GetRelations().RegisterAsync(daughter, new RegisterPerson("410100", Insurance.Employee, InsuranceStatus.Active))).IsRefused);
        await PutCapAsync(0);

        Reply<RefundView> waiting = await silo.Grains.GetPayment(refund.Id).RefundAsync(refund);

        Assert.Equal(RefusalCode.OutcomeUnknown, waiting.Code);
        Assert.Contains("the prepayment of 320500 does not cover it", waiting.Detail, StringComparison.Ordinal);
        Assert.Equal(999_300, (await silo.ViewAsync(daughter)).PersonalFen);
        await PutCapAsync(null);
        Reply<RefundView> refunded = await silo.Grains.GetPayment(refund.Id).RefundAsync(refund);
        Assert.False(refunded.IsRefused, refunded.Detail);
        Assert.Equal(1_000_000, (await silo.ViewAsync(daughter)).PersonalFen);
        await silo.AssertAuditAsync();
    }

    private async Task PutCapAsync(long? fen)
    {
        RegionRules rules = new() { Live = LiveTiers.All, MaxTransfersPerDay = 1_000, NetDebitCapFen = fen };
        Assert.False((await silo.Grains.GetGrain<IPoolingRegionGrain>("320500").PutAsync(new PutRegion("320500", RulesRecord.Of(rules)))).IsRefused);
    }

    /// <summary>Runs a contribution for somebody else until its coordinator dies, after the payer's account has decided.</summary>
    private async Task PayUpToTheDecisionAsync(Pay pay)
    {
        IInsuredPersonGrain payer = silo.Grains.GetGrain<IInsuredPersonGrain>(pay.Payer);
        OpenPaymentReply opened = await payer.OpenPaymentAsync(new OpenPayment(pay, pay.Id, "410100", null, LegTicket.Durable));
        Assert.Equal(LegStatus.Done, opened.Leg.Status);
        PaymentTerms terms = (PaymentTerms)EntryDetailCodec.Decode(EntryKind.PaymentOpened, opened.Terms!)!;
        OpenPart claim = new(pay.Id, 0, pay.Payer, BillMessage.Of(terms.Bill), null, 0, 0, LegTicket.Durable);
        Assert.Equal(LegStatus.Done, (await silo.Grains.GetGrain<IInsuredPersonGrain>(pay.Beneficiary).OpenPartAsync(claim)).Status);
        Assert.Equal(LegStatus.Done, (await payer.DecidePaymentAsync(new DecidePayment(pay.Id, opened.Terms, LegTicket.Durable))).Status);
    }

    /// <summary>Requests a refund of one fen repeatedly until the payment is answered.</summary>
    private async Task RefundUntilAsync(Task paying, Guid payment)
    {
        do
        {
            RefundPayment refund = new(Guid.CreateVersion7(), payment, 1);
            Reply<RefundView> reply = await silo.Grains.GetPayment(refund.Id).RefundAsync(refund);
            Assert.True(!reply.IsRefused || reply.Code == RefusalCode.NoSuchPayment, $"{reply.Code} {reply.Detail}");
        }
        while (!paying.IsCompleted);
    }
}
