namespace Gongji.LoadTest;

/// <summary>Runs the operations of a load, from <see cref="Start"/> until <see cref="StopAsync"/>.</summary>
internal interface IDriver
{
    void Start();

    /// <summary>Starts no further operations and waits for those in flight.</summary>
    /// <returns>The number of operations that did not return within <see cref="BenchLimits.DrainSeconds"/>.</returns>
    Task<long> StopAsync();
}
