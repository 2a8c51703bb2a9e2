namespace Gongji.LoadTest;

/// <summary>
/// Draws ranks from 0 with probability proportional to 1 / (rank + 1)^exponent, exactly, in constant time and memory, by rejection-inversion
/// (Hörmann and Derflinger 1996, "Rejection-inversion to generate variates from monotone discrete distributions").
/// </summary>
internal sealed class Zipf
{
    private readonly int _count;
    private readonly double _exponent;
    private readonly double _integralOfFirst;
    private readonly double _integralOfLast;
    private readonly double _shortcut;

    public Zipf(int count, double exponent)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(exponent);
        (_count, _exponent) = (count, exponent);
        _integralOfFirst = Integral(1.5) - 1;
        _integralOfLast = Integral(count + 0.5);
        _shortcut = 2 - InverseIntegral(Integral(2.5) - Density(2));
    }

    public int Next(Chance chance)
    {
        while (true)
        {
            double u = _integralOfLast + chance.NextShare() * (_integralOfFirst - _integralOfLast);
            double x = InverseIntegral(u);
            double k = Math.Clamp(Math.Round(x), 1, _count);
            if (k - x <= _shortcut || u >= Integral(k + 0.5) - Density(k))
            {
                return (int)k - 1;
            }
        }
    }

    private double Density(double x) => Math.Exp(-_exponent * Math.Log(x));

    /// <summary>The integral of the density, in a form that is exact for an exponent of 1 too.</summary>
    private double Integral(double x)
    {
        double log = Math.Log(x);
        return ExpMinusOneOver((1 - _exponent) * log) * log;
    }

    private double InverseIntegral(double x)
    {
        double t = Math.Max(-1, x * (1 - _exponent));
        return Math.Exp(LogPlusOneOver(t) * x);
    }

    private static double LogPlusOneOver(double x) => Math.Abs(x) > 1e-8 ? Math.Log(1 + x) / x : 1 - x * (0.5 - x * (1.0 / 3 - 0.25 * x));

    private static double ExpMinusOneOver(double x) => Math.Abs(x) > 1e-8 ? (Math.Exp(x) - 1) / x : 1 + x * 0.5 * (1 + x / 3 * (1 + 0.25 * x));
}
