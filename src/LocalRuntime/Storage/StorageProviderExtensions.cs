namespace Orleans.Runtime.Hosting;

/// <summary>Registers grain storage.</summary>
public static class StorageProviderExtensions
{
    /// <summary>Adds a named grain storage.</summary>
    public static IServiceCollection AddGrainStorage<T>(this IServiceCollection collection, string name, Func<IServiceProvider, string, T> implementationFactory)
        where T : IGrainStorage =>
        collection.AddKeyedSingleton<IGrainStorage>(name, (services, key) => implementationFactory(services, (string)key!));
}
