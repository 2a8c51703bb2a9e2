namespace Gongji.LocalRuntime.Engine;

/// <summary>A method of a grain interface.</summary>
internal sealed class CallMethod(MethodInfo method)
{
    private readonly string _text = $"{method.DeclaringType!.FullName}.{method.Name}";

    internal MethodInfo Method { get; } = method;

    internal string Name { get; } = method.Name;

    internal string InterfaceName { get; } = method.DeclaringType!.FullName!;

    internal bool AlwaysInterleave { get; } = method.IsDefined(typeof(AlwaysInterleaveAttribute));

    internal bool ReadOnly { get; } = method.IsDefined(typeof(ReadOnlyAttribute));

    internal bool OneWay { get; init; } = method.IsDefined(typeof(OneWayAttribute));

    public override string ToString() => _text;
}
