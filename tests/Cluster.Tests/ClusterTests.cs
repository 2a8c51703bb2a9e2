using System.Collections.Concurrent;
using Gongji.Grains;
using Gongji.Grains.Messages;
using Gongji.Ledger;
using Gongji.Ledger.Audit;
using Gongji.Silo;
using Gongji.Storage;
using Gongji.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Hosting;
using Orleans.TestingHost;
using Xunit.Abstractions;

namespace Gongji.Cluster.Tests;

/// <summary>Three real silos on one PostgreSQL; one of them is killed under load, or they are restarted in turn.</summary>
public sealed class ClusterTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Persons = 60;
    private const int Transfers = 1_500;
    private const string ConnectionKey = "Gongji:Postgres";

    private PostgresServer? _server;
    private TestCluster? _cluster;
    private string _connection = string.Empty;

    /// <summary>Calls from the silo that stays, as the API's do; a client would lose what goes in by a silo that leaves.</summary>
    private IGrainFactory Grains => ((InProcessSiloHandle)Cluster.Primary).SiloHost.Services.GetRequiredService<IGrainFactory>();

    private TestCluster Cluster => _cluster ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync()
    {
        _server = await PostgresServer.StartAsync();
        _connection = await _server.CreateDatabaseAsync();
        await using (ILedgerStore store = OpenStore())
        {
            await store.MigrateAsync(CancellationToken.None);
        }

        TestClusterBuilder builder = new(3);
        builder.Properties[ConnectionKey] = _connection;
        builder.AddSiloBuilderConfigurator<SiloConfigurator>();
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public async Task DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [Fact]
    public async Task Silo_killed_under_load_loses_nothing_and_doubles_nothing()
    {
        await PrepareAsync();
        await LoadWhileAsync(() => Cluster.KillSiloAsync(Cluster.SecondarySilos[0]));
    }

    /// <summary>The first silo stays: in a test it has the table of the cluster.</summary>
    [Fact]
    public async Task Silos_restarted_one_after_the_other_under_load_lose_nothing_and_double_nothing()
    {
        await PrepareAsync();
        await LoadWhileAsync(async () =>
        {
            foreach (SiloHandle silo in Cluster.SecondarySilos.ToArray())
            {
                await Cluster.StopSiloAsync(silo);
                await Cluster.StartAdditionalSiloAsync();
            }
        });
    }

    /// <summary>Does something to the silos when half of the transfers are answered, with more of them until that is done; then compares what was answered with what there is.</summary>
    private async Task LoadWhileAsync(Func<Task> happening)
    {
        ConcurrentDictionary<Guid, CreateTransfer> answered = new();
        TaskCompletionSource half = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task happened = HappenAsync();
        long last = TimeProvider.System.GetTimestamp();
        TimeSpan longest = TimeSpan.Zero;
        Task load = Parallel.ForEachAsync(Orders().TakeWhile((_, n) => n < Transfers || !happened.IsCompleted), new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (order, _) =>
        {
            TransferView settled = await AskUntilAnsweredAsync(order);
            Assert.Equal(TransferStatus.Settled, settled.Status);
            Assert.True(answered.TryAdd(order.Id, order));
            lock (answered)
            {
                TimeSpan gap = TimeProvider.System.GetElapsedTime(last);
                (last, longest) = (TimeProvider.System.GetTimestamp(), gap > longest ? gap : longest);
            }

            if (answered.Count >= Transfers / 2)
            {
                half.TrySetResult();
            }
        });

        await load;
        await happened;
        output.WriteLine($"longest time without an answer: {longest.TotalMilliseconds:0} ms");

        Assert.InRange(answered.Count, Transfers, int.MaxValue);
        long wallets = 0;
        foreach (int person in Enumerable.Range(0, Persons))
        {
            wallets += (await Grain(person).GetAsync()).Value!.WalletFen;
        }

        Assert.Equal(answered.Values.Sum(order => order.AmountFen), wallets);
        await using ILedgerStore store = OpenStore();
        AuditReport report = await new LedgerAuditor().RunAsync(store, null, CancellationToken.None);
        Assert.All(report.Invariants, invariant => Assert.True(invariant.ViolationCount == 0, $"{invariant.Name}: {string.Join("; ", invariant.Violations)}"));

        async Task HappenAsync()
        {
            await half.Task;
            await happening();
        }
    }

    [Fact]
    public async Task Rule_change_is_in_force_on_every_silo_when_it_is_answered()
    {
        await PrepareAsync();
        IPoolingRegionGrain region = Cluster.Client.GetGrain<IPoolingRegionGrain>("320500");
        await region.PutAsync(new PutRegion("Suzhou", RulesRecord.Of(new RegionRules())));

        // Every second giver is of this region. They are spread over the silos, and none may decide by the earlier rules.
        Reply<TransferView>[] replies = await Task.WhenAll(Orders().Where((_, n) => n % 2 == 0).Take(200).Select(order => Cluster.Client.GetTransfer(order.Id).CreateAsync(order)));

        Assert.All(replies, reply => Assert.Equal(RefusalCode.RegionNotLive, reply.Code));
    }

    /// <summary>What a document lacks (Orleans omits zeros) must not be read as the default rules of a new region.</summary>
    [Fact]
    public async Task Rules_of_a_region_are_read_from_the_store_as_they_were_set()
    {
        RulesRecord rules = RulesRecord.Of(new RegionRules
        {
            Live = LiveTiers.None,
            Kinships = default,
            MaxTransferFen = 0,
            MaxTransfersPerDay = 0,
            ClosedFrom = TimeOnly.MinValue,
            ClosedUntil = TimeOnly.MinValue,
            NetDebitCapFen = 0,
        });
        IPoolingRegionGrain region = Cluster.Client.GetGrain<IPoolingRegionGrain>("320500");
        await region.PutAsync(new PutRegion("Suzhou", rules));

        await Cluster.Client.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);
        Reply<RegionView> read = await region.GetAsync();

        Assert.Equal(rules, read.Value!.Rules);
    }

    private async Task PrepareAsync()
    {
        foreach (string code in (string[])["320500", "410100"])
        {
            RegionRules rules = new()
            {
                Live = LiveTiers.All,
                MaxTransfersPerDay = 1_000_000,
                ClosedFrom = TimeOnly.MinValue,
                ClosedUntil = TimeOnly.MinValue,
            };
            Reply<RegionView> put = await Cluster.Client.GetGrain<IPoolingRegionGrain>(code).PutAsync(new PutRegion(code, RulesRecord.Of(rules)));
            Assert.False(put.IsRefused, put.Detail);
        }

        await Parallel.ForEachAsync(Enumerable.Range(0, Persons), async (person, _) =>
        {
            string region = person % 2 == 0 ? "320500" : "410100";
            await Grain(person).RegisterAsync(new RegisterPerson(region, Insurance.Employee, InsuranceStatus.Active));
            await Grain(person).OpenWalletAsync(new OpenWallet(region, AutoAccept: true, null));
            Reply<CreditView> credit = await Grain(person).CreditAsync(new CreditPerson(Guid.CreateVersion7(), 10_000_000, "2024-12"));
            Assert.False(credit.IsRefused, credit.Detail);
        });
    }

    /// <summary>Everybody gives to everybody else in turn.</summary>
    private static IEnumerable<CreateTransfer> Orders() => Enumerable.Range(0, int.MaxValue).Select(n => new CreateTransfer(
        Guid.CreateVersion7(),
        Name(n % Persons),
        Name((n + 1 + (n / Persons % (Persons - 1))) % Persons),
        TransferSource.Personal,
        100 + (n % Transfers),
        Kinship.Sibling));

    /// <summary>Does what a gateway does: asks again under the same id until there is an answer.</summary>
    private async Task<TransferView> AskUntilAnsweredAsync(CreateTransfer order)
    {
        for (int attempt = 0; attempt < 1_000; attempt++)
        {
            Reply<TransferView> reply;
            try
            {
                reply = await Grains.GetTransfer(order.Id).CreateAsync(order);
            }
            catch (Exception failure) when (CallFailures.IsFailure(failure))
            {
                continue;
            }

            if (!reply.IsRefused)
            {
                return reply.Value;
            }

            Assert.True(reply.Code is RefusalCode.LedgerUnavailable or RefusalCode.OutcomeUnknown, $"{reply.Code}: {reply.Detail}");
        }

        throw new InvalidOperationException($"Transfer {order.Id} was never answered.");
    }

    private IInsuredPersonGrain Grain(int person) => Grains.GetGrain<IInsuredPersonGrain>(Name(person));

    private static string Name(int person) => $"C{person}";

    private ILedgerStore OpenStore() =>
        GongjiSilo.OpenStore(new SiloOptions { PostgresConnectionString = _connection }, TimeProvider.System, NullLoggerFactory.Instance);

    private sealed class SiloConfigurator : ISiloConfigurator
    {
        public void Configure(ISiloBuilder siloBuilder)
        {
            string connection = siloBuilder.Configuration[ConnectionKey]!;
            siloBuilder.Services.AddGongjiLedger(new SiloOptions { PostgresConnectionString = connection });
            siloBuilder.Services.AddGongjiSweeper();
            siloBuilder.AddAdoNetGrainStorage(GrainStorage.Regions, storage => (storage.Invariant, storage.ConnectionString) = ("Npgsql", connection));
        }
    }
}
