namespace Gongji.LoadTest;

/// <content>Without Microsoft.Orleans.Transactions.</content>
internal sealed partial class Peers
{
    private partial Task RunTransactionsAsync(PostgresServer server, Action<ScenarioResult> add, Action<string> skip, CancellationToken cancellationToken)
    {
        if (options.Wants(BenchNames.OrleansTransactions))
        {
            skip("orleans-transactions: not run; it needs Microsoft Orleans with Microsoft.Orleans.Transactions, which this package registry does not serve.");
        }

        return Task.CompletedTask;
    }
}
