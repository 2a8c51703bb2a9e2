using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;

namespace Gongji.LoadTest;

/// <summary>Transfers between grains that write their state at each change: three writes and three commits per transfer.</summary>
internal sealed class GrainPeer : ILoad, IAsyncDisposable
{
    private readonly IHost _host;
    private readonly IGrainFactory _grains;
    private readonly UniformPairs _pairs;

    private GrainPeer(IHost host, int accounts) =>
        (_host, _grains, _pairs) = (host, host.Services.GetRequiredService<IGrainFactory>(), new UniformPairs(accounts));

    public static async Task<GrainPeer> StartAsync(string connectionString, int accounts, CancellationToken cancellationToken)
    {
        HostApplicationBuilder builder = BenchSilo.NewBuilder();
        builder.Services.AddSingleton(new GrainPeerDatabase(connectionString));
        builder.UseOrleans(silo => silo.UseLocalhostClustering(PostgresServer.FreePort(), PostgresServer.FreePort()));
        IHost host = builder.Build();
        await host.StartAsync(cancellationToken);
        return new GrainPeer(host, accounts);
    }

    public async Task<string?> RunOnceAsync(LoadWorker worker)
    {
        (int payer, int payee) = _pairs.Next(worker.Chance);
        Guid transfer = worker.Chance.NextId(TimeProvider.System.GetUtcNow());
        IWritingPersonGrain giver = _grains.GetGrain<IWritingPersonGrain>(Population.NameOf(payer));
        if (!await giver.HoldAsync(transfer, BenchLimits.AmountFen))
        {
            return "insufficient-funds";
        }

        await _grains.GetGrain<IWritingPersonGrain>(Population.NameOf(payee)).ReceiveAsync(transfer, BenchLimits.AmountFen);
        await giver.PostAsync(transfer);
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        await _host.Services.GetRequiredService<GrainPeerDatabase>().DisposeAsync();
        if (_host is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
    }
}
