namespace Gongji.LoadTest;

/// <summary>The schedule of an open loop: when operations are due.</summary>
internal interface IArrivals
{
    /// <summary>How many operations are due by a time, in seconds.</summary>
    long DueBy(double seconds);

    /// <summary>The time, in seconds, by which a number of operations are due.</summary>
    double SecondsOf(long number);
}

/// <summary>The same number of operations each second.</summary>
internal sealed class SteadyArrivals(double perSecond) : IArrivals
{
    public long DueBy(double seconds) => (long)(seconds * perSecond);

    public double SecondsOf(long number) => number / perSecond;
}
