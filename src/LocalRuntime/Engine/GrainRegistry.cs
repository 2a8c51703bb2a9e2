namespace Gongji.LocalRuntime.Engine;

/// <summary>The grain classes of this process: those of every assembly that uses this runtime and can be reached from one that is loaded.</summary>
internal static class GrainRegistry
{
    private static readonly Lock Gate = new();
    private static readonly HashSet<string> Seen = [];
    private static readonly ConcurrentDictionary<(Type Interface, string? Prefix), GrainClass> ByInterface = new();
    private static readonly ConcurrentDictionary<GrainType, GrainClass> ByType = new();
    private static readonly List<GrainClass> Classes = [];

    /// <summary>The class that implements an interface.</summary>
    /// <exception cref="ArgumentException">None does, or several do.</exception>
    internal static GrainClass ClassOf(Type grainInterface, string? prefix) =>
        ByInterface.TryGetValue((grainInterface, prefix), out var known) ? known : Find(grainInterface, prefix);

    /// <summary>The class of a grain type.</summary>
    internal static GrainClass ClassOf(GrainType type)
    {
        if (ByType.TryGetValue(type, out var known)) return known;
        lock (Gate) Scan();
        return ByType.TryGetValue(type, out known)
            ? known
            : throw new ArgumentException($"There is no grain class of type \"{type}\" in the loaded assemblies.", nameof(type));
    }

    private static GrainClass Find(Type grainInterface, string? prefix)
    {
        if (!grainInterface.IsInterface)
            throw new ArgumentException($"{grainInterface} is not an interface: GetGrain takes the grain's interface, not its class.", nameof(grainInterface));

        lock (Gate)
        {
            Scan();
            var found = Classes
                .Where(each => grainInterface.IsAssignableFrom(each.Type))
                .Where(each => prefix is null || each.Type.FullName!.StartsWith(prefix, StringComparison.Ordinal))
                .ToList();
            return found switch
            {
                [var only] => ByInterface[(grainInterface, prefix)] = only,
                [] => throw new ArgumentException($"No grain class implements {grainInterface}. Is its assembly referenced and deployed?", nameof(grainInterface)),
                _ => throw new ArgumentException(
                    $"Several grain classes implement {grainInterface}: {string.Join(", ", found.Select(each => each.Type.FullName))}. Give a grainClassNamePrefix.",
                    nameof(grainInterface)),
            };
        }
    }

    private static void Scan()
    {
        var self = typeof(GrainRegistry).Assembly.GetName().Name!;
        var open = new Queue<Assembly>(AppDomain.CurrentDomain.GetAssemblies().Where(each => !each.IsDynamic));
        while (open.TryDequeue(out var assembly))
        {
            if (!Seen.Add(assembly.FullName!) || IsFramework(assembly.GetName().Name!)) continue;
            var references = assembly.GetReferencedAssemblies();
            foreach (var reference in references.Where(each => !IsFramework(each.Name!) && !Seen.Contains(each.FullName)))
            {
                if (TryLoad(reference) is { } loaded) open.Enqueue(loaded);
            }

            if (!Array.Exists(references, each => each.Name == self)) continue;
            foreach (var type in assembly.GetTypes().Where(IsGrainClass).OrderBy(each => each.FullName, StringComparer.Ordinal)) Add(new GrainClass(type));
        }
    }

    private static void Add(GrainClass grainClass)
    {
        if (!ByType.TryAdd(grainClass.GrainType, grainClass))
            throw new InvalidOperationException($"Two classes, one of them {grainClass.Type}, are grain type \"{grainClass.GrainType}\": give one a [GrainType].");

        Classes.Add(grainClass);
    }

    private static bool IsGrainClass(Type type) =>
        type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false }
        && typeof(IGrainBase).IsAssignableFrom(type)
        && typeof(IGrain).IsAssignableFrom(type);

    private static bool IsFramework(string name) =>
        name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Microsoft.", StringComparison.Ordinal)
        || name is "System" or "mscorlib" or "netstandard";

    private static Assembly? TryLoad(AssemblyName name)
    {
        try
        {
            return Assembly.Load(name);
        }
        catch (Exception error) when (error is FileNotFoundException or FileLoadException or BadImageFormatException)
        {
            // The assembly is not deployed, so nothing of it is used either.
            return null;
        }
    }
}
