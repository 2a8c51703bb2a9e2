namespace Gongji.LoadTest;

/// <summary>Runs the peers, each in its own database, on the same server as the scenarios.</summary>
internal sealed partial class Peers(BenchOptions options, ScenarioRunner runner, ProgressBar progress) : IAsyncDisposable
{
    private const string ProcedureDatabase = "peer_procedure";
    private const string GrainDatabase = "peer_grains";

    private readonly List<ProcedurePeer> _procedures = [];

    /// <summary>Prepares the requested stored procedures, which are measured in rounds with the scenarios that they are compared with.</summary>
    public async Task<IReadOnlyList<RoundScenario>> PrepareRoundsAsync(PostgresServer server, CancellationToken cancellationToken)
    {
        List<RoundScenario> scenarios = [];
        foreach ((string name, bool withRegions) in new[] { (BenchNames.ProcedureUniform, false), (BenchNames.ProcedureRegional, true) }.Where(peer => options.Wants(peer.Item1)))
        {
            if (scenarios.Count == 0)
            {
                await PrepareAsync(server, ProcedureDatabase, ProcedurePeer.Schema(options.Accounts), cancellationToken);
            }

            ProcedurePeer peer = await ProcedurePeer.ConnectAsync(server.ConnectionString(ProcedureDatabase), options.Accounts, withRegions, cancellationToken);
            _procedures.Add(peer);
            scenarios.Add(new RoundScenario(name, peer, BenchLimits.ProcedureConnections));
        }

        return scenarios;
    }

    /// <summary>Runs the other peers, one after the other.</summary>
    public async Task RunAsync(PostgresServer server, Action<ScenarioResult> add, Action<string> skip, CancellationToken cancellationToken)
    {
        if (options.Wants(BenchNames.GrainPerWrite))
        {
            await PrepareAsync(server, GrainDatabase, GrainPeerDatabase.Schema(options.Accounts), cancellationToken);
            await using GrainPeer peer = await GrainPeer.StartAsync(server.ConnectionString(GrainDatabase), options.Accounts, cancellationToken);
            add(await runner.RunClosedAsync(BenchNames.GrainPerWrite, peer, options.InFlight, cancellationToken));
        }

        await RunTransactionsAsync(server, add, skip, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ProcedurePeer peer in _procedures)
        {
            await peer.DisposeAsync();
        }
    }

    /// <summary>Runs Orleans' own transactions if requested. A build without Microsoft.Orleans.Transactions says why they are skipped.</summary>
    private partial Task RunTransactionsAsync(PostgresServer server, Action<ScenarioResult> add, Action<string> skip, CancellationToken cancellationToken);

    private async Task PrepareAsync(PostgresServer server, string database, string schema, CancellationToken cancellationToken)
    {
        progress.Show("preparing a peer", 0, "");
        await server.CreateDatabaseAsync(database, cancellationToken);
        await server.ExecuteAsync(database, schema, cancellationToken);
        await server.ExecuteAsync(database, "VACUUM (ANALYZE)", cancellationToken);
        await server.CheckpointAsync(cancellationToken);
        progress.Clear();
    }
}
