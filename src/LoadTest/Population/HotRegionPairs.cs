namespace Gongji.LoadTest;

/// <summary>Every transfer goes from one region to one in a different province, so a single position changes with each of them.</summary>
internal sealed class HotRegionPairs(Population population) : IPairs
{
    public (int Payer, int Payee) Next(Chance chance) => (population.AnyOf(0, chance), population.AnyOf(1, chance));
}
