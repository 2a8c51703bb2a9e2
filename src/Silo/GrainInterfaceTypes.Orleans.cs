using System.Collections.Concurrent;
using Orleans.Metadata;
using Orleans.Runtime;
using Orleans.Serialization.TypeSystem;

namespace Gongji.Silo;

/// <summary>
/// Caches the name of each grain interface. Orleans 10.4.2 computes it again, with reflection and string building, each time a grain reference is
/// requested. A transfer requests five, which took a quarter of the silo's processor time for it.
/// </summary>
internal sealed class GrainInterfaceTypes(TypeConverter converter, IServiceProvider services) : IGrainInterfaceTypeProvider
{
    private readonly ConcurrentDictionary<Type, GrainInterfaceType> _known = new();
    private readonly GrainInterfaceTypeResolver _resolver = new([new AttributeGrainInterfaceTypeProvider(services)], converter);

    public bool TryGetGrainInterfaceType(Type type, out GrainInterfaceType grainInterfaceType)
    {
        grainInterfaceType = _known.GetOrAdd(type, static (type, resolver) => resolver.GetGrainInterfaceType(type), _resolver);
        return true;
    }
}
