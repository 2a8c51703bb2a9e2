namespace Gongji.LocalRuntime.Engine;

/// <summary>A grain class: what its attributes say, and how instances are made.</summary>
internal sealed class GrainClass
{
    private readonly ConstructorInvoker _constructor;
    private readonly Func<Activation, object?>[] _arguments;

    internal GrainClass(Type type)
    {
        Type = type;
        GrainType = GrainType.Create(type.GetCustomAttribute<GrainTypeAttribute>()?.GrainType ?? DefaultName(type));
        var constructors = type.GetConstructors();
        var constructor = constructors.FirstOrDefault(each => each.IsDefined(typeof(ActivatorUtilitiesConstructorAttribute)))
            ?? constructors.MaxBy(each => each.GetParameters().Length)
            ?? throw new NotSupportedException($"Grain class {type} has no public constructor.");
        _constructor = ConstructorInvoker.Create(constructor);
        _arguments = [.. constructor.GetParameters().Select(Argument)];
        IsFilter = typeof(IIncomingGrainCallFilter).IsAssignableFrom(type);
        IsReentrant = type.IsDefined(typeof(ReentrantAttribute), inherit: true);
        PrefersLocal = type.IsDefined(typeof(PreferLocalPlacementAttribute), inherit: true);
        Worker = type.GetCustomAttribute<StatelessWorkerAttribute>();
    }

    internal Type Type { get; }

    internal GrainType GrainType { get; }

    internal bool IsReentrant { get; }

    internal bool IsStatelessWorker => Worker is not null;

    internal StatelessWorkerAttribute? Worker { get; }

    internal bool PrefersLocal { get; }

    /// <summary>Whether the grains are filters of their own calls.</summary>
    internal bool IsFilter { get; }

    /// <summary>Makes the grain, inside a turn of its activation.</summary>
    internal object Create(Activation activation)
    {
        var values = Array.ConvertAll(_arguments, argument => argument(activation));
        return _constructor.Invoke(values.AsSpan());
    }

    private static string DefaultName(Type type)
    {
        var name = type.Name.ToLowerInvariant();
        return name.Length > 5 && name.EndsWith("grain", StringComparison.Ordinal) ? name[..^5] : name;
    }

    private Func<Activation, object?> Argument(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        if (parameter.GetCustomAttribute<PersistentStateAttribute>() is { } state)
        {
            if (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(IPersistentState<>))
                throw new NotSupportedException($"{Type}: [PersistentState] parameter {parameter.Name} must be an IPersistentState<T>.");

            var bridge = ConstructorInvoker.Create(typeof(StoredState<>).MakeGenericType(type.GenericTypeArguments).GetConstructors(BindingFlags.Instance | BindingFlags.NonPublic)[0]);
            return activation => bridge.Invoke(activation, state);
        }

        if (type == typeof(IGrainContext)) return static activation => activation;
        return parameter.HasDefaultValue
            ? activation => activation.ServicesFor(type).GetService(type) ?? parameter.DefaultValue
            : parameter.GetCustomAttribute<FromKeyedServicesAttribute>() is { } keyed
            ? activation => activation.ActivationServices.GetRequiredKeyedService(type, keyed.Key)
            : activation => activation.ServicesFor(type).GetRequiredService(type);
    }
}
