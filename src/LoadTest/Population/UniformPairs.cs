namespace Gongji.LoadTest;

/// <summary>Pairs in which everybody is equally likely, on both sides.</summary>
internal sealed class UniformPairs(int count) : IPairs
{
    public (int Payer, int Payee) Next(Chance chance)
    {
        int payer = chance.Next(count);
        int payee = chance.Next(count - 1);
        return (payer, payee >= payer ? payee + 1 : payee);
    }
}
