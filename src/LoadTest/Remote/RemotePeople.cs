using System.Globalization;
using Gongji.Ledger;

namespace Gongji.LoadTest;

/// <summary>
/// The people of a load on a running server, by number: pairs of relatives, of whom the first gives and the second receives and draws. Fifteen in a hundred
/// belong to one region, since one province has fifteen percent of the country's movements.
/// </summary>
internal sealed class RemotePeople(int count)
{
    private const int HotOfHundred = 15;

    public int Pairs => count / 2;

    public static string NameOf(int person) => string.Create(CultureInfo.InvariantCulture, $"load-{person:D8}");

    public static int GiverOf(int pair) => 2 * pair;

    public static int RecipientOf(int pair) => 2 * pair + 1;

    public static RegionCode RegionOf(int person) =>
        person % 100 < HotOfHundred ? Population.HotPayer : Population.Regions[1 + person % (Population.Regions.Count - 1)];
}
