using Gongji.Grains.Messages;

namespace Gongji.Grains;

/// <summary>A pooling region (统筹区). The key is its six-digit code. It keeps the region's rules and reports its fund and clearing position.</summary>
[Alias("gongji.region")]
public interface IPoolingRegionGrain : IGrainWithStringKey
{
    /// <summary>Names the region and sets its rules, which are in force on every silo when this returns.</summary>
    Task<Reply<RegionView>> PutAsync(PutRegion command);

    /// <summary>The same, unless the region's rules have ever been set; returns the region as it is then.</summary>
    Task<Reply<RegionView>> PutFirstAsync(PutRegion command);

    Task<Reply<RegionView>> GetAsync();

    /// <summary>Name and rules only, with fund and position 0: for callers that sum those of all regions at once.</summary>
    Task<Reply<RegionView>> DescribeAsync();

    /// <summary>The rules alone, for the silos' caches. Answered at once, even while a change waits until it is in force everywhere.</summary>
    Task<Reply<RulesRecord>> GetRulesAsync();

    /// <summary>
    /// Raises the cap by the top-ups in the ledger that it does not include yet, and returns the resulting rules. Called by the clearing, which then waits
    /// until they are in force on every silo.
    /// </summary>
    Task<Reply<RulesRecord>> ApplyTopUpsAsync();
}

/// <summary>The codes of every region: those of GB/T 2260 and those that operators added. One grain, key 0.</summary>
[Alias("gongji.region-directory")]
public interface IRegionDirectoryGrain : IGrainWithIntegerKey
{
    /// <summary>All codes, ascending.</summary>
    Task<string[]> ListAsync();

    /// <summary>Adds a region that the catalogue lacks.</summary>
    Task AddAsync(string region);
}
