using System.Globalization;
using Gongji.Ledger;

namespace Gongji.LoadTest;

/// <summary>
/// The persons of a benchmark, by number. A person is insured in the region whose index is the person's number modulo the number of regions. Persons
/// who accept by hand are numbered from <see cref="Count"/> on.
/// </summary>
/// <param name="count">The number of persons whose wallets accept automatically.</param>
internal sealed class Population(int count)
{
    /// <summary>The first of the two hot regions: Suzhou, as in the demo's story.</summary>
    public static readonly RegionCode HotPayer = RegionCode.Parse("320500");

    /// <summary>The second hot region: Zhengzhou.</summary>
    public static readonly RegionCode HotPayee = RegionCode.Parse("410100");

    private static readonly int[] Provinces = [32, 41, 11, 31, 33, 34, 37, 44, 51];

    /// <summary>The regions, in nine provinces, with the two hot ones first.</summary>
    public static IReadOnlyList<RegionCode> Regions { get; } = ChooseRegions();

    public int Count => count;

    /// <summary>The number of persons who accept by hand.</summary>
    public int ManualCount { get; } = Math.Clamp(count / 5, 1, BenchLimits.ManualPersonsMax);

    /// <summary>The number of all persons.</summary>
    public int TotalCount => count + ManualCount;

    public static RegionCode RegionOf(int person) => Regions[person % Regions.Count];

    public static string NameOf(int person) => string.Create(CultureInfo.InvariantCulture, $"P{person:D9}");

    /// <summary>A random person of a region, given by its index in <see cref="Regions"/>; all are equally likely.</summary>
    public int AnyOf(int region, Chance chance) => chance.Next((count - region + Regions.Count - 1) / Regions.Count) * Regions.Count + region;

    public bool AcceptsAutomatically(int person) => person < count;

    private static RegionCode[] ChooseRegions()
    {
        RegionCode[] all = [.. RegionCatalogue.Regions.Keys.Where(region => Provinces.Contains(region.Province)).OrderBy(region => region.Value)];
        IEnumerable<RegionCode> others = all
            .GroupBy(region => region.Province)
            .SelectMany(province => province.Select((region, place) => (Region: region, Place: place)))
            .OrderBy(each => each.Place)
            .Select(each => each.Region)
            .Where(region => region != HotPayer && region != HotPayee);
        return [HotPayer, HotPayee, .. others.Take(BenchLimits.Regions - 2)];
    }
}
