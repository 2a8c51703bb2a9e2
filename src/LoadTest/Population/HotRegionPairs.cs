namespace Gongji.LoadTest;

/// <summary>Every transfer goes from one region to another of a different province: one position takes every one of them.</summary>
internal sealed class HotRegionPairs(Population population) : IPairs
{
    public (int Payer, int Payee) Next(Chance chance) => (population.AnyOf(0, chance), population.AnyOf(1, chance));
}
