namespace Gongji.LoadTest;

/// <summary>Pairs by Zipf's law, on both sides: a few persons occur all the time.</summary>
internal sealed class ZipfPairs(int count) : IPairs
{
    private const double Exponent = 0.99;

    private readonly Zipf _zipf = new(count, Exponent);

    public (int Payer, int Payee) Next(Chance chance)
    {
        int payer = _zipf.Next(chance);
        int payee = _zipf.Next(chance);
        while (payee == payer)
        {
            payee = _zipf.Next(chance);
        }

        return (payer, payee);
    }
}
