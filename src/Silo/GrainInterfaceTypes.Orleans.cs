using System.Collections.Concurrent;
using Orleans.Metadata;
using Orleans.Runtime;
using Orleans.Serialization.TypeSystem;

namespace Gongji.Silo;

/// <summary>
/// Remembers the name of each grain interface. Orleans 10.4.2 works it out anew, with reflection and string building, each time that a grain is
/// asked for: a quarter of the silo's processor time of a transfer, which asks for five.
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
