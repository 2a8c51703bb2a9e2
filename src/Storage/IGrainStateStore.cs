namespace Gongji.Storage;

/// <summary>Small versioned documents: grain state that is not money (region rules).</summary>
public interface IGrainStateStore
{
    /// <summary>The document and its ETag, or nulls when there is none.</summary>
    Task<(byte[]? Payload, string? ETag)> ReadAsync(string name, string key, CancellationToken cancellationToken);

    /// <summary>Writes when the ETag still is the stored one (null: none stored); returns the new ETag, or null when another writer was first.</summary>
    /// <exception cref="StoreUnavailableException">The document may or may not be written: read it again.</exception>
    Task<string?> WriteAsync(string name, string key, byte[] payload, string? etag, CancellationToken cancellationToken);

    /// <summary>Removes when the ETag still is the stored one; false when another writer was first.</summary>
    /// <exception cref="StoreUnavailableException">The document may or may not be removed: read it again.</exception>
    Task<bool> ClearAsync(string name, string key, string? etag, CancellationToken cancellationToken);
}
