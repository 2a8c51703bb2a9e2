using Gongji.Silo;
using Gongji.Storage;
using Microsoft.Extensions.Logging;

namespace Gongji.LoadTest;

/// <content>With Microsoft.Orleans.Transactions.</content>
internal sealed partial class Peers
{
    private const string TransactionsDatabase = "peer_transactions";

    private async partial Task RunTransactionsAsync(PostgresServer server, Action<ScenarioResult> add, Action<string> skip, CancellationToken cancellationToken)
    {
        if (!options.Wants(BenchNames.OrleansTransactions))
        {
            return;
        }

        await server.CreateDatabaseAsync(TransactionsDatabase, cancellationToken);
        string connection = server.ConnectionString(TransactionsDatabase);
        using (ILoggerFactory loggers = LoggerFactory.Create(BenchSilo.AddLogging))
        {
            // A ledger's store also creates the tables of Orleans' ADO.NET persistence.
            await using ILedgerStore store = GongjiSilo.OpenStore(new SiloOptions { PostgresConnectionString = connection }, TimeProvider.System, loggers);
            await store.MigrateAsync(cancellationToken);
        }

        await server.CheckpointAsync(cancellationToken);
        await using TransactionsPeer peer = await TransactionsPeer.StartAsync(connection, options.Accounts, cancellationToken);
        add(await runner.RunClosedAsync(BenchNames.OrleansTransactions, peer, BenchLimits.TransactionsInFlight, cancellationToken));
    }
}
