namespace Orleans.Runtime;

/// <summary>A grain's stored state, injected into its constructor and read before it is activated.</summary>
public interface IPersistentState<TState> : IStorage<TState>;

/// <summary>Marks a constructor parameter as stored state.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public class PersistentStateAttribute(string stateName, string? storageName = null) : Attribute
{
    /// <summary>The state's name.</summary>
    public string StateName { get; } = stateName;

    /// <summary>The storage's name; null means the default one.</summary>
    public string? StorageName { get; } = storageName;
}
