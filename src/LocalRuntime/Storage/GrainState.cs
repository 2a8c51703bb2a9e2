namespace Orleans;

/// <summary>A grain's state as storage sees it.</summary>
public interface IGrainState<T>
{
    /// <summary>The state.</summary>
    T? State { get; set; }

    /// <summary>The version read or written last, or null.</summary>
    string? ETag { get; set; }

    /// <summary>Whether the state exists in storage.</summary>
    bool RecordExists { get; set; }
}

/// <summary>A grain's state as storage sees it.</summary>
public sealed class GrainState<T> : IGrainState<T>
{
    public T? State { get; set; }

    public string? ETag { get; set; }

    public bool RecordExists { get; set; }
}
