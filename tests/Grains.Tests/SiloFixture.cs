using Gongji.Grains.Messages;
using Gongji.Ledger;
using Gongji.Ledger.Audit;
using Gongji.Silo;
using Gongji.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans;

namespace Gongji.Grains.Tests;

/// <summary>A whole silo on a fresh embedded store, with a clock that tests move. It starts on a morning, in business hours.</summary>
public sealed class SiloFixture : IAsyncLifetime
{
    public static readonly DateTimeOffset Morning = new(2024, 12, 2, 9, 0, 0, BusinessTime.Offset);

    private readonly string _folder = Directory.CreateTempSubdirectory("gongji-grains-").FullName;
    private IHost? _host;
    private int _persons;

    public IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();

    /// <summary>Calls persons' grains without messages.</summary>
    public LocalPersons Persons => Services.GetRequiredService<LocalPersons>();

    /// <summary>The same, to keep a call back.</summary>
    internal HeldCalls Calls => (HeldCalls)Persons;

    public IJournal Journal => Services.GetRequiredService<IJournal>();

    public ILedgerStore Store => Services.GetRequiredService<ILedgerStore>();

    /// <summary>Holds back calls about headroom.</summary>
    public EscrowGate Gate { get; private set; } = null!;

    /// <summary>The accounts that the store cannot load now.</summary>
    public System.Collections.Concurrent.ConcurrentDictionary<string, bool> Unreadable { get; } = [];

    public LedgerClock Clock => Services.GetRequiredService<LedgerClock>();

    private IServiceProvider Services => _host?.Services ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync()
    {
        await StartAsync();
        foreach (string region in (string[])["320500", "410100"])
        {
            RegionRules rules = new() { Live = LiveTiers.All, MaxTransfersPerDay = 1_000 };
            await Grains.GetGrain<IPoolingRegionGrain>(region).PutAsync(new PutRegion(region, RulesRecord.Of(rules)));
        }
    }

    public async Task DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    public async Task RestartAsync()
    {
        DateTimeOffset now = Clock.Now;
        await StopAsync();
        await StartAsync(now);
    }

    /// <summary>A new employee in Suzhou (320500) with an open wallet and money in the personal account.</summary>
    public async Task<string> EmployeeAsync(long personalFen)
    {
        string person = await PersonAsync("320500", Insurance.Employee, autoAccept: false);
        await Grains.GetGrain<IInsuredPersonGrain>(person).CreditAsync(new CreditPerson(Guid.CreateVersion7(), personalFen, "2024-12"));
        return person;
    }

    /// <summary>A new resident in Zhengzhou (410100) with an open wallet.</summary>
    public Task<string> ResidentAsync(bool autoAccept = false) => PersonAsync("410100", Insurance.Resident, autoAccept);

    /// <summary>Makes a relation with the consent of both, without a quota.</summary>
    public async Task RelateAsync(string giver, string recipient, Kinship kinship)
    {
        Reply<RelationView> put = await Grains.GetRelations().PutAsync(giver, new PutRelation(recipient, kinship, null));
        Assert.False(put.IsRefused, put.Detail);
        Assert.False((await Grains.GetRelations().ConsentAsync(giver, recipient)).IsRefused);
    }

    public async Task<PersonView> ViewAsync(string person)
    {
        Reply<PersonView> reply = await Grains.GetGrain<IInsuredPersonGrain>(person).GetAsync();
        Assert.False(reply.IsRefused, reply.Detail);
        return reply.Value;
    }

    public static CreateTransfer Transfer(string payer, string payee, long amountFen = 80_000) =>
        new(Guid.CreateVersion7(), payer, payee, TransferSource.Personal, amountFen, Kinship.Parent);

    /// <summary>Sends the giver the leg that a transfer grain would send, and no further one.</summary>
    public async Task<LegReply> HoldOnlyAsync(CreateTransfer transfer)
    {
        Reply<StandingView> payee = await Grains.GetGrain<IInsuredPersonGrain>(transfer.Payee).GetStandingAsync();
        Assert.False(payee.IsRefused, payee.Detail);
        return await Grains.GetGrain<IInsuredPersonGrain>(transfer.Payer).HoldAsync(new HoldLeg(transfer, payee.Value, LegTicket.Durable));
    }

    /// <summary>A second activation of a person's account, in addition to the silo's own.</summary>
    internal AccountActivation SecondActivation(string person, IAccountGrain grain, ILedgerStore? store = null, IJournal? journal = null, ILogger? logger = null) => new(
        person, grain, journal ?? Journal, store ?? Store, Clock, new LocalPersons(Grains), new LocalPerson(Grains.GetGrain<IInsuredPersonGrain>(person)),
        logger ?? NullLogger.Instance);

    public async Task SweepAsync()
    {
        await Services.GetRequiredService<HoldSweeper>().SweepNowAsync(CancellationToken.None);
    }

    public async Task AssertAuditAsync()
    {
        AuditReport report = await Services.GetRequiredService<LedgerAuditor>().RunAsync(Store, null, CancellationToken.None);
        Assert.All(report.Invariants, invariant => Assert.True(invariant.ViolationCount == 0, $"{invariant.Name}: {string.Join("; ", invariant.Violations)}"));
    }

    private async Task<string> PersonAsync(string region, Insurance insurance, bool autoAccept)
    {
        string person = $"P{Interlocked.Increment(ref _persons)}";
        IInsuredPersonGrain grain = Grains.GetGrain<IInsuredPersonGrain>(person);
        Assert.False((await grain.RegisterAsync(new RegisterPerson(region, insurance, InsuranceStatus.Active))).IsRefused);
        Assert.False((await grain.OpenWalletAsync(new OpenWallet(region, autoAccept, null))).IsRefused);
        return person;
    }

    private async Task StartAsync(DateTimeOffset? now = null)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.AddGongjiSilo(new SiloOptions { DataDirectory = _folder, ClockStart = now ?? Morning });
        builder.Services.AddSingleton<LocalPersons, HeldCalls>();
        ServiceDescriptor store = builder.Services.Single(service => service.ServiceType == typeof(ILedgerStore));
        builder.Services.Remove(store);
        builder.Services.AddSingleton(provider =>
            (Gate = EscrowGate.Around(PartlyUnreadableStore.Around((ILedgerStore)store.ImplementationFactory!(provider), Unreadable))).Store);
        _host = builder.Build();
        await _host.StartAsync();
    }

    private async Task StopAsync()
    {
        if (_host is not null)
        {
            await _host.StopAsync();
            _host.Dispose();
            _host = null;
        }
    }
}
