using Gongji.Ledger;

namespace Gongji.Storage;

/// <summary>Finds where the persons of events were insured.</summary>
internal static class FeedRegions
{
    /// <summary>The events with their regions. The events of one account are in order of version, so the region that one says holds for the next.</summary>
    public static async Task<IReadOnlyList<LedgerEvent>> WithRegionsAsync(this ILedgerFeed feed, IReadOnlyList<LedgerEvent> events, CancellationToken cancellationToken)
    {
        Dictionary<string, RegionCode?> known = [];
        List<(string Account, long Version)> unknown = [];
        foreach (LedgerEvent item in events)
        {
            if (known.TryAdd(item.Entry.Account, null) && EntryRegions.Of(item.Entry) is null)
            {
                unknown.Add((item.Entry.Account, item.Entry.Version));
            }
        }

        if (unknown.Count > 0)
        {
            IReadOnlyList<RegionCode?> found = await feed.ReadRegionsAsync(unknown, cancellationToken).ConfigureAwait(false);
            for (int i = 0; i < unknown.Count; i++)
            {
                known[unknown[i].Account] = found[i];
            }
        }

        return [.. events.Select(item => item with { Region = known[item.Entry.Account] = EntryRegions.Of(item.Entry) ?? known[item.Entry.Account] })];
    }
}
