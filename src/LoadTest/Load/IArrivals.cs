namespace Gongji.LoadTest;

/// <summary>When operations of an open loop are due.</summary>
internal interface IArrivals
{
    /// <summary>How many are due after so many seconds.</summary>
    long DueBy(double seconds);

    /// <summary>After how many seconds so many are due.</summary>
    double SecondsOf(long number);
}

/// <summary>The same number each second.</summary>
internal sealed class SteadyArrivals(double perSecond) : IArrivals
{
    public long DueBy(double seconds) => (long)(seconds * perSecond);

    public double SecondsOf(long number) => number / perSecond;
}
