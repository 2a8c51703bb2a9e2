using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;

namespace Gongji.LoadTest;

/// <summary>
/// Transfers with Microsoft Orleans' own transactions: two grains with transactional state, persisted by its ADO.NET provider with default settings, in the tables that
/// <c>MigrateAsync</c> of a ledger's store creates.
/// </summary>
internal sealed class TransactionsPeer : ILoad, IAsyncDisposable
{
    private const string Invariant = "Npgsql";

    private readonly IHost _host;
    private readonly IGrainFactory _grains;
    private readonly ITransactionClient _transactions;
    private readonly UniformPairs _pairs;

    private TransactionsPeer(IHost host, int accounts) => (_host, _grains, _transactions, _pairs) = (
        host, host.Services.GetRequiredService<IGrainFactory>(), host.Services.GetRequiredService<ITransactionClient>(), new UniformPairs(accounts));

    public static async Task<TransactionsPeer> StartAsync(string connectionString, int accounts, CancellationToken cancellationToken)
    {
        HostApplicationBuilder builder = BenchSilo.NewBuilder();
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(PostgresServer.FreePort(), PostgresServer.FreePort());
            silo.AddAdoNetGrainStorageAsDefault(storage => (storage.Invariant, storage.ConnectionString) = (Invariant, connectionString));
            silo.UseTransactions();
        });
        IHost host = builder.Build();
        await host.StartAsync(cancellationToken);
        return new TransactionsPeer(host, accounts);
    }

    public async Task<string?> RunOnceAsync(LoadWorker worker)
    {
        (int payer, int payee) = _pairs.Next(worker.Chance);
        ITransactionalPersonGrain giver = _grains.GetGrain<ITransactionalPersonGrain>(Population.NameOf(payer));
        ITransactionalPersonGrain recipient = _grains.GetGrain<ITransactionalPersonGrain>(Population.NameOf(payee));
        await _transactions.RunTransaction(
            TransactionOption.Create,
            () => Task.WhenAll(giver.WithdrawAsync(BenchLimits.AmountFen), recipient.DepositAsync(BenchLimits.AmountFen)));
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        if (_host is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
    }
}
