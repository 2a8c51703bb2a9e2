using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Gongji.LocalRuntime.Tests.Support;

/// <summary>The public and protected surface of an assembly as text, read without loading it or what it refers to.</summary>
internal sealed class ApiSurface
{
    private ApiSurface(IReadOnlyDictionary<string, ApiType> types) => Types = types;

    public IReadOnlyDictionary<string, ApiType> Types { get; }

    public static ApiSurface Read(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        var reader = file.GetMetadataReader();
        var names = new TypeNames();
        var types = new Dictionary<string, ApiType>();
        foreach (var handle in reader.TypeDefinitions)
        {
            var type = reader.GetTypeDefinition(handle);
            if (IsVisible(reader, type))
            {
                types.Add(names.GetTypeFromDefinition(reader, handle, 0), Describe(reader, names, type));
            }
        }

        return new ApiSurface(types);
    }

    private static bool IsVisible(MetadataReader reader, TypeDefinition type) => (type.Attributes & TypeAttributes.VisibilityMask) switch
    {
        TypeAttributes.Public => true,
        TypeAttributes.NestedPublic => IsVisible(reader, reader.GetTypeDefinition(type.GetDeclaringType())),
        _ => false,
    };

    private static ApiType Describe(MetadataReader reader, TypeNames names, TypeDefinition type)
    {
        var generics = Generics(reader, type.GetGenericParameters());
        var parent = type.BaseType.IsNil ? "none" : Name(reader, names, type.BaseType, generics);
        var kind = (type.Attributes & TypeAttributes.Interface) != 0 ? "interface"
            : parent switch
            {
                "System.Enum" => $"enum : {reader.GetFieldDefinition(type.GetFields().First()).DecodeSignature(names, generics)}",
                "System.ValueType" => "struct",
                "System.MulticastDelegate" => "delegate",
                _ => (type.Attributes & (TypeAttributes.Abstract | TypeAttributes.Sealed)) switch
                {
                    TypeAttributes.Abstract | TypeAttributes.Sealed => "static class",
                    TypeAttributes.Abstract => "abstract class",
                    TypeAttributes.Sealed => "sealed class",
                    _ => "class",
                },
            };
        var members = new List<string>();
        foreach (var handle in type.GetMethods())
        {
            var method = reader.GetMethodDefinition(handle);
            if (IsVisible(method.Attributes & MethodAttributes.MemberAccessMask))
            {
                members.Add(Describe(reader, names, method, generics));
            }
        }

        foreach (var handle in type.GetFields())
        {
            var field = reader.GetFieldDefinition(handle);
            if (IsVisible((MethodAttributes)(field.Attributes & FieldAttributes.FieldAccessMask)) && (field.Attributes & FieldAttributes.SpecialName) == 0)
            {
                members.Add($"{reader.GetString(field.Name)} : {field.Attributes} {field.DecodeSignature(names, generics)} {Constant(reader, field.GetDefaultValue())}");
            }
        }

        var bases = type.GetInterfaceImplementations().Select(each => Name(reader, names, reader.GetInterfaceImplementation(each).Interface, generics)).Append(parent);
        var constraints = string.Join(", ", type.GetGenericParameters().Select(each => Describe(reader, names, each, generics)));
        return new ApiType($"{kind}<{constraints}>", [.. members], [.. bases]);
    }

    private static string Describe(MetadataReader reader, TypeNames names, MethodDefinition method, ImmutableArray<string> typeGenerics)
    {
        var generics = typeGenerics.AddRange(Generics(reader, method.GetGenericParameters()));
        names.MethodGenericsStart = typeGenerics.Length;
        var signature = method.DecodeSignature(names, generics);
        var parameters = method.GetParameters().Select(reader.GetParameter).Where(each => each.SequenceNumber > 0).ToList();
        var described = signature.ParameterTypes.Select((type, index) =>
        {
            var parameter = parameters[index];
            var constant = Constant(reader, parameter.GetDefaultValue());
            return $"{parameter.Attributes & ~ParameterAttributes.HasDefault} {type} {reader.GetString(parameter.Name)}{constant}".Replace("None ", "", StringComparison.Ordinal);
        });
        var constraints = string.Join(", ", method.GetGenericParameters().Select(each => Describe(reader, names, each, generics)));
        var kind = method.Attributes & (MethodAttributes.MemberAccessMask | MethodAttributes.Static | MethodAttributes.Virtual | MethodAttributes.Abstract);

        // Two differences do not matter to grain code: whether an interface implementation is virtual and sealed, and "protected internal".
        if ((method.Attributes & (MethodAttributes.Virtual | MethodAttributes.Final)) == (MethodAttributes.Virtual | MethodAttributes.Final))
        {
            kind &= ~MethodAttributes.Virtual;
        }

        return $"{reader.GetString(method.Name)}<{constraints}>({string.Join(", ", described)}) : {kind} {signature.ReturnType}";
    }

    private static string Describe(MetadataReader reader, TypeNames names, GenericParameterHandle handle, ImmutableArray<string> generics)
    {
        var parameter = reader.GetGenericParameter(handle);
        var constraints = parameter.GetConstraints().Select(each => Name(reader, names, reader.GetGenericParameterConstraint(each).Type, generics));
        return $"{reader.GetString(parameter.Name)} {parameter.Attributes} {string.Join("&", constraints)}";
    }

    private static bool IsVisible(MethodAttributes access) =>
        access is MethodAttributes.Public or MethodAttributes.Family or MethodAttributes.FamORAssem;

    private static ImmutableArray<string> Generics(MetadataReader reader, GenericParameterHandleCollection parameters) =>
        [.. parameters.Select(each => reader.GetString(reader.GetGenericParameter(each).Name))];

    private static string Name(MetadataReader reader, TypeNames names, EntityHandle handle, ImmutableArray<string> generics) => handle.Kind switch
    {
        HandleKind.TypeDefinition => names.GetTypeFromDefinition(reader, (TypeDefinitionHandle)handle, 0),
        HandleKind.TypeReference => names.GetTypeFromReference(reader, (TypeReferenceHandle)handle, 0),
        _ => reader.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(names, generics),
    };

    private static string Constant(MetadataReader reader, ConstantHandle handle)
    {
        if (handle.IsNil)
        {
            return "";
        }

        var constant = reader.GetConstant(handle);
        return $" = {reader.GetBlobReader(constant.Value).ReadConstant(constant.TypeCode) ?? "null"}";
    }

    /// <summary>Writes signatures as text; a type that is only referred to needs no loaded assembly.</summary>
    private sealed class TypeNames : ISignatureTypeProvider<string, ImmutableArray<string>>
    {
        public int MethodGenericsStart { get; set; }

        public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
        {
            var type = reader.GetTypeDefinition(handle);
            return type.GetDeclaringType() is { IsNil: false } outer
                ? $"{GetTypeFromDefinition(reader, outer, 0)}+{reader.GetString(type.Name)}"
                : $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}";
        }

        public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
        {
            var type = reader.GetTypeReference(handle);
            return type.ResolutionScope.Kind == HandleKind.TypeReference
                ? $"{GetTypeFromReference(reader, (TypeReferenceHandle)type.ResolutionScope, 0)}+{reader.GetString(type.Name)}"
                : $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}";
        }

        public string GetTypeFromSpecification(MetadataReader reader, ImmutableArray<string> genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
            reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

        public string GetArrayType(string elementType, ArrayShape shape) => $"{elementType}[{new string(',', shape.Rank - 1)}]";

        public string GetByReferenceType(string elementType) => $"ref {elementType}";

        public string GetFunctionPointerType(MethodSignature<string> signature) => "function pointer";

        public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) => $"{genericType}<{string.Join(", ", typeArguments)}>";

        public string GetGenericMethodParameter(ImmutableArray<string> genericContext, int index) => genericContext[MethodGenericsStart + index];

        public string GetGenericTypeParameter(ImmutableArray<string> genericContext, int index) => genericContext[index];

        public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => unmodifiedType;

        public string GetPinnedType(string elementType) => elementType;

        public string GetPointerType(string elementType) => $"{elementType}*";

        public string GetPrimitiveType(PrimitiveTypeCode typeCode) => typeCode.ToString();

        public string GetSZArrayType(string elementType) => $"{elementType}[]";
    }
}

/// <summary>A type's surface as text.</summary>
internal sealed record ApiType(string Kind, string[] Members, string[] Bases)
{
    /// <summary>Members of the same name, for messages.</summary>
    public IEnumerable<string> Like(string member)
    {
        var name = member[..(member.IndexOf('<', StringComparison.Ordinal) is var end and > 0 ? end : member.IndexOf(' ', StringComparison.Ordinal))];
        return Members.Where(each => each.StartsWith(name, StringComparison.Ordinal));
    }
}
