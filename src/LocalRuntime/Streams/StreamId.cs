namespace Orleans.Runtime;

/// <summary>A stream's identity: a namespace and a key.</summary>
public readonly record struct StreamId
{
    private readonly string? _namespace;
    private readonly string _key;

    private StreamId(string? streamNamespace, string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        _namespace = streamNamespace;
        _key = key;
    }

    /// <summary>Creates an identity.</summary>
    public static StreamId Create(string? ns, string key) => new(ns, key);

    public override int GetHashCode() => unchecked(((_namespace is null ? 0 : IdSpan.StableHash(_namespace)) * 31) + IdSpan.StableHash(_key));

    public override string ToString() => $"{_namespace}/{_key}";
}
