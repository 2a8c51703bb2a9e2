namespace Orleans.Core;

/// <summary>A stored value.</summary>
public interface IStorage
{
    /// <summary>The version read or written last, or null.</summary>
    string? Etag { get; }

    /// <summary>Whether the value exists in storage.</summary>
    bool RecordExists { get; }

    /// <summary>Removes the value.</summary>
    Task ClearStateAsync();

    /// <summary>Removes the value.</summary>
    Task ClearStateAsync(CancellationToken cancellationToken) => ClearStateAsync();

    /// <summary>Reads the value again.</summary>
    Task ReadStateAsync();

    /// <summary>Reads the value again.</summary>
    Task ReadStateAsync(CancellationToken cancellationToken) => ReadStateAsync();

    /// <summary>Writes the value.</summary>
    /// <exception cref="Orleans.Storage.InconsistentStateException">Someone else has written the value since it was read.</exception>
    Task WriteStateAsync();

    /// <summary>Writes the value.</summary>
    Task WriteStateAsync(CancellationToken cancellationToken) => WriteStateAsync();
}

/// <summary>A stored value of a type.</summary>
public interface IStorage<TState> : IStorage
{
    /// <summary>The value in memory.</summary>
    TState State { get; set; }
}
