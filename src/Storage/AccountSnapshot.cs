namespace Gongji.Storage;

/// <summary>A snapshot to write behind.</summary>
public sealed record AccountSnapshot(string Account, long Version, byte[] State);
