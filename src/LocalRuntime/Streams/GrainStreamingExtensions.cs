namespace Orleans;

/// <summary>Streams for grains.</summary>
public static class GrainStreamingExtensions
{
    /// <summary>Gets a stream provider by name.</summary>
    public static IStreamProvider GetStreamProvider(this IGrainBase grain, string name) => StreamProviders.Get(grain.GrainContext.ActivationServices, name);
}

/// <summary>Streams for clients.</summary>
public static class ClientStreamingExtensions
{
    /// <summary>Gets a stream provider by name.</summary>
    public static IStreamProvider GetStreamProvider(this IClusterClient client, string name) => StreamProviders.Get(client.ServiceProvider, name);
}

internal static class StreamProviders
{
    internal static IStreamProvider Get(IServiceProvider services, string name) => services.GetKeyedService<IStreamProvider>(name)
        ?? throw new KeyNotFoundException($"There is no stream provider \"{name}\": add it with AddMemoryStreams.");
}
