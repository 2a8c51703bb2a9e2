namespace Gongji.LocalRuntime.Engine;

/// <summary>What a grain interface may contain here, and what to do instead of the rest.</summary>
internal static class GrainMethodRules
{
    internal static void Check(MethodInfo method)
    {
        if (Problem(method) is var (what, instead))
            throw new NotSupportedException($"The grain method {method.DeclaringType}.{method.Name} {what}, which this runtime does not support: {instead}.");
    }

    private static (string What, string Instead)? Problem(MethodInfo method)
    {
        var returned = method.ReturnType;
        var shape = returned.IsGenericType ? returned.GetGenericTypeDefinition() : returned;
        if (method.IsSpecialName) return ("is a property or event accessor", "make it a method that returns a Task");
        if (method.IsGenericMethod) return ("is generic", "write one method per type, or make the argument a base type");
        if (Array.Find(method.GetParameters(), each => each.ParameterType.IsByRef || each.ParameterType.IsByRefLike) is { } parameter)
            return ($"takes {parameter.ParameterType} {parameter.Name}", "pass a value that can be kept, and return a result");
        if (shape != typeof(Task) && shape != typeof(ValueTask) && shape != typeof(Task<>) && shape != typeof(ValueTask<>))
            return ($"returns {returned}", "return Task, Task<T>, ValueTask or ValueTask<T>; for a sequence return pages, for events use a stream");
        return null;
    }
}
