namespace Gongji.LoadTest;

/// <summary>Makes operations of a load happen, from <see cref="Start"/> until <see cref="StopAsync"/>.</summary>
internal interface IDriver
{
    void Start();

    /// <summary>Starts nothing more and waits for what is in flight.</summary>
    /// <returns>Operations that did not return in <see cref="BenchLimits.DrainSeconds"/>.</returns>
    Task<long> StopAsync();
}
