namespace Gongji.LocalRuntime.Engine;

/// <summary>Makes references. Calls that are not made by a grain come from <paramref name="origin"/>.</summary>
internal sealed class GrainFactory(CallOrigin origin, IServiceProvider services) : IClusterClient
{
    private readonly ConcurrentDictionary<(Type Interface, string? Prefix, GrainType Type), ReferenceShared> _shared = new();

    // Those without a prefix, which are almost all: their key is quicker to look up.
    private readonly ConcurrentDictionary<Type, ReferenceShared> _usual = new();

    public IServiceProvider ServiceProvider => services;

    internal CallOrigin Origin => origin;

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidKey => Get<TGrainInterface>(GrainIdKeyExtensions.CreateGuidKey(primaryKey), grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey => Get<TGrainInterface>(GrainIdKeyExtensions.CreateIntegerKey(primaryKey), grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey => Get<TGrainInterface>(IdSpan.Create(primaryKey), grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(GrainId grainId)
        where TGrainInterface : IAddressable =>
        (TGrainInterface)(object)SharedOf(typeof(TGrainInterface), null, grainId.Type).Reference(grainId);

    private TGrainInterface Get<TGrainInterface>(IdSpan key, string? prefix)
    {
        var shared = prefix is null ? _usual.GetOrAdd(typeof(TGrainInterface), static (type, factory) => factory.SharedOf(type, null, default), this) : SharedOf(typeof(TGrainInterface), prefix, default);
        return (TGrainInterface)(object)shared.Reference(GrainId.Create(shared.Class.GrainType, key));
    }

    private ReferenceShared SharedOf(Type grainInterface, string? prefix, GrainType type) => _shared.GetOrAdd(
        (grainInterface, prefix, type),
        static (key, factory) => new ReferenceShared(factory, key.Interface, key.Type.IsDefault ? GrainRegistry.ClassOf(key.Interface, key.Prefix) : GrainRegistry.ClassOf(key.Type)),
        this);
}
