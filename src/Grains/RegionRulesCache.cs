using System.Collections.Concurrent;
using Gongji.Grains.Messages;
using Gongji.Ledger;
using Gongji.Storage;

namespace Gongji.Grains;

/// <summary>
/// The rules of regions, on each silo. A transfer needs the rules of two regions; asking two region grains each time would make every region
/// a bottleneck. Entries are asked for again when older than <see cref="FreshFor"/>, so a change is in force everywhere within that time.
/// </summary>
/// <param name="grains">Reaches the region grains.</param>
/// <param name="time">Measures age; never the ledger's clock, which may stand far from it.</param>
public sealed class RegionRulesCache(IGrainFactory grains, TimeProvider time)
{
    /// <summary>How old rules may be when a transfer is decided by them.</summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<RegionCode, Cached> _cached = new();

    /// <summary>Regions whose rules are kept here.</summary>
    internal int Count => _cached.Count;

    /// <summary>The rules of a region, at most <see cref="FreshFor"/> old; null when there is no such region.</summary>
    /// <exception cref="StoreUnavailableException">They cannot be read at present.</exception>
    public ValueTask<RegionRules?> GetAsync(RegionCode region) =>
        _cached.TryGetValue(region, out Cached? cached) && time.GetElapsedTime(cached.At) < FreshFor
            ? new ValueTask<RegionRules?>(cached.Rules)
            : new ValueTask<RegionRules?>(AskAsync(region));

    /// <summary>
    /// Asks for a region's rules anew: the store knows of a cap that these lack. Whatever they let through until they are too old would be refused by the
    /// batch's transaction, and take along what is queued on the same accounts.
    /// </summary>
    internal void Forget(RegionCode region) => _cached.TryRemove(region, out _);

    /// <summary>Puts rules in force on this silo at once.</summary>
    internal void Set(RegionCode region, RegionRules rules) => _cached[region] = new Cached(rules, time.GetTimestamp());

    private async Task<RegionRules?> AskAsync(RegionCode region)
    {
        // The age counts from before the question: an answer is never taken for fresher than it is.
        long asked = time.GetTimestamp();
        Reply<RulesRecord> reply;
        try
        {
            reply = await grains.GetGrain<IPoolingRegionGrain>(region.ToString()).GetRulesAsync();
        }
        catch (Exception failure)
        {
            // The region's state may not be readable, for whatever reason its storage has: without rules nothing can be decided.
            throw new StoreUnavailableException($"The rules of region {region} cannot be read.", failure);
        }

        // Codes without a region are as many as callers like: of those nothing is kept.
        if (reply.Value is null)
        {
            return _cached.TryGetValue(region, out Cached? known) && known.At > asked ? known.Rules : null;
        }

        Cached fresh = new(reply.Value.ToRules(), asked);
        return _cached.AddOrUpdate(region, fresh, (_, current) => current.At > asked ? current : fresh).Rules;
    }

    private sealed record Cached(RegionRules Rules, long At);
}
