namespace Gongji.LoadTest;

/// <summary>What was measured of a scenario in one window.</summary>
/// <param name="Recorder">Its operations.</param>
/// <param name="Cores">Processor cores used in the window.</param>
/// <param name="HelperCores">Those of them that processes beside this one used.</param>
/// <param name="Collected">This process's garbage collection in the window.</param>
/// <param name="Lost">Operations that did not return.</param>
internal sealed record Measured(Recorder Recorder, CoresUsed Cores, double HelperCores = 0, GcReading Collected = default, long Lost = 0)
{
    /// <summary>Operations done in the window, per second.</summary>
    public double PerSecond => Recorder.Latencies.Count / Math.Max(Recorder.Window.TotalSeconds, 1e-6);
}
