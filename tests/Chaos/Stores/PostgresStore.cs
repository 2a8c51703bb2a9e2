using Gongji.Chaos.Faults;
using Gongji.TestKit;
using Npgsql;

namespace Gongji.Chaos.Stores;

/// <summary>A separate PostgreSQL, which the product reaches through two relays: one to close or silence, one to cut at a precise point.</summary>
internal sealed class PostgresStore : ChaosStore
{
    private readonly string _direct;

    /// <summary>The silo port; the same over restarts, as an operator would configure it.</summary>
    private readonly int _siloPort = FreePort.Find();

    private PostgresStore(PostgresServer server, string direct)
    {
        Server = server;
        _direct = direct;
        Cutting = new CuttingProxy(server.Port);
        Gate = new GateProxy(Cutting.Port);
    }

    public PostgresServer Server { get; }

    public CuttingProxy Cutting { get; }

    public GateProxy Gate { get; }

    public override StoreKind Kind => StoreKind.Postgres;

    public override string[] Arguments =>
    [
        "--postgres", new NpgsqlConnectionStringBuilder(_direct) { Port = Gate.Port }.ConnectionString,
        "--silo-port", _siloPort.ToString(CultureInfo.InvariantCulture),
    ];

    public override string[] AuditArguments => ["--postgres", _direct];

    protected override IEnumerable<Fault> StoreFaults =>
    [
        new ServerStoppedFault(this), new ServerKilledFault(this), new CutNowAndThenFault(this), new CutAllFault(this), new UnreachableFault(this), new SilentFault(this),
    ];

    public static async Task<PostgresStore> StartAsync(CancellationToken cancellationToken)
    {
        PostgresServer server = await PostgresServer.StartAsync(cancellationToken: cancellationToken);
        return new PostgresStore(server, await server.CreateDatabaseAsync(cancellationToken));
    }

    public override async ValueTask DisposeAsync()
    {
        await Gate.DisposeAsync();
        await Cutting.DisposeAsync();
        await Server.DisposeAsync();
    }
}
