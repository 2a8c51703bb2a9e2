using Gongji.Grains;
using Gongji.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gongji.Silo;

/// <summary>Composes a silo: store, journal, grains, sweeper. Services start in the order of registration and stop in reverse.</summary>
public static partial class GongjiSilo
{
    /// <summary>The meter of <see cref="SiloMetrics"/>.</summary>
    public const string MeterName = "Gongji.Silo";

    /// <summary>Adds a silo to a host.</summary>
    public static void AddGongjiSilo(this IHostApplicationBuilder builder, SiloOptions options)
    {
        // The store comes first, since the silo's own membership may live in it.
        builder.Services.AddGongjiLedger(options);
        UseGrains(builder, options);
        builder.Services.AddGongjiSweeper();
    }

    /// <summary>Adds what grains depend on: store, journal, clock, rules.</summary>
    public static void AddGongjiLedger(this IServiceCollection services, SiloOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(provider => ClockOf(options, provider.GetRequiredService<TimeProvider>()));
        AddStore(services, options);
        services.AddSingleton(provider => new Journal(
            provider.GetRequiredService<ILedgerStore>(),
            JournalOptionsOf(options),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Journal>>()));
        services.AddSingleton<IJournal>(provider => provider.GetRequiredService<Journal>());
        services.AddSingleton<JournalDrain>();
        services.AddSingleton<LedgerAuditor>();
        services.AddSingleton<Readiness>();
        services.AddSingleton<RegionRulesCache>();
        services.AddSingleton<LocalPersons>();
        services.AddSingleton<EscrowDesk>();
        services.AddSingleton(new ClearingOptions(options.ClearingBasis) { Procedure = options.ClearingProcedure });
        services.AddSingleton(provider => new RulesPropagation(IsClustered(options), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<SweepCounts>();
        services.AddHostedService<SiloMetrics>();
        services.AddHostedService<StoreLifetime>();
    }

    /// <summary>Adds what sets grains to work: the sweeper, and the demo's regions.</summary>
    public static void AddGongjiSweeper(this IServiceCollection services)
    {
        services.AddHostedService<DemoRegions>();
        services.AddSingleton<HoldSweeper>();
        services.AddHostedService(provider => provider.GetRequiredService<HoldSweeper>());
        services.AddHostedService<DayCloser>();
    }

    /// <summary>The name of the runtime that runs the grains, for people to read.</summary>
    public static partial string RuntimeName { get; }

    /// <summary>Whether other silos may use the same ledger.</summary>
    public static partial bool IsClustered(SiloOptions options);

    /// <summary>Configures the grain runtime.</summary>
    private static partial void UseGrains(IHostApplicationBuilder builder, SiloOptions options);

    private static LedgerClock ClockOf(SiloOptions options, TimeProvider time) =>
        options.ClockStart is { } start ? new LedgerClock(time, start) : new LedgerClock(time);
}
