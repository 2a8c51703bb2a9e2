using Gongji.Grains.Messages;

namespace Gongji.Grains;

/// <summary>A pooling region (统筹区). The key is its six-digit code. It keeps the region's rules and tells its fund and clearing position.</summary>
[Alias("gongji.region")]
public interface IPoolingRegionGrain : IGrainWithStringKey
{
    /// <summary>Names the region and sets its rules; in force on every silo when this returns.</summary>
    Task<Reply<RegionView>> PutAsync(PutRegion command);

    /// <summary>The same, unless the region's rules were ever set; the region as it is then.</summary>
    Task<Reply<RegionView>> PutFirstAsync(PutRegion command);

    Task<Reply<RegionView>> GetAsync();

    /// <summary>Name and rules alone, fund and position 0: for whoever sums those of all regions at once.</summary>
    Task<Reply<RegionView>> DescribeAsync();

    /// <summary>The rules alone, for the caches of the silos. Answered at once, also while a change waits until it is in force everywhere.</summary>
    Task<Reply<RulesRecord>> GetRulesAsync();

    /// <summary>
    /// Raises the cap by those top-ups in the ledger that are not in it yet, and returns the rules with them. Called by the clearing, which waits
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
