using Gongji.Ledger;

namespace Gongji.Storage.Tests;

/// <summary>Commits batches to a store by hand, as a journal partition would.</summary>
internal sealed class TestChain(ILedgerStore store, int chain)
{
    public ChainHead Head { get; private set; } = new(chain, 0, HashChain.Genesis(chain));

    public static async Task<TestChain> OpenAsync(ILedgerStore store) => new(store, await store.OpenChainAsync("test", 0, Book.Noon, default));

    /// <summary>The open day that batches are sealed for.</summary>
    public DateOnly OpenDay { get; set; } = ClearingDays.First;

    /// <summary>The chain as it will be once a batch in flight is committed.</summary>
    public TestChain After(SealedBatch batch) => new(store, batch.Chain) { Head = new ChainHead(batch.Chain, batch.Sequence, batch.Hash), OpenDay = OpenDay };

    public SealedBatch Seal(params Entry[] entries)
    {
        DateOnly openDay = ClearingDays.OpenAfter(OpenDay, entries);
        EncodedEntry[] encoded = [.. entries.Select(entry => new EncodedEntry(entry, EntryDetailCodec.Encode(entry.Detail)))];
        byte[] hash = HashChain.Next(Head.Hash, encoded.Select(entry => (entry.Entry, entry.Detail)), openDay);
        return new SealedBatch(Head.Chain, Head.Sequence + 1, Head.Hash, hash, Book.Noon, encoded, Deltas.Aggregate(entries, openDay), null, openDay);
    }

    public Task<CommitResult> TryAsync(params Entry[] entries) => TryAsync(Seal(entries));

    public async Task<CommitResult> TryAsync(SealedBatch batch)
    {
        CommitResult result = await store.CommitAsync(batch, default);
        if (result.Status == CommitStatus.Committed)
        {
            Head = new ChainHead(batch.Chain, batch.Sequence, batch.Hash);
        }

        return result;
    }

    public async Task CommitAsync(params Entry[] entries) => Assert.Equal(CommitStatus.Committed, (await TryAsync(entries)).Status);
}
