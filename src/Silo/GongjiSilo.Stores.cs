using Gongji.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gongji.Silo;

/// <summary>The choice of the store.</summary>
public static partial class GongjiSilo
{
    private static void AddStore(IServiceCollection services, SiloOptions options) =>
        services.AddSingleton<ILedgerStore>(provider => OpenStore(options, provider.GetRequiredService<ILoggerFactory>()));

    /// <summary>Opens the store that the options name.</summary>
    public static ILedgerStore OpenStore(SiloOptions options, ILoggerFactory loggers) =>
        options.PostgresConnectionString is { } connection
            ? new PostgresLedgerStore(connection, loggers.CreateLogger<PostgresLedgerStore>())
            : new SqliteLedgerStore(options.DataDirectory, loggers.CreateLogger<SqliteLedgerStore>());

    private static JournalOptions JournalOptionsOf(SiloOptions options) =>
        options.PostgresConnectionString is null ? JournalOptions.ForSqlite : JournalOptions.ForPostgres;
}
