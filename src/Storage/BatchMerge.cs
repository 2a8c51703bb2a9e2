namespace Gongji.Storage;

/// <summary>A row of the batches table.</summary>
internal readonly record struct BatchRow(long Id, byte[] PreviousHash, byte[] Hash, int EntryCount, DateOnly OpenDay);

/// <summary>Joins batch rows with their entries, both streamed by batch id.</summary>
internal static class BatchMerge
{
    /// <summary>
    /// Entries whose batch has no row come as a batch without hashes and with an entry count of 0, so that an audit sees them.
    /// </summary>
    public static async IAsyncEnumerable<StoredBatch> MergeAsync(IAsyncEnumerable<BatchRow> batches, IAsyncEnumerable<(long Batch, EncodedEntry Entry)> entries)
    {
        IAsyncEnumerator<BatchRow> batch = batches.GetAsyncEnumerator();
        await using (batch.ConfigureAwait(false))
        {
            IAsyncEnumerator<(long Batch, EncodedEntry Entry)> entry = entries.GetAsyncEnumerator();
            await using (entry.ConfigureAwait(false))
            {
                bool hasBatch = await batch.MoveNextAsync().ConfigureAwait(false);
                bool hasEntry = await entry.MoveNextAsync().ConfigureAwait(false);
                while (hasBatch || hasEntry)
                {
                    bool orphans = hasEntry && (!hasBatch || entry.Current.Batch < batch.Current.Id);
                    BatchRow row = orphans ? new BatchRow(entry.Current.Batch, [], [], 0, default) : batch.Current;
                    List<EncodedEntry> own = new(row.EntryCount);
                    while (hasEntry && entry.Current.Batch == row.Id)
                    {
                        own.Add(entry.Current.Entry);
                        hasEntry = await entry.MoveNextAsync().ConfigureAwait(false);
                    }

                    yield return new StoredBatch((int)(row.Id >> 32), row.Id & uint.MaxValue, row.PreviousHash, row.Hash, row.EntryCount, own, row.OpenDay);
                    if (!orphans)
                    {
                        hasBatch = await batch.MoveNextAsync().ConfigureAwait(false);
                    }
                }
            }
        }
    }
}
