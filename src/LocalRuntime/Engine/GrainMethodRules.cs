namespace Gongji.LocalRuntime.Engine;

/// <summary>What a grain interface may contain here, and what to do instead of the rest.</summary>
internal static class GrainMethodRules
{
    internal static void Check(MethodInfo method)
    {
        if (method.IsSpecialName)
            throw Unsupported(method, "is a property or event accessor", "make it a method that returns a Task");

        if (method.IsGenericMethod)
            throw Unsupported(method, "is generic", "write one method per type, or make the argument a base type");

        foreach (var parameter in method.GetParameters())
        {
            if (parameter.ParameterType.IsByRef)
            {
                throw Unsupported(method, $"has the ref, in or out parameter {parameter.Name}", "pass a value and return a result");
            }

            if (parameter.ParameterType.IsByRefLike)
            {
                throw Unsupported(method, $"has the parameter {parameter.Name}, which cannot outlive a stack frame", "pass an array or a Memory");
            }
        }

        var returned = method.ReturnType;
        var shape = returned.IsGenericType ? returned.GetGenericTypeDefinition() : returned;
        if (shape != typeof(Task) && shape != typeof(ValueTask) && shape != typeof(Task<>) && shape != typeof(ValueTask<>))
        {
            throw Unsupported(method, $"returns {returned}", "return Task, Task<T>, ValueTask or ValueTask<T>; for a sequence return pages, for events use a stream");
        }
    }

    private static NotSupportedException Unsupported(MethodInfo method, string what, string instead) =>
        new($"The grain method {method.DeclaringType}.{method.Name} {what}, which this runtime does not support: {instead}.");
}
