namespace Gongji.Storage;

/// <summary>A snapshot to be written behind the ledger.</summary>
public sealed record AccountSnapshot(string Account, long Version, byte[] State);
