namespace Gongji.LoadTest;

/// <summary>Half of all transfers go to one person.</summary>
internal sealed class HotPersonPairs(int count) : IPairs
{
    private const int HotPerson = 0;

    private readonly UniformPairs _others = new(count);

    public (int Payer, int Payee) Next(Chance chance) =>
        chance.Next(2) == 0 ? (1 + chance.Next(count - 1), HotPerson) : _others.Next(chance);
}
