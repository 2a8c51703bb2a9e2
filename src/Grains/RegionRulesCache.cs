using System.Collections.Concurrent;
using Gongji.Grains.Messages;
using Gongji.Ledger;
using Gongji.Storage;

namespace Gongji.Grains;

/// <summary>
/// Each silo's cache of region rules. A transfer needs the rules of two regions; asking two region grains each time would make every region
/// a bottleneck. Rules are asked for again when older than <see cref="FreshFor"/>, so a change is in force everywhere within that time.
/// </summary>
/// <param name="grains">Reaches the region grains.</param>
/// <param name="time">Measures age. Never the ledger's clock, which may be far from the machine's.</param>
public sealed class RegionRulesCache(IGrainFactory grains, TimeProvider time)
{
    /// <summary>How old rules may be when a transfer is decided by them.</summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<RegionCode, Cached> _cached = new();

    /// <summary>The number of regions whose rules are cached.</summary>
    internal int Count => _cached.Count;

    /// <summary>The rules of a region, at most <see cref="FreshFor"/> old; null when there is no such region.</summary>
    /// <exception cref="StoreUnavailableException">They cannot be read at present.</exception>
    public ValueTask<RegionRules?> GetAsync(RegionCode region) =>
        _cached.TryGetValue(region, out Cached? cached) && time.GetElapsedTime(cached.At) < FreshFor
            ? new ValueTask<RegionRules?>(cached.Rules)
            : new ValueTask<RegionRules?>(AskAsync(region));

    /// <summary>
    /// Discards a region's rules, because the store knows of a cap that they lack. Until they expired, whatever they allowed would be refused by the
    /// batch's transaction, and would take along what is queued on the same accounts.
    /// </summary>
    internal void Forget(RegionCode region) => _cached.TryRemove(region, out _);

    /// <summary>Puts rules in force on this silo at once.</summary>
    internal void Set(RegionCode region, RegionRules rules) => _cached[region] = new Cached(rules, time.GetTimestamp());

    private async Task<RegionRules?> AskAsync(RegionCode region)
    {
        // Age counts from before the request, so an answer is never taken for fresher than it is.
        long asked = time.GetTimestamp();
        Reply<RulesRecord> reply;
        try
        {
            reply = await grains.GetGrain<IPoolingRegionGrain>(region.ToString()).GetRulesAsync();
        }
        catch (Exception failure)
        {
            // The region's state may be unreadable for whatever reason its storage has. Nothing can be decided without rules.
            throw new StoreUnavailableException($"The rules of region {region} cannot be read.", failure);
        }

        // Callers can invent any number of codes without a region, so nothing is cached for those.
        if (reply.Value is null)
        {
            return _cached.TryGetValue(region, out Cached? known) && known.At > asked ? known.Rules : null;
        }

        Cached fresh = new(reply.Value.ToRules(), asked);
        return _cached.AddOrUpdate(region, fresh, (_, current) => current.At > asked ? current : fresh).Rules;
    }

    private sealed record Cached(RegionRules Rules, long At);
}
