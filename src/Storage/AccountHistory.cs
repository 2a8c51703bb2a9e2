using Gongji.Ledger;

namespace Gongji.Storage;

/// <summary>What an activation starts from.</summary>
/// <param name="Snapshot">The newest snapshot; null when there is none.</param>
/// <param name="SnapshotVersion">Its version; 0 without one.</param>
/// <param name="AtSnapshot">The entry of that version, which the snapshot is checked against; null when there is none.</param>
/// <param name="Entries">The entries after that version, in order.</param>
public sealed record AccountHistory(byte[]? Snapshot, long SnapshotVersion, Entry? AtSnapshot, IReadOnlyList<Entry> Entries)
{
    /// <summary>Makes a history of a snapshot and of entries that begin at its version or before.</summary>
    public static AccountHistory Of(byte[]? snapshot, long snapshotVersion, List<Entry> entries)
    {
        Entry? atSnapshot = entries.Find(entry => entry.Version == snapshotVersion);
        entries.RemoveAll(entry => entry.Version <= snapshotVersion);
        return new AccountHistory(snapshot, snapshotVersion, atSnapshot, entries);
    }
}
