namespace Gongji.Client;

/// <summary>A member of a structured dictionary (RFC 8941, 3.2): an item, or an inner list of items, with parameters.</summary>
/// <param name="Name">The member's key.</param>
/// <param name="Value">The value of an item; null for an inner list.</param>
/// <param name="Items">The items of an inner list; null for an item.</param>
/// <param name="Parameters">The parameters, in their order.</param>
public sealed record FieldMember(
    string Name, object? Value, IReadOnlyList<FieldItem>? Items, IReadOnlyList<KeyValuePair<string, object>> Parameters)
{
    /// <summary>A parameter's value; null when it is absent.</summary>
    public object? Parameter(string name)
    {
        // A linear search: a dictionary of five parameters would cost more than it saves.
        for (int index = 0; index < Parameters.Count; index++)
        {
            if (Parameters[index].Key == name)
            {
                return Parameters[index].Value;
            }
        }

        return null;
    }
}
