namespace Gongji.LoadTest;

/// <summary>Runs the peers, each in a database of its own, on the server that the scenarios ran on.</summary>
internal sealed partial class Peers(BenchOptions options, ScenarioRunner runner, ProgressBar progress)
{
    private const string ProcedureDatabase = "peer_procedure";
    private const string GrainDatabase = "peer_grains";

    public async Task RunAsync(PostgresServer server, Action<ScenarioResult> add, Action<string> skip, CancellationToken cancellationToken)
    {
        if (options.Wants(BenchNames.ProcedureUniform) || options.Wants(BenchNames.ProcedureRegional))
        {
            await PrepareAsync(server, ProcedureDatabase, ProcedurePeer.Schema(options.Accounts), cancellationToken);
            await RunProcedureAsync(server, BenchNames.ProcedureUniform, withRegions: false, add, cancellationToken);
            await RunProcedureAsync(server, BenchNames.ProcedureRegional, withRegions: true, add, cancellationToken);
        }

        if (options.Wants(BenchNames.GrainPerWrite))
        {
            await PrepareAsync(server, GrainDatabase, GrainPeerDatabase.Schema(options.Accounts), cancellationToken);
            await using GrainPeer peer = await GrainPeer.StartAsync(server.ConnectionString(GrainDatabase), options.Accounts, cancellationToken);
            add(await runner.RunClosedAsync(BenchNames.GrainPerWrite, peer, options.InFlight, cancellationToken));
        }

        await RunTransactionsAsync(server, add, skip, cancellationToken);
    }

    /// <summary>Orleans' own transactions, if wanted: without Microsoft.Orleans.Transactions it says why they are not run.</summary>
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

    private async Task RunProcedureAsync(PostgresServer server, string name, bool withRegions, Action<ScenarioResult> add, CancellationToken cancellationToken)
    {
        if (options.Wants(name))
        {
            await server.CheckpointAsync(cancellationToken);
            await using ProcedurePeer peer = await ProcedurePeer.ConnectAsync(
                server.ConnectionString(ProcedureDatabase), options.Accounts, withRegions, cancellationToken);
            add(await runner.RunClosedAsync(name, peer, BenchLimits.ProcedureConnections, cancellationToken));
        }
    }
}
