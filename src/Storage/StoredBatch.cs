namespace Gongji.Storage;

/// <summary>A batch as read back from the store.</summary>
/// <param name="Chain">Its chain.</param>
/// <param name="Sequence">Its place there, from 1.</param>
/// <param name="PreviousHash">The hash of the batch before.</param>
/// <param name="Hash">Its own.</param>
/// <param name="EntryCount">How many entries it should have.</param>
/// <param name="Entries">The entries that it has.</param>
/// <param name="OpenDay">The batch's open day: the earliest day that its entries count on.</param>
/// <param name="OpenBefore">The latest open day of batches that were written before it, where the store knows their order over all chains.</param>
/// <param name="IsThere">False when only its entries are there, but not the batch's own row.</param>
public sealed record StoredBatch(int Chain, long Sequence, byte[] PreviousHash, byte[] Hash, int EntryCount, IReadOnlyList<EncodedEntry> Entries, DateOnly OpenDay = default, DateOnly OpenBefore = default, bool IsThere = true);
