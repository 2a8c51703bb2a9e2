using Gongji.Ledger;

namespace Gongji.Grains;

/// <inheritdoc cref="IRegionDirectoryGrain"/>
internal sealed class RegionDirectoryGrain(
    [PersistentState("directory", GrainStorage.Regions)] IPersistentState<RegionDirectory> directory)
    : Grain, IRegionDirectoryGrain
{
    public async Task<string[]> ListAsync()
    {
        // Another activation may have added a region, on a silo that was taken for dead. Calls are rare, so always read.
        await directory.ReadStateAsync();
        return [.. RegionCatalogue.Regions.Keys.Select(region => region.ToString()).Concat(directory.State.Added).Order(StringComparer.Ordinal)];
    }

    public async Task AddAsync(string region)
    {
        if (!RegionCatalogue.Regions.ContainsKey(RegionCode.Parse(region)) && directory.State.Added.Add(region))
        {
            try
            {
                await directory.WriteStateAsync();
            }
            catch
            {
                // Otherwise the next caller, or one waiting behind this, would find the region in memory and never write it.
                directory.State.Added.Remove(region);
                DeactivateOnIdle();
                throw;
            }
        }
    }
}

/// <summary>Regions that operators added to those of the catalogue.</summary>
[GenerateSerializer, Alias("gongji.region-directory-state")]
public sealed class RegionDirectory
{
    [Id(0)]
    public HashSet<string> Added { get; set; } = [];
}
