using Gongji.Ledger;

namespace Gongji.Storage;

/// <summary>What an activation starts from.</summary>
public sealed record AccountHistory(byte[]? Snapshot, long SnapshotVersion, IReadOnlyList<Entry> Entries);
