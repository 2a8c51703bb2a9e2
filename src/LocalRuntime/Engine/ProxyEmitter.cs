using System.Reflection.Emit;

namespace Gongji.LocalRuntime.Engine;

/// <summary>
/// Emits, once per grain interface, a proxy class that implements it, and once per method a request class that holds the
/// arguments and calls the grain: no reflection and no boxing per call. Arguments and results are passed by reference:
/// messages must be immutable.
/// </summary>
internal static class ProxyEmitter
{
    private const BindingFlags Members = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
    private static readonly Lock Gate = new();
    private static readonly ConcurrentDictionary<Type, Type> Proxies = new();
    private static readonly AssemblyBuilder Assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Gongji.LocalRuntime.Proxies"), AssemblyBuilderAccess.Run);
    private static readonly ModuleBuilder Module = Assembly.DefineDynamicModule("Proxies");
    private static readonly HashSet<string> Friends = [];
    private static readonly ConstructorInfo FriendAttribute = EmitFriendAttribute();

    /// <summary>The proxy class of an interface.</summary>
    /// <exception cref="NotSupportedException">The interface has something that this runtime cannot call.</exception>
    internal static Type ProxyOf(Type grainInterface)
    {
        if (Proxies.TryGetValue(grainInterface, out var known)) return known;
        lock (Gate) return Proxies.GetOrAdd(grainInterface, Emit);
    }

    private static Type Emit(Type grainInterface)
    {
        var methods = grainInterface.GetInterfaces().Prepend(grainInterface).SelectMany(each => each.GetMethods()).Where(each => each.IsAbstract && !each.IsStatic).ToList();
        methods.ForEach(GrainMethodRules.Check);
        Befriend(typeof(ProxyEmitter));
        Befriend(grainInterface);
        var proxy = Module.DefineType($"{grainInterface.FullName}.Proxy", TypeAttributes.Public | TypeAttributes.Sealed, typeof(GrainReference), [grainInterface]);
        proxy.DefineDefaultConstructor(MethodAttributes.Public);
        for (var i = 0; i < methods.Count; i++) EmitProxyMethod(proxy, methods[i], EmitRequest(grainInterface, methods[i], i));
        return proxy.CreateType();
    }

    private static void EmitProxyMethod(TypeBuilder proxy, MethodInfo method, Type request)
    {
        var parameters = method.GetParameters();
        var types = Array.ConvertAll(parameters, each => each.ParameterType);
        var builder = proxy.DefineMethod($"{method.DeclaringType!.Name}.{method.Name}", MethodAttributes.Private | MethodAttributes.Virtual | MethodAttributes.Final | MethodAttributes.HideBySig | MethodAttributes.NewSlot, method.ReturnType, types);
        var il = builder.GetILGenerator();
        var call = il.DeclareLocal(request);
        il.Emit(OpCodes.Newobj, request.GetConstructor(Type.EmptyTypes)!);
        il.Emit(OpCodes.Stloc, call);
        for (var i = 0; i < types.Length; i++)
        {
            il.Emit(OpCodes.Ldloc, call);
            il.Emit(OpCodes.Ldarg, (short)(i + 1));
            il.Emit(OpCodes.Stfld, request.GetField($"Argument{i}")!);
        }

        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldloc, call);
        var token = Array.FindIndex(types, each => each == typeof(CancellationToken));
        if (token >= 0) il.Emit(OpCodes.Ldarg, (short)(token + 1));
        else il.Emit(OpCodes.Ldloc, il.DeclareLocal(typeof(CancellationToken)));
        var result = ResultOf(method);
        il.Emit(OpCodes.Call, typeof(GrainReference).GetMethod(nameof(GrainReference.Send), Members)!.MakeGenericMethod(result));
        if (method.ReturnType == typeof(ValueTask) || (method.ReturnType.IsValueType && method.ReturnType.IsGenericType))
        {
            var waited = method.ReturnType.IsGenericType ? typeof(Task<>).MakeGenericType(result) : typeof(Task);
            il.Emit(OpCodes.Newobj, method.ReturnType.GetConstructor([waited])!);
        }

        il.Emit(OpCodes.Ret);
        proxy.DefineMethodOverride(builder, method);
    }

    private static Type ResultOf(MethodInfo method) => method.ReturnType.IsGenericType ? method.ReturnType.GenericTypeArguments[0] : typeof(Nothing);

    private static Type EmitRequest(Type grainInterface, MethodInfo method, int index)
    {
        var returned = method.ReturnType;
        var parent = returned.IsGenericType ? typeof(Request<>).MakeGenericType(returned.GenericTypeArguments) : typeof(VoidRequest);
        var type = Module.DefineType($"{grainInterface.FullName}.{method.Name}{index}", TypeAttributes.Public | TypeAttributes.Sealed, parent);
        type.DefineDefaultConstructor(MethodAttributes.Public);
        var described = type.DefineField("Described", typeof(CallMethod), FieldAttributes.Public | FieldAttributes.Static);
        var parameters = method.GetParameters();
        var fields = new FieldBuilder[parameters.Length];
        for (var i = 0; i < fields.Length; i++)
        {
            Befriend(parameters[i].ParameterType);
            fields[i] = type.DefineField($"Argument{i}", parameters[i].ParameterType, FieldAttributes.Public);
        }

        Befriend(returned);
        Override(type, parent, "get_Method", il => il.Emit(OpCodes.Ldsfld, described));
        Override(type, parent, returned.IsGenericType ? "Call" : nameof(VoidRequest.CallVoid), il => EmitCall(il, method, fields));
        var created = type.CreateType();
        created.GetField("Described")!.SetValue(null, new CallMethod(method));
        return created;
    }

    private static void Override(TypeBuilder type, Type parent, string name, Action<ILGenerator> body)
    {
        var overridden = parent.GetMethod(name, Members)!;
        var builder = type.DefineMethod(
            name,
            (overridden.Attributes & MethodAttributes.MemberAccessMask) | MethodAttributes.Virtual | MethodAttributes.HideBySig,
            overridden.ReturnType,
            Array.ConvertAll(overridden.GetParameters(), each => each.ParameterType));
        var il = builder.GetILGenerator();
        body(il);
        il.Emit(OpCodes.Ret);
        type.DefineMethodOverride(builder, overridden);
    }

    private static void EmitCall(ILGenerator il, MethodInfo method, FieldBuilder[] fields)
    {
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Castclass, method.DeclaringType!);
        foreach (var field in fields)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldfld, field);
        }

        il.Emit(OpCodes.Callvirt, method);
        if (method.ReturnType == typeof(Task))
            il.Emit(OpCodes.Newobj, typeof(ValueTask).GetConstructor([typeof(Task)])!);
        else if (method.ReturnType.IsGenericType && method.ReturnType.GetGenericTypeDefinition() == typeof(Task<>))
            il.Emit(OpCodes.Newobj, typeof(ValueTask<>).MakeGenericType(method.ReturnType.GenericTypeArguments).GetConstructor([method.ReturnType])!);
    }

    /// <summary>Lets the emitted code see internal types, such as a grain interface that is not public. .NET recognises the attribute by its name.</summary>
    private static void Befriend(Type type)
    {
        foreach (var argument in type.GenericTypeArguments) Befriend(argument);

        var name = type.Assembly.GetName().Name!;
        if (Friends.Add(name)) Assembly.SetCustomAttribute(new CustomAttributeBuilder(FriendAttribute, [name]));
    }

    private static ConstructorInfo EmitFriendAttribute()
    {
        var type = Module.DefineType("System.Runtime.CompilerServices.IgnoresAccessChecksToAttribute", TypeAttributes.Public | TypeAttributes.Sealed, typeof(Attribute));
        var constructor = type.DefineConstructor(MethodAttributes.Public, CallingConventions.HasThis, [typeof(string)]);
        var il = constructor.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Call, typeof(Attribute).GetConstructor(Members, Type.EmptyTypes)!);
        il.Emit(OpCodes.Ret);
        return type.CreateType().GetConstructors()[0];
    }
}
