using Gongji.Ledger;

namespace Gongji.Grains;

/// <inheritdoc cref="IRegionDirectoryGrain"/>
internal sealed class RegionDirectoryGrain(
    [PersistentState("directory", GrainStorage.Regions)] IPersistentState<RegionDirectory> directory)
    : Grain, IRegionDirectoryGrain
{
    public async Task<string[]> ListAsync()
    {
        // Another activation may have added a region, on a silo that was taken for dead. Few ask.
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
                // Else whoever asks again, or waits behind this, would find the region in memory and never write it.
                directory.State.Added.Remove(region);
                DeactivateOnIdle();
                throw;
            }
        }
    }
}

/// <summary>Regions that operators added beside the catalogue's.</summary>
[GenerateSerializer, Alias("gongji.region-directory-state")]
public sealed class RegionDirectory
{
    [Id(0)]
    public HashSet<string> Added { get; set; } = [];
}
