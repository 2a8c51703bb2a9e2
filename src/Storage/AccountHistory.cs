using Gongji.Ledger;

namespace Gongji.Storage;

/// <summary>What an activation starts from.</summary>
/// <param name="Snapshot">The newest snapshot; null when there is none.</param>
/// <param name="SnapshotVersion">Its version; 0 without one.</param>
/// <param name="AtSnapshot">The entry of that version, which says whether the snapshot can be true; null when there is none.</param>
/// <param name="Entries">Those after it, in order.</param>
public sealed record AccountHistory(byte[]? Snapshot, long SnapshotVersion, Entry? AtSnapshot, IReadOnlyList<Entry> Entries)
{
    /// <summary>The history of a snapshot and entries that begin somewhere before its version, or at it.</summary>
    public static AccountHistory Of(byte[]? snapshot, long snapshotVersion, List<Entry> entries)
    {
        Entry? atSnapshot = entries.Find(entry => entry.Version == snapshotVersion);
        entries.RemoveAll(entry => entry.Version <= snapshotVersion);
        return new AccountHistory(snapshot, snapshotVersion, atSnapshot, entries);
    }
}
