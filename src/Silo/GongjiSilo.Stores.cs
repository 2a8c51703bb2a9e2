using Gongji.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gongji.Silo;

/// <summary>The choice of the store.</summary>
public static partial class GongjiSilo
{
    private static void AddStore(IServiceCollection services, SiloOptions options) => services.AddSingleton(provider =>
        OpenStore(options, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILoggerFactory>()));

    /// <summary>Opens the store that the options name.</summary>
    public static ILedgerStore OpenStore(SiloOptions options, TimeProvider time, ILoggerFactory loggers) =>
        options.PostgresConnectionString is { } connection
            ? new PostgresLedgerStore(new PostgresStoreOptions { ConnectionString = connection }, time, loggers.CreateLogger<PostgresLedgerStore>())
            : new SqliteLedgerStore(new SqliteStoreOptions { Directory = options.DataDirectory }, time, loggers.CreateLogger<SqliteLedgerStore>());

    /// <summary>One partition, so that all legs of a transfer inside the silo can follow each other into one commit. Writers are added by adding silos.</summary>
    private static JournalOptions JournalOptionsOf(SiloOptions options) => new()
    {
        Writer = $"{Environment.MachineName}/{Environment.ProcessId}",
    };
}
