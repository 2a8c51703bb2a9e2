namespace Gongji.Client;

/// <summary>A member of a structured dictionary (RFC 8941, 3.2): an item, or an inner list of items, with parameters.</summary>
/// <param name="Name">Its key.</param>
/// <param name="Value">Of an item; null for an inner list.</param>
/// <param name="Items">Of an inner list; null for an item.</param>
/// <param name="Parameters">In the order in which they stand.</param>
public sealed record FieldMember(
    string Name, object? Value, IReadOnlyList<FieldItem>? Items, IReadOnlyList<KeyValuePair<string, object>> Parameters)
{
    /// <summary>A parameter's value; null when it is not there.</summary>
    public object? Parameter(string name)
    {
        // By hand: a dictionary of five would cost more than it saves.
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
