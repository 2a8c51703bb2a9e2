using System.Collections.Frozen;
using System.Reflection;

namespace Gongji.Ledger;

/// <summary>The pooling regions of GB/T 2260, shipped with the program. Operators may add others. Being listed here does not make a region live.</summary>
public static class RegionCatalogue
{
    private static readonly Lazy<FrozenDictionary<RegionCode, CatalogueRegion>> Loaded = new(Load);

    /// <summary>Every region of the catalogue by code.</summary>
    public static IReadOnlyDictionary<RegionCode, CatalogueRegion> Regions => Loaded.Value;

    private static FrozenDictionary<RegionCode, CatalogueRegion> Load()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("Gongji.Ledger.Regions.gbt2260.csv")
            ?? throw new InvalidOperationException("The region catalogue is missing from the assembly.");
        using StreamReader reader = new(stream);
        Dictionary<RegionCode, CatalogueRegion> regions = [];
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
            {
                string[] fields = line.Split(',');
                RegionCode code = RegionCode.Parse(fields[0]);
                regions.Add(code, new CatalogueRegion(code, fields[1], fields[2]));
            }
        }

        return regions.ToFrozenDictionary();
    }
}

/// <summary>A region as GB/T 2260 names it.</summary>
public sealed record CatalogueRegion(RegionCode Code, string Name, string ProvinceName);
