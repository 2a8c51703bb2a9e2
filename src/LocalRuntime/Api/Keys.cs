namespace Orleans.Runtime;

/// <summary>An identifier: part of a grain's identity.</summary>
public readonly record struct IdSpan
{
    private readonly string? _value;
    private readonly int _hash;

    private IdSpan(string value) => (_value, _hash) = (value, StableHash(value));

    /// <summary>Whether this is the default, empty value.</summary>
    public bool IsDefault => _value is null;

    /// <summary>Creates an identifier from text.</summary>
    public static IdSpan Create(string id)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return new IdSpan(id);
    }

    public bool Equals(IdSpan obj) => _hash == obj._hash && string.Equals(_value, obj._value, StringComparison.Ordinal);

    public override int GetHashCode() => _hash;

    public override string ToString() => _value ?? "";

    // Not string.GetHashCode, which differs between processes: a simulation must replay in another process.
    internal static int StableHash(string value)
    {
        var hash = 2166136261u;
        foreach (var letter in value) hash = unchecked((hash ^ letter) * 16777619u);

        return unchecked((int)(hash ^ (hash >> 15)));
    }
}

/// <summary>The name of a grain class.</summary>
public readonly record struct GrainType
{
    /// <summary>Makes a grain type.</summary>
    public GrainType(IdSpan id) => Value = id;

    /// <summary>Whether this is the default, empty value.</summary>
    public bool IsDefault => Value.IsDefault;

    /// <summary>The name.</summary>
    public IdSpan Value { get; }

    /// <summary>Creates a grain type from its name.</summary>
    public static GrainType Create(string value) => new(IdSpan.Create(value));

    public bool Equals(GrainType obj) => Value.Equals(obj.Value);

    public override int GetHashCode() => Value.GetHashCode();

    public override string ToString() => Value.ToString();
}

/// <summary>A grain's identity: its type and its key.</summary>
public readonly record struct GrainId
{
    /// <summary>Makes an identity.</summary>
    public GrainId(GrainType type, IdSpan key) => (Type, Key) = (type, key);

    /// <summary>The key.</summary>
    public IdSpan Key { get; }

    /// <summary>The grain type.</summary>
    public GrainType Type { get; }

    /// <summary>Creates an identity.</summary>
    public static GrainId Create(GrainType type, IdSpan key) => new(type, key);

    /// <summary>Creates an identity.</summary>
    public static GrainId Create(GrainType type, string key) => new(type, IdSpan.Create(key));

    /// <summary>Creates an identity.</summary>
    public static GrainId Create(string type, string key) => Create(GrainType.Create(type), key);

    public bool Equals(GrainId other) => Key.Equals(other.Key) && Type.Equals(other.Type);

    public override int GetHashCode() => unchecked((Type.GetHashCode() * 31) + Key.GetHashCode());

    public override string ToString() => $"{Type}/{Key}";
}

/// <summary>Integer and GUID keys, which are written as text in an identity.</summary>
public static class GrainIdKeyExtensions
{
    /// <summary>Writes an integer key.</summary>
    public static IdSpan CreateIntegerKey(long key) => IdSpan.Create(key.ToString("X", CultureInfo.InvariantCulture));

    /// <summary>Writes a GUID key.</summary>
    public static IdSpan CreateGuidKey(Guid key) => IdSpan.Create(key.ToString("N"));

    /// <summary>Reads an integer key.</summary>
    /// <exception cref="ArgumentException">The key is not an integer.</exception>
    public static long GetIntegerKey(this GrainId grainId) =>
        long.TryParse(grainId.Key.ToString(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var key)
            ? key
            : throw new ArgumentException($"The key of {grainId} is not an integer.", nameof(grainId));

    /// <summary>Reads a GUID key.</summary>
    /// <exception cref="ArgumentException">The key is not a GUID.</exception>
    public static Guid GetGuidKey(this GrainId grainId) =>
        Guid.TryParseExact(grainId.Key.ToString(), "N", out var key)
            ? key
            : throw new ArgumentException($"The key of {grainId} is not a GUID.", nameof(grainId));
}
