namespace Gongji.Storage;

/// <summary>A row of the batches table.</summary>
internal readonly record struct BatchRow(long Id, byte[] PreviousHash, byte[] Hash, int EntryCount, DateOnly OpenDay, DateOnly OpenBefore = default);

/// <summary>Joins batch rows with their entries, both streamed by batch id.</summary>
internal static class BatchMerge
{
    /// <summary>Entries whose batch has no row are returned as a batch that is not there (<see cref="StoredBatch.IsThere"/>), so that an audit sees them.</summary>
    public static async IAsyncEnumerable<StoredBatch> MergeAsync(
        IAsyncEnumerable<BatchRow> batches, IAsyncEnumerable<(long Batch, IReadOnlyList<EncodedEntry> Entries)> entries)
    {
        IAsyncEnumerator<BatchRow> batch = batches.GetAsyncEnumerator();
        await using (batch.ConfigureAwait(false))
        {
            IAsyncEnumerator<(long Batch, IReadOnlyList<EncodedEntry> Entries)> own = entries.GetAsyncEnumerator();
            await using (own.ConfigureAwait(false))
            {
                bool hasBatch = await batch.MoveNextAsync().ConfigureAwait(false);
                bool hasOwn = await own.MoveNextAsync().ConfigureAwait(false);
                while (hasBatch || hasOwn)
                {
                    bool orphans = hasOwn && (!hasBatch || own.Current.Batch < batch.Current.Id);
                    bool isOwned = hasOwn && (orphans || own.Current.Batch == batch.Current.Id);
                    BatchRow row = orphans ? new BatchRow(own.Current.Batch, [], [], 0, default) : batch.Current;
                    yield return new StoredBatch(
                        (int)(row.Id >> 32), row.Id & uint.MaxValue, row.PreviousHash, row.Hash, row.EntryCount, isOwned ? own.Current.Entries : [], row.OpenDay, row.OpenBefore, !orphans);
                    hasOwn = isOwned ? await own.MoveNextAsync().ConfigureAwait(false) : hasOwn;
                    hasBatch = orphans ? hasBatch : await batch.MoveNextAsync().ConfigureAwait(false);
                }
            }
        }
    }

    /// <summary>Groups entries that arrive one by one, batch after batch.</summary>
    public static async IAsyncEnumerable<(long Batch, IReadOnlyList<EncodedEntry> Entries)> GroupAsync(IAsyncEnumerable<(long Batch, EncodedEntry Entry)> entries)
    {
        long batch = 0;
        List<EncodedEntry> own = [];
        await foreach ((long id, EncodedEntry entry) in entries.ConfigureAwait(false))
        {
            if (own.Count > 0 && id != batch)
            {
                yield return (batch, own);
                own = [];
            }

            batch = id;
            own.Add(entry);
        }

        if (own.Count > 0)
        {
            yield return (batch, own);
        }
    }
}
