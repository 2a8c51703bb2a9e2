namespace Orleans.Hosting;

/// <summary>In Orleans: details of memory streams. Here there is nothing to configure.</summary>
public interface ISiloMemoryStreamConfigurator;

/// <summary>Adds streams.</summary>
public static class SiloBuilderMemoryStreamExtensions
{
    /// <summary>Adds streams in memory.</summary>
    public static ISiloBuilder AddMemoryStreams(this ISiloBuilder builder, string name, Action<ISiloMemoryStreamConfigurator>? configure = null) =>
        builder.With(services => services.AddKeyedSingleton<IStreamProvider>(name, (provider, _) => provider.GetRequiredService<LocalCluster>().Streams.Provider(name)));
}
