namespace Orleans.Storage;

/// <summary>The stored state is not the one that was read: another activation wrote it.</summary>
public class InconsistentStateException : OrleansException
{
    /// <summary>Makes an exception.</summary>
    public InconsistentStateException(string message) : base(message) { }

    /// <summary>Makes an exception.</summary>
    public InconsistentStateException(string errorMsg, string? storedEtag, string? currentEtag)
        : base($"{errorMsg} Stored etag: {storedEtag ?? "none"}, current: {currentEtag ?? "none"}.") =>
        (StoredEtag, CurrentEtag) = (storedEtag, currentEtag);

    /// <summary>Makes an exception.</summary>
    public InconsistentStateException(string message, Exception? innerException) : base(message, innerException!) { }

    /// <summary>The etag in storage.</summary>
    public string? StoredEtag { get; }

    /// <summary>The etag the writer had.</summary>
    public string? CurrentEtag { get; }

    /// <summary>True until the activation that wrote is dropped. Activations that the exception passes through after that are not dropped.</summary>
    internal bool IsSourceActivation { get; set; } = true;
}
