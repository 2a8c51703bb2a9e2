namespace Gongji.Client;

/// <summary>An item of a structured field (RFC 8941, 3.3) with its parameters, in their order.</summary>
/// <param name="Value">A <see cref="long"/>, <see cref="decimal"/>, <see cref="string"/>, <see cref="FieldToken"/>, <see cref="bool"/> or byte array.</param>
/// <param name="Parameters">The parameters; values have the same types.</param>
public sealed record FieldItem(object Value, IReadOnlyList<KeyValuePair<string, object>> Parameters)
{
    /// <summary>An item without parameters.</summary>
    public static FieldItem Of(object value) => new(value, []);
}
