namespace Gongji.LocalRuntime.Engine;

/// <summary>What all references of one interface, made by one factory, share.</summary>
internal sealed record ReferenceShared(GrainFactory Factory, Type Interface, GrainClass Class, Func<ReferenceShared, GrainId, GrainReference> Create);

/// <summary>Makes references whose calls, when no grain makes them, come from <paramref name="origin"/>.</summary>
internal sealed class GrainFactory(CallOrigin origin, IServiceProvider services) : IClusterClient
{
    private readonly ConcurrentDictionary<(Type Interface, string? Prefix), ReferenceShared> _shared = new();

    public IServiceProvider ServiceProvider => services;

    internal CallOrigin Origin => origin;

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidKey =>
        (TGrainInterface)(object)Reference(typeof(TGrainInterface), GrainIdKeyExtensions.CreateGuidKey(primaryKey), grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey =>
        (TGrainInterface)(object)Reference(typeof(TGrainInterface), GrainIdKeyExtensions.CreateIntegerKey(primaryKey), grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(primaryKey);
        return (TGrainInterface)(object)Reference(typeof(TGrainInterface), IdSpan.Create(primaryKey), grainClassNamePrefix);
    }

    public TGrainInterface GetGrain<TGrainInterface>(GrainId grainId)
        where TGrainInterface : IAddressable => (TGrainInterface)Reference(typeof(TGrainInterface), grainId);

    internal object Reference(Type grainInterface, GrainId grainId)
    {
        var grainClass = GrainRegistry.ClassOf(grainId.Type);
        var shared = new ReferenceShared(this, grainInterface, grainClass, ProxyEmitter.FactoryOf(grainInterface));
        return shared.Create(shared, grainId);
    }

    private GrainReference Reference(Type grainInterface, IdSpan key, string? prefix)
    {
        if (!_shared.TryGetValue((grainInterface, prefix), out var shared))
        {
            var grainClass = GrainRegistry.ClassOf(grainInterface, prefix);
            shared = _shared.GetOrAdd((grainInterface, prefix), new ReferenceShared(this, grainInterface, grainClass, ProxyEmitter.FactoryOf(grainInterface)));
        }

        return shared.Create(shared, GrainId.Create(shared.Class.GrainType, key));
    }
}
