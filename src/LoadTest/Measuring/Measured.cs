namespace Gongji.LoadTest;

/// <summary>The measurements of a scenario in one window.</summary>
/// <param name="Recorder">Records its operations.</param>
/// <param name="Cores">Processor cores used in the window.</param>
/// <param name="HelperCores">Those of them that helper processes used.</param>
/// <param name="Collected">This process's garbage collection during the window.</param>
/// <param name="Lost">The number of operations that did not return.</param>
internal sealed record Measured(Recorder Recorder, CoresUsed Cores, double HelperCores = 0, GcReading Collected = default, long Lost = 0)
{
    /// <summary>Operations done in the window, per second.</summary>
    public double PerSecond => Recorder.Latencies.Count / Math.Max(Recorder.Window.TotalSeconds, 1e-6);
}
