namespace Gongji.Storage;

/// <summary>A batch as it was read back.</summary>
public sealed record StoredBatch(int Chain, long Sequence, byte[] PreviousHash, byte[] Hash, int EntryCount, IReadOnlyList<EncodedEntry> Entries, DateOnly OpenDay = default);
