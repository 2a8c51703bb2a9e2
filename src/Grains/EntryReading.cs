using Gongji.Ledger;
using Gongji.Storage;

namespace Gongji.Grains;

/// <summary>Reads accounts from their first entry.</summary>
internal static class EntryReading
{
    /// <summary>Every entry of an account, read in pages.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be read at present.</exception>
    public static async IAsyncEnumerable<Entry> ReadAllEntriesAsync(this ILedgerStore store, string account)
    {
        IReadOnlyList<Entry> entries;
        long version = 0;
        do
        {
            entries = await store.ReadEntriesAsync(account, version, GrainLimits.EntriesPerRead, CancellationToken.None);
            foreach (Entry entry in entries)
            {
                yield return entry;
                version = entry.Version;
            }
        }
        while (entries.Count == GrainLimits.EntriesPerRead);
    }
}
