using Gongji.Storage;
using Microsoft.Extensions.Hosting;

namespace Gongji.Silo;

/// <summary>
/// Brings the schema up to date and starts the journal before any grain runs. At the end, when no grain runs any more, it drains the
/// journal, so that no answered command can be lost.
/// </summary>
internal sealed class StoreLifetime(ILedgerStore store, Journal journal, JournalDrain drain) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await store.MigrateAsync(cancellationToken);
        await journal.StartAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => drain.RunAsync(cancellationToken);
}
