using System.Net;
using Orleans.Runtime.Hosting;

namespace Orleans.Hosting;

/// <summary>Builds a silo.</summary>
public interface ISiloBuilder
{
    /// <summary>The configuration.</summary>
    IConfiguration Configuration { get; }

    /// <summary>The services.</summary>
    IServiceCollection Services { get; }
}

/// <summary>Options and services of a silo.</summary>
public static class SiloBuilderExtensions
{
    /// <summary>Sets options.</summary>
    public static ISiloBuilder Configure<TOptions>(this ISiloBuilder builder, Action<TOptions> configureOptions)
        where TOptions : class => builder.With(services => services.Configure(configureOptions));

    internal static ISiloBuilder With(this ISiloBuilder builder, Action<IServiceCollection> configure)
    {
        configure(builder.Services);
        return builder;
    }
}

/// <summary>Clustering.</summary>
public static class CoreHostingExtensions
{
    /// <summary>Sets the cluster's names. This runtime has no network, so ports have no effect.</summary>
    public static ISiloBuilder UseLocalhostClustering(
        this ISiloBuilder builder, int siloPort = 11111, int gatewayPort = 30000, IPEndPoint? primarySiloEndpoint = null, string serviceId = "dev", string clusterId = "dev") =>
        builder.Configure<ClusterOptions>(options => (options.ServiceId, options.ClusterId) = (serviceId, clusterId));
}

/// <summary>Call filters.</summary>
public static class GrainCallFilterSiloBuilderExtensions
{
    /// <summary>Adds a filter of arriving calls.</summary>
    public static ISiloBuilder AddIncomingGrainCallFilter(this ISiloBuilder builder, IIncomingGrainCallFilter filter) =>
        builder.With(services => services.AddSingleton(filter));

    /// <summary>Adds a filter of arriving calls.</summary>
    public static ISiloBuilder AddIncomingGrainCallFilter<TImplementation>(this ISiloBuilder builder)
        where TImplementation : class, IIncomingGrainCallFilter =>
        builder.With(services => services.AddSingleton<IIncomingGrainCallFilter, TImplementation>());

    /// <summary>Adds a filter of calls made.</summary>
    public static ISiloBuilder AddOutgoingGrainCallFilter(this ISiloBuilder builder, IOutgoingGrainCallFilter filter) =>
        builder.With(services => services.AddSingleton(filter));

    /// <summary>Adds a filter of calls made.</summary>
    public static ISiloBuilder AddOutgoingGrainCallFilter<TImplementation>(this ISiloBuilder builder)
        where TImplementation : class, IOutgoingGrainCallFilter =>
        builder.With(services => services.AddSingleton<IOutgoingGrainCallFilter, TImplementation>());
}

/// <summary>Grain storage in memory: for tests, and state that may be lost.</summary>
public static class MemoryGrainStorageSiloBuilderExtensions
{
    /// <summary>Adds grain storage in memory.</summary>
    public static ISiloBuilder AddMemoryGrainStorage(this ISiloBuilder builder, string name, Action<OptionsBuilder<MemoryGrainStorageOptions>>? configureOptions = null) =>
        builder.With(services => services.AddGrainStorage(name, static (provider, storage) => provider.GetRequiredService<LocalCluster>().MemoryStore.Named(storage)));
}
