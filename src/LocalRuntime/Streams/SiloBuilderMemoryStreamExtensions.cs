using Gongji.LocalRuntime;

namespace Orleans.Hosting;

/// <summary>Orleans: details of memory streams. Nothing to configure here.</summary>
public interface ISiloMemoryStreamConfigurator;

/// <summary>Adds streams.</summary>
public static class SiloBuilderMemoryStreamExtensions
{
    /// <summary>Adds streams in memory.</summary>
    public static ISiloBuilder AddMemoryStreams(this ISiloBuilder builder, string name, Action<ISiloMemoryStreamConfigurator>? configure = null)
    {
        builder.Services.AddKeyedSingleton<IStreamProvider>(
            name, (services, _) => services.GetRequiredService<LocalCluster>().Streams.Provider(name));
        return builder;
    }
}
