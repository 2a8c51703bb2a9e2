using Gongji.Grains.Messages;
using Gongji.Ledger;

namespace Gongji.Grains.Tests;

/// <summary>The return at 06:00. Each test has its own silo, since it moves the clock.</summary>
public sealed class SweeperTests : IAsyncLifetime
{
    private readonly SiloFixture _silo = new();

    public Task InitializeAsync() => _silo.InitializeAsync();

    public Task DisposeAsync() => _silo.DisposeAsync();

    [Fact]
    public async Task Sweep_at_six_returns_every_due_hold_over_several_chunks()
    {
        int count = GrainLimits.HoldsPerSweep + 20;
        string payer = await _silo.EmployeeAsync(count * 10);
        await Parallel.ForAsync(0, count, async (_, _) =>
        {
            CreateTransfer transfer = SiloFixture.Transfer(payer, await _silo.ResidentAsync(), 10);
            Reply<TransferView> reply = await _silo.Grains.GetTransfer(transfer.Id).CreateAsync(transfer);
            Assert.Equal(TransferStatus.Held, reply.Value?.Status);
        });
        Assert.Equal(count * 10, (await _silo.ViewAsync(payer)).HeldFen);

        _silo.Clock.MoveTo(BusinessTime.NextReturnAfter(SiloFixture.Morning));
        await _silo.SweepAsync();

        PersonView view = await _silo.ViewAsync(payer);
        Assert.Equal((count * 10, 0), (view.PersonalFen, view.HeldFen));
        await _silo.AssertAuditAsync();
    }

    [Fact]
    public async Task Sweep_before_six_returns_nothing()
    {
        string payer = await _silo.EmployeeAsync(100);
        CreateTransfer transfer = SiloFixture.Transfer(payer, await _silo.ResidentAsync(), 100);
        await _silo.Grains.GetTransfer(transfer.Id).CreateAsync(transfer);

        _silo.Clock.MoveTo(BusinessTime.NextReturnAfter(SiloFixture.Morning).AddMinutes(-1));
        await _silo.SweepAsync();

        Assert.Equal(100, (await _silo.ViewAsync(payer)).HeldFen);
    }

    [Fact]
    public async Task Accept_after_six_gives_the_money_back_without_waiting_for_a_sweep()
    {
        string payer = await _silo.EmployeeAsync(100);
        CreateTransfer transfer = SiloFixture.Transfer(payer, await _silo.ResidentAsync(), 100);
        await _silo.Grains.GetTransfer(transfer.Id).CreateAsync(transfer);
        _silo.Clock.MoveTo(BusinessTime.NextReturnAfter(SiloFixture.Morning));

        Reply<TransferView> reply = await _silo.Grains.GetTransfer(transfer.Id)
            .EndAsync(new EndTransfer(transfer.Id, transfer.Payee, TransferAction.Accept));

        Assert.Equal(RefusalCode.WrongState, reply.Code);
        Assert.Equal((100, 0), ((await _silo.ViewAsync(payer)).PersonalFen, (await _silo.ViewAsync(payer)).HeldFen));
    }

    [Theory]
    [InlineData(TransferAction.Reject)]
    [InlineData(TransferAction.Cancel)]
    public async Task Reject_or_cancel_after_six_finds_the_money_gone_back(TransferAction action)
    {
        string payer = await _silo.EmployeeAsync(100);
        CreateTransfer transfer = SiloFixture.Transfer(payer, await _silo.ResidentAsync(), 100);
        ITransferGrain grain = _silo.Grains.GetTransfer(transfer.Id);
        await grain.CreateAsync(transfer);
        _silo.Clock.MoveTo(BusinessTime.NextReturnAfter(SiloFixture.Morning));

        Reply<TransferView> reply = await grain.EndAsync(new EndTransfer(transfer.Id, action == TransferAction.Cancel ? payer : transfer.Payee, action));

        Assert.Equal(RefusalCode.WrongState, reply.Code);
        Assert.Equal(TransferStatus.Returned, (await grain.GetAsync(transfer.Id)).Value?.Status);
        Assert.Equal((100, 0), ((await _silo.ViewAsync(payer)).PersonalFen, (await _silo.ViewAsync(payer)).HeldFen));
        await _silo.AssertAuditAsync();
    }

    [Fact]
    public async Task Restart_keeps_balances_and_open_holds()
    {
        string payer = await _silo.EmployeeAsync(500);
        CreateTransfer transfer = SiloFixture.Transfer(payer, await _silo.ResidentAsync(), 200);
        await _silo.Grains.GetTransfer(transfer.Id).CreateAsync(transfer);
        PersonView before = await _silo.ViewAsync(payer);

        await _silo.RestartAsync();

        Assert.Equal(before, await _silo.ViewAsync(payer));
        Reply<TransferView> accepted = await _silo.Grains.GetTransfer(transfer.Id)
            .EndAsync(new EndTransfer(transfer.Id, transfer.Payee, TransferAction.Accept));
        Assert.Equal(TransferStatus.Settled, accepted.Value?.Status);
        await _silo.AssertAuditAsync();
    }

    [Fact]
    public async Task Hot_account_keeps_every_concurrent_transfer()
    {
        const int Count = 500;
        string payee = await _silo.ResidentAsync(autoAccept: true);
        string payer = await _silo.EmployeeAsync(Count * 10);

        Reply<TransferView>[] replies = await Task.WhenAll(Enumerable.Range(0, Count).Select(_ =>
        {
            CreateTransfer transfer = SiloFixture.Transfer(payer, payee, 10);
            return _silo.Grains.GetTransfer(transfer.Id).CreateAsync(transfer);
        }));

        Assert.All(replies, reply => Assert.Equal(TransferStatus.Settled, reply.Value?.Status));
        Assert.Equal(Count * 10, (await _silo.ViewAsync(payee)).WalletFen);
        Assert.Equal((0, 0), ((await _silo.ViewAsync(payer)).PersonalFen, (await _silo.ViewAsync(payer)).HeldFen));
        await _silo.AssertAuditAsync();
    }
}
