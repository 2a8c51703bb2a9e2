using Gongji.Ledger;

namespace Gongji.Storage.Tests;

/// <summary>What must hold of any ledger: gapless versions, balances that follow, an intact hash chain, deltas and holds that equal the entries.</summary>
internal static class Verification
{
    public static async Task<List<Entry>> VerifyAsync(ILedgerStore store)
    {
        await using ILedgerScan scan = await store.OpenScanAsync(default);
        List<Entry> entries = await scan.ByAccountAsync(default).Select(item => item.Entry).ToListAsync();
        Entry? previous = null;
        foreach (Entry entry in entries)
        {
            Entry? last = previous?.Account == entry.Account ? previous : null;
            Assert.Equal((last?.Version ?? 0) + 1, entry.Version);
            Assert.Equal((last?.Balances ?? default) + entry.Amounts, entry.Balances);
            previous = entry;
        }

        Dictionary<int, ChainHead> heads = [];
        int inBatches = 0;
        Dictionary<DeltaKey, DeltaSum> expected = [];
        await foreach (StoredBatch batch in scan.ByBatchAsync(default))
        {
            ChainHead head = heads.GetValueOrDefault(batch.Chain) ?? new ChainHead(batch.Chain, 0, HashChain.Genesis(batch.Chain));
            Assert.Equal(head.Sequence + 1, batch.Sequence);
            Assert.Equal(head.Hash, batch.PreviousHash);
            Assert.Equal(batch.EntryCount, batch.Entries.Count);
            Assert.Equal(batch.Hash, HashChain.Next(head.Hash, batch.Entries.Select(entry => (entry.Entry, entry.Detail)), batch.OpenDay));
            heads[batch.Chain] = new ChainHead(batch.Chain, batch.Sequence, batch.Hash);
            inBatches += batch.Entries.Count;
            foreach (EncodedEntry entry in batch.Entries)
            {
                Deltas.AddTo(expected, entry.Entry, batch.OpenDay);
            }
        }

        Assert.Equal(entries.Count, inBatches);
        Dictionary<DeltaKey, DeltaSum> deltas = new(await scan.DeltasAsync(default).ToListAsync());
        Assert.Equal(expected.OrderBy(delta => delta.Key.ToString()), deltas.OrderBy(delta => delta.Key.ToString()));
        HashSet<Guid> ended = [.. entries.Where(entry => entry.Leg == Leg.Outcome).Select(entry => entry.Operation)];
        Assert.Equal(
            entries.Where(entry => entry.Kind == EntryKind.Hold && !ended.Contains(entry.Operation)).Select(entry => entry.Operation).Order(),
            (await scan.HoldsAsync(default).ToListAsync()).Select(hold => hold.Operation));
        return entries;
    }
}
