using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Gongji.LocalRuntime;

/// <summary>Registers a silo in a service collection.</summary>
internal static class SiloServices
{
    /// <summary>Returns <paramref name="result"/>, for chaining.</summary>
    internal static T Add<T>(T result, IServiceCollection services, IConfiguration configuration, string? name, Action<ISiloBuilder>? configure)
    {
        services.AddOptions();
        services.AddLogging();
        services.TryAddSingleton(static provider => new LocalCluster(provider.GetRequiredService<IOptions<LocalClusterOptions>>().Value));
        services.TryAddSingleton(provider => new LocalSilo(provider.GetRequiredService<LocalCluster>(), name ?? "silo", provider, SharedIn(services)));
        services.TryAddSingleton(static provider => provider.GetRequiredService<LocalSilo>().Client);
        services.TryAddSingleton<IGrainFactory>(static provider => provider.GetRequiredService<LocalSilo>().Client);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, SiloHost>());
        configure?.Invoke(new SiloBuilder(services, configuration));
        return result;
    }

    private static HashSet<Type> SharedIn(IServiceCollection services) =>
        [.. services.Where(each => each.Lifetime == ServiceLifetime.Singleton && !each.IsKeyedService).Select(each => each.ServiceType)];

    private sealed record SiloBuilder(IServiceCollection Services, IConfiguration Configuration) : ISiloBuilder;

    /// <summary>Starts the silo with its host and stops it in an orderly way.</summary>
    private sealed class SiloHost(LocalSilo silo) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => silo.StopAsync(cancellationToken);
    }
}
