using Gongji.Grains.Messages;
using Gongji.Ledger;

namespace Gongji.Grains.Tests;

/// <summary>A transfer that was interrupted after any of its legs continues from what the ledger says.</summary>
public sealed class TransferResumeTests : IClassFixture<SiloFixture>
{
    private readonly SiloFixture _silo;

    public TransferResumeTests(SiloFixture silo) => _silo = silo;

    [Fact]
    public async Task Resume_after_hold_with_automatic_acceptance_settles()
    {
        CreateTransfer transfer = await HeldAsync(autoAccept: true);

        Assert.True(await _silo.Grains.GetTransfer(transfer.Id).ResumeAsync(new ResumeTransfers([transfer.Id])));

        await AssertSettledAsync(transfer);
    }

    [Fact]
    public async Task Repeat_after_hold_with_automatic_acceptance_settles_and_answers_settled()
    {
        CreateTransfer transfer = await HeldAsync(autoAccept: true);

        Reply<TransferView> reply = await _silo.Grains.GetTransfer(transfer.Id).CreateAsync(transfer);

        Assert.True(reply.IsReplay);
        Assert.Equal(TransferStatus.Settled, reply.Value!.Status);
        await AssertSettledAsync(transfer);
    }

    [Fact]
    public async Task Resume_after_hold_that_waits_leaves_it_waiting()
    {
        CreateTransfer transfer = await HeldAsync(autoAccept: false);

        Assert.False(await _silo.Grains.GetTransfer(transfer.Id).ResumeAsync(new ResumeTransfers([transfer.Id])));

        Assert.Equal(80_000, (await _silo.ViewAsync(transfer.Payer)).HeldFen);
    }

    [Fact]
    public async Task Get_after_receive_posts_at_the_giver()
    {
        CreateTransfer transfer = await HeldAsync(autoAccept: false);
        await ReceiveOnlyAsync(transfer);

        Reply<TransferView> reply = await _silo.Grains.GetTransfer(transfer.Id).GetAsync(transfer.Id);

        Assert.Equal(TransferStatus.Settled, reply.Value!.Status);
        await AssertSettledAsync(transfer);
    }

    [Fact]
    public async Task Cancel_after_receive_is_too_late_and_settles()
    {
        CreateTransfer transfer = await HeldAsync(autoAccept: false);
        await ReceiveOnlyAsync(transfer);

        Reply<TransferView> reply = await _silo.Grains.GetTransfer(transfer.Id)
            .EndAsync(new EndTransfer(transfer.Id, transfer.Payer, TransferAction.Cancel));

        Assert.Equal(RefusalCode.WrongState, reply.Code);
        await AssertSettledAsync(transfer);
    }

    [Fact]
    public async Task Accept_after_decline_is_too_late_and_voids()
    {
        CreateTransfer transfer = await HeldAsync(autoAccept: false);
        LegReply declined = await _silo.Grains.GetGrain<IInsuredPersonGrain>(transfer.Payee).DeclineAsync(new DeclineLeg(transfer.Id, EndReason.Cancelled, LegTicket.Durable));
        Assert.Equal(LegStatus.Done, declined.Status);

        Reply<TransferView> reply = await _silo.Grains.GetTransfer(transfer.Id)
            .EndAsync(new EndTransfer(transfer.Id, transfer.Payee, TransferAction.Accept));

        Assert.Equal(RefusalCode.WrongState, reply.Code);
        await AssertBackAsync(transfer);
    }

    [Fact]
    public async Task Receive_after_decline_meets_the_same_leg()
    {
        CreateTransfer transfer = await HeldAsync(autoAccept: false);
        await _silo.Grains.GetGrain<IInsuredPersonGrain>(transfer.Payee).DeclineAsync(new DeclineLeg(transfer.Id, EndReason.Returned, LegTicket.Durable));

        LegReply received = await ReceiveOnlyAsync(transfer);

        Assert.Equal(LegStatus.AlreadyThere, received.Status);
        Assert.Equal(0, (await _silo.ViewAsync(transfer.Payee)).WalletFen);
    }

    [Fact]
    public async Task Sweep_takes_interrupted_answers_to_their_end()
    {
        CreateTransfer received = await HeldAsync(autoAccept: false);
        await ReceiveOnlyAsync(received);
        CreateTransfer declined = await HeldAsync(autoAccept: false);
        await _silo.Grains.GetGrain<IInsuredPersonGrain>(declined.Payee).DeclineAsync(new DeclineLeg(declined.Id, EndReason.Rejected, LegTicket.Durable));

        _silo.Clock.MoveTo(_silo.Clock.Now + GrainLimits.InterruptedAfter + TimeSpan.FromSeconds(1));
        await _silo.SweepAsync();

        await AssertSettledAsync(received);
        await AssertBackAsync(declined);
    }

    [Fact]
    public async Task Payee_who_has_moved_can_accept_where_both_regions_are_live_only()
    {
        CreateTransfer transfer = await HeldAsync(autoAccept: false);
        EndTransfer accept = new(transfer.Id, transfer.Payee, TransferAction.Accept);

        await MoveAsync(transfer.Payee, "110000");
        Assert.Equal(RefusalCode.RegionNotLive, (await _silo.Grains.GetTransfer(transfer.Id).EndAsync(accept)).Code);
        Assert.Equal(80_000, (await _silo.ViewAsync(transfer.Payer)).HeldFen);

        await MoveAsync(transfer.Payee, "320500");
        Assert.Equal(TransferStatus.Settled, (await _silo.Grains.GetTransfer(transfer.Id).EndAsync(accept)).Value!.Status);
        await AssertSettledAsync(transfer);
    }

    [Fact]
    public async Task Same_id_with_other_payer_is_a_mismatch_and_changes_nothing()
    {
        CreateTransfer transfer = await HeldAsync(autoAccept: false);
        CreateTransfer other = transfer with { Payer = await _silo.EmployeeAsync(100_000) };

        Reply<TransferView> reply = await _silo.Grains.GetTransfer(other.Id).CreateAsync(other);

        Assert.Equal(RefusalCode.IdempotencyMismatch, reply.Code);
        Assert.Equal(0, (await _silo.ViewAsync(other.Payer)).HeldFen);
    }

    [Fact]
    public async Task Same_id_of_a_credit_is_a_mismatch_for_a_transfer()
    {
        CreateTransfer transfer = SiloFixture.Transfer(await _silo.EmployeeAsync(100_000), await _silo.ResidentAsync());
        await _silo.Grains.GetGrain<IInsuredPersonGrain>(transfer.Payer).CreditAsync(new CreditPerson(transfer.Id, 5, "2024-12"));

        Reply<TransferView> reply = await _silo.Grains.GetTransfer(transfer.Id).CreateAsync(transfer);

        Assert.Equal(RefusalCode.IdempotencyMismatch, reply.Code);
    }

    [Fact]
    public async Task Same_id_for_a_credit_and_a_transfer_at_once_is_done_once_and_a_mismatch_for_the_other()
    {
        string credited = await _silo.EmployeeAsync(1_000);
        string payer = await _silo.EmployeeAsync(1_000);
        string payee = await _silo.ResidentAsync(autoAccept: true);
        await Parallel.ForAsync(0, 100, async (_, _) =>
        {
            CreateTransfer transfer = SiloFixture.Transfer(payer, payee, amountFen: 1);
            Task<Reply<CreditView>> credit = _silo.Grains.GetGrain<IInsuredPersonGrain>(credited).CreditAsync(new CreditPerson(transfer.Id, 1, "2024-12"));
            Reply<TransferView> transferred = await _silo.Grains.GetTransfer(transfer.Id).CreateAsync(transfer);

            RefusalCode?[] codes = [transferred.Code, (await credit).Code];
            Assert.Contains(null, codes);
            Assert.Contains(RefusalCode.IdempotencyMismatch, codes);
        });
    }

    [Fact]
    public async Task Interrupted_transfer_waits_for_a_payee_who_does_not_accept_automatically_any_more()
    {
        CreateTransfer transfer = await HeldAsync(autoAccept: true);
        Assert.False((await _silo.Grains.GetGrain<IInsuredPersonGrain>(transfer.Payee).OpenWalletAsync(new OpenWallet("410100", false, null))).IsRefused);

        Assert.False(await _silo.Grains.GetTransfer(transfer.Id).ResumeAsync(new ResumeTransfers([transfer.Id])));
        Assert.Equal(TransferStatus.Held, (await _silo.Grains.GetTransfer(transfer.Id).CreateAsync(transfer)).Value!.Status);

        Reply<TransferView> accepted = await _silo.Grains.GetTransfer(transfer.Id).EndAsync(new EndTransfer(transfer.Id, transfer.Payee, TransferAction.Accept));
        Assert.Equal(TransferStatus.Settled, accepted.Value!.Status);
        await AssertSettledAsync(transfer);
    }

    [Fact]
    public async Task Transfer_of_a_payee_who_has_moved_is_shown_in_the_tier_that_it_is_cleared_under()
    {
        CreateTransfer transfer = await HeldAsync(autoAccept: false);
        ITransferGrain grain = _silo.Grains.GetTransfer(transfer.Id);
        await MoveAsync(transfer.Payee, "320500");
        Assert.Equal(Tier.CrossProvince, (await grain.GetAsync(transfer.Id)).Value!.Tier);
        EndTransfer accept = new(transfer.Id, transfer.Payee, TransferAction.Accept);

        TransferView?[] views = [(await grain.EndAsync(accept)).Value, (await grain.EndAsync(accept)).Value, (await grain.GetAsync(transfer.Id)).Value];

        Assert.All(views, view => Assert.Equal((TransferStatus.Settled, Tier.SameRegion), (view!.Status, view.Tier)));
        Assert.Equal((TransferStatus.Held, Tier.CrossProvince), ((await grain.CreateAsync(transfer)).Value!.Status, (await grain.CreateAsync(transfer)).Value!.Tier));
        await AssertSettledAsync(transfer);
    }

    [Fact]
    public async Task Payee_who_has_moved_does_not_accept_where_the_kinship_is_not_allowed()
    {
        RegionRules narrow = new() { Live = LiveTiers.All, Kinships = Kinships.Spouse };
        Assert.False((await _silo.Grains.GetGrain<IPoolingRegionGrain>("330200").PutAsync(new PutRegion("330200", RulesRecord.Of(narrow)))).IsRefused);
        CreateTransfer transfer = await HeldAsync(autoAccept: false);
        await MoveAsync(transfer.Payee, "330200");

        Reply<TransferView> accepted = await _silo.Grains.GetTransfer(transfer.Id).EndAsync(new EndTransfer(transfer.Id, transfer.Payee, TransferAction.Accept));

        Assert.Equal(RefusalCode.KinshipNotAllowed, accepted.Code);
        Assert.False((await _silo.Grains.GetTransfer(transfer.Id).EndAsync(new EndTransfer(transfer.Id, transfer.Payee, TransferAction.Reject))).IsRefused);
        await AssertBackAsync(transfer);
    }

    [Fact]
    public async Task Same_id_for_two_commands_of_one_account_at_once_is_done_once_and_a_mismatch_for_the_other()
    {
        string person = await _silo.EmployeeAsync(1_000);
        await Parallel.ForAsync(0, 100, async (_, _) =>
        {
            Pay pay = new(Guid.CreateVersion7(), person, "H32050000001", PaymentPurpose.Hospital, person, null, 0, 1, null, AllowCash: false);
            Task<Reply<CreditView>> credit = _silo.Grains.GetGrain<IInsuredPersonGrain>(person).CreditAsync(new CreditPerson(pay.Id, 1, "2024-12"));
            Reply<PaymentView> paid = await _silo.Grains.GetPayment(pay.Id).PayAsync(pay);

            RefusalCode?[] codes = [paid.Code, (await credit).Code];
            Assert.Contains(null, codes);
            Assert.Contains(RefusalCode.IdempotencyMismatch, codes);
        });
    }

    private async Task MoveAsync(string person, string region)
    {
        Reply<PersonView> moved = await _silo.Grains.GetRelations().RegisterAsync(person, new RegisterPerson(region, Insurance.Resident, InsuranceStatus.Active));
        Assert.False(moved.IsRefused, moved.Detail);
    }

    private async Task<CreateTransfer> HeldAsync(bool autoAccept)
    {
        CreateTransfer transfer = SiloFixture.Transfer(await _silo.EmployeeAsync(100_000), await _silo.ResidentAsync(autoAccept));
        LegReply held = await _silo.HoldOnlyAsync(transfer);
        Assert.Equal(LegStatus.Done, held.Status);
        return transfer;
    }

    private Task<LegReply> ReceiveOnlyAsync(CreateTransfer transfer) =>
        _silo.Grains.GetGrain<IInsuredPersonGrain>(transfer.Payee).ReceiveAsync(
            new ReceiveLeg(transfer.Id, transfer.Payer, "320500", transfer.AmountFen, BusinessTime.NextReturnAfter(_silo.Clock.Now), LegTicket.Durable, "410100", transfer.Kinship, IsAutomatic: false));

    private async Task AssertSettledAsync(CreateTransfer transfer)
    {
        PersonView payer = await _silo.ViewAsync(transfer.Payer);
        Assert.Equal((20_000, 0), (payer.PersonalFen, payer.HeldFen));
        Assert.Equal(80_000, (await _silo.ViewAsync(transfer.Payee)).WalletFen);
        await _silo.AssertAuditAsync();
    }

    private async Task AssertBackAsync(CreateTransfer transfer)
    {
        PersonView payer = await _silo.ViewAsync(transfer.Payer);
        Assert.Equal((100_000, 0), (payer.PersonalFen, payer.HeldFen));
        Assert.Equal(0, (await _silo.ViewAsync(transfer.Payee)).WalletFen);
        await _silo.AssertAuditAsync();
    }
}
