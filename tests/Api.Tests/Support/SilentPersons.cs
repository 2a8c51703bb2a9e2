using System.Reflection;
using Gongji.Grains;
using Orleans;

namespace Gongji.Api.Tests.Support;

/// <summary>A grain factory whose persons do not answer: every call of one runs out of time.</summary>
public class SilentPersons : DispatchProxy
{
    private IGrainFactory? _grains;

    /// <param name="grains">Reaches all other grains.</param>
    public static IGrainFactory Around(IGrainFactory grains)
    {
        IGrainFactory proxy = Create<IGrainFactory, SilentPersons>();
        ((SilentPersons)(object)proxy)._grains = grains;
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod!.ReturnType == typeof(IInsuredPersonGrain) ? Create<IInsuredPersonGrain, SilentPerson>() : targetMethod.Invoke(_grains, args);

    /// <summary>A person who does not answer.</summary>
    public class SilentPerson : DispatchProxy
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => throw new TimeoutException("Refused by a test.");
    }
}
