using Gongji.Ledger;

namespace Gongji.Storage;

/// <summary>Turns queued entries into a batch: its place, its hash, its deltas, and which entries need proof of their predecessor.</summary>
internal sealed class BatchSealer(TimeProvider clock)
{
    private long _sealing;

    /// <param name="head">The head of the chain, which the batch follows.</param>
    /// <param name="batch">The entries.</param>
    /// <param name="openDay">The store's open day, as far as is known; the store refuses a batch sealed for another day.</param>
    public SealedBatch Seal(ChainHead head, List<PendingEntry> batch, DateOnly openDay)
    {
        _sealing++;
        openDay = ClearingDays.OpenAfter(openDay, batch.Select(pending => pending.Entry));
        EncodedEntry[] entries = new EncodedEntry[batch.Count];
        List<int> unproven = [];
        Dictionary<DeltaKey, DeltaSum> deltas = [];
        for (int i = 0; i < entries.Length; i++)
        {
            PendingEntry pending = batch[i];
            Entry entry = pending.Entry;
            entries[i] = new EncodedEntry(entry, pending.Detail);

            // Within a batch, a writer's later entries follow its first one; only the first follows an entry that this journal has not seen.
            if (!pending.Writer.IsProven && pending.Writer.SealedIn != _sealing)
            {
                pending.Writer.SealedIn = _sealing;
                if (entry.Version > 1)
                {
                    unproven.Add(i);
                }
            }

            Deltas.AddTo(deltas, entry, openDay);
        }

        byte[] hash = HashChain.Next(head.Hash, entries.Select(entry => (entry.Entry, entry.Detail)), openDay);
        return new SealedBatch(
            head.Chain, head.Sequence + 1, head.Hash, hash, BusinessTime.ToMilliseconds(clock.GetUtcNow()), entries, deltas, unproven, openDay);
    }

    /// <summary>A batch without entries, which does nothing but take its place.</summary>
    public static SealedBatch SealEmpty(ChainHead head, TimeProvider clock) =>
        new(head.Chain, head.Sequence + 1, head.Hash, HashChain.Next(head.Hash, []), BusinessTime.ToMilliseconds(clock.GetUtcNow()), [], [], []);
}
