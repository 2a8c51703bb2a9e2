using Gongji.Grains.Messages;
using Gongji.Ledger;

namespace Gongji.Grains.Tests;

/// <summary>A contribution that somebody else has paid or is paying is refused before any money is set aside for it.</summary>
public sealed class PaidContributionTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    [Fact]
    public async Task Contribution_of_a_year_that_another_payment_has_paid_leaves_no_trace()
    {
        Pay first = await OrderAsync();
        Assert.False((await PayAsync(first)).IsRefused);
        PersonView before = await silo.ViewAsync(first.Payer);

        Reply<PaymentView> reply = await PayAsync(first with { Id = Guid.CreateVersion7() });

        Assert.Equal(RefusalCode.WrongState, reply.Code);
        Assert.Equal(before, await silo.ViewAsync(first.Payer));
        Assert.True((await PayAsync(first)).IsReplay);
        await silo.AssertAuditAsync();
    }

    [Fact]
    public async Task Contribution_that_another_payment_is_paying_is_refused_without_a_trace_and_paid_when_that_one_is_abandoned()
    {
        Pay first = await OrderAsync();
        OpenPart claim = await ClaimAsync(first, first.Id);
        PersonView before = await silo.ViewAsync(first.Payer);

        Pay second = first with { Id = Guid.CreateVersion7() };
        Assert.Equal(RefusalCode.WrongState, (await PayAsync(second)).Code);
        Assert.Equal(before, await silo.ViewAsync(first.Payer));

        Assert.Equal(LegStatus.Done, (await Person(first.Payer).DecidePaymentAsync(new DecidePayment(first.Id, null, LegTicket.Durable))).Status);
        Assert.Equal(LegStatus.Done, (await Person(first.Beneficiary).EndPartAsync(new EndPart(claim, false, LegTicket.Durable))).Status);
        Reply<PaymentView> made = await PayAsync(second);
        Assert.False(made.IsRefused, made.Detail);
        await silo.AssertAuditAsync();
    }

    [Fact]
    public async Task Contribution_that_its_own_interrupted_attempt_has_claimed_is_paid_by_a_repeat()
    {
        Pay pay = await OrderAsync();
        await ClaimAsync(pay, pay.Id);

        Reply<PaymentView> made = await PayAsync(pay);

        Assert.False(made.IsRefused, made.Detail);
        Assert.True(PaymentState.From(await silo.Store.ReadOperationAsync(pay.Id, CancellationToken.None)) is { IsMade: true, IsDone: true });
        await silo.AssertAuditAsync();
    }

    [Fact]
    public async Task Contribution_of_somebody_who_has_moved_since_it_was_opened_is_decided_anew()
    {
        // No region is live where the beneficiary is now, so nobody else may pay there.
        Pay refused = await OrderAsync();
        Assert.Equal(LegStatus.Done, (await OpenAsync(refused, refused.Id)).Leg.Status);
        await MoveAsync(refused.Beneficiary, "330100");
        PersonView before = await silo.ViewAsync(refused.Payer);
        Assert.Equal(RefusalCode.RegionNotLive, (await PayAsync(refused)).Code);
        PersonView after = await silo.ViewAsync(refused.Payer);
        Assert.Equal((before.PersonalFen + before.HeldFen, 0), (after.PersonalFen, after.HeldFen));

        Pay made = await OrderAsync();
        Assert.Equal(LegStatus.Done, (await OpenAsync(made, made.Id)).Leg.Status);
        await MoveAsync(made.Beneficiary, "320500");
        await silo.RelateAsync(made.Payer, made.Beneficiary, Kinship.Child);
        Reply<PaymentView> reply = await PayAsync(made);
        Assert.False(reply.IsRefused, reply.Detail);
        Assert.Equal("320500", PaymentState.From(await silo.Store.ReadOperationAsync(reply.Value.Attempt, CancellationToken.None))!.Terms.Region.ToString());
        await silo.AssertAuditAsync();
    }

    [Fact]
    public async Task Contribution_that_a_late_part_of_its_own_abandoned_attempt_claims_is_paid_by_a_repeat()
    {
        Pay pay = await OrderAsync();
        OpenPaymentReply opened = await OpenAsync(pay, pay.Id);
        Assert.Equal(LegStatus.Done, (await Person(pay.Payer).DecidePaymentAsync(new DecidePayment(pay.Id, null, LegTicket.Durable))).Status);
        Assert.Equal(LegStatus.Done, (await Person(pay.Beneficiary).OpenPartAsync(PartOf(pay, pay.Id, opened))).Status);

        Reply<PaymentView> made = await PayAsync(pay);

        Assert.False(made.IsRefused, made.Detail);
        await silo.AssertAuditAsync();
    }

    [Fact]
    public async Task Contributions_of_one_year_at_once_are_paid_once_and_tried_once()
    {
        for (int round = 0; round < 20; round++)
        {
            Pay first = await OrderAsync();
            Pay[] orders = [.. Enumerable.Range(0, 8).Select(_ => first with { Id = Guid.CreateVersion7() })];

            Reply<PaymentView>[] replies = await Task.WhenAll(orders.Select(PayAsync));

            Assert.Single(replies, reply => !reply.IsRefused);
            Assert.All(replies.Where(reply => reply.IsRefused), reply => Assert.Equal(RefusalCode.WrongState, reply.Code));
            foreach (Pay order in orders)
            {
                Assert.Empty(await silo.Store.ReadOperationAsync(PersonRules.AttemptId(order.Id, 1), CancellationToken.None));
            }
        }

        await silo.AssertAuditAsync();
    }

    [Fact]
    public async Task Contribution_for_somebody_who_cannot_be_read_is_unavailable_and_leaves_no_trace()
    {
        Pay pay = await OrderAsync();
        await silo.RestartAsync();
        PersonView before = await silo.ViewAsync(pay.Payer);

        silo.Unreadable[pay.Beneficiary] = true;
        Reply<PaymentView> refused = await PayAsync(pay);
        silo.Unreadable.Clear();

        Assert.Equal(RefusalCode.LedgerUnavailable, refused.Code);
        Assert.Equal(before, await silo.ViewAsync(pay.Payer));
    }

    private async Task MoveAsync(string person, string region)
    {
        Reply<PersonView> moved = await silo.Grains.GetRelations().RegisterAsync(person, new RegisterPerson(region, Insurance.Resident, InsuranceStatus.Active));
        Assert.False(moved.IsRefused, moved.Detail);
    }

    private async Task<Pay> OrderAsync()
    {
        string daughter = await silo.EmployeeAsync(1_000_000);
        string father = await silo.ResidentAsync();
        await silo.RelateAsync(daughter, father, Kinship.Child);
        return new Pay(Guid.CreateVersion7(), daughter, null, PaymentPurpose.Contribution, father, Scheme.ResidentMedical, 2025, 40_000, null, AllowCash: false);
    }

    /// <summary>Does what a payment grain does before it is interrupted.</summary>
    private async Task<OpenPart> ClaimAsync(Pay pay, Guid attempt)
    {
        OpenPart claim = PartOf(pay, attempt, await OpenAsync(pay, attempt));
        Assert.Equal(LegStatus.Done, (await Person(pay.Beneficiary).OpenPartAsync(claim)).Status);
        return claim;
    }

    private async Task<OpenPaymentReply> OpenAsync(Pay pay, Guid attempt)
    {
        OpenPaymentReply opened = await Person(pay.Payer).OpenPaymentAsync(new OpenPayment(pay, attempt, "410100", null, LegTicket.Durable));
        Assert.Equal(LegStatus.Done, opened.Leg.Status);
        return opened;
    }

    private static OpenPart PartOf(Pay pay, Guid attempt, OpenPaymentReply opened)
    {
        PaymentTerms terms = (PaymentTerms)EntryDetailCodec.Decode(EntryKind.PaymentOpened, opened.Terms!)!;
        return new OpenPart(attempt, 0, pay.Payer, BillMessage.Of(terms.Bill), null, 0, 0, LegTicket.Durable);
    }

    private Task<Reply<PaymentView>> PayAsync(Pay pay) => silo.Grains.GetPayment(pay.Id).PayAsync(pay);

    private IInsuredPersonGrain Person(string person) => silo.Grains.GetGrain<IInsuredPersonGrain>(person);
}
