using System.Globalization;

namespace Gongji.LoadTest;

/// <summary>Garbage collection up to a moment.</summary>
internal readonly record struct GcReading(int Gen0, int Gen1, int Gen2, TimeSpan Paused, long AllocatedBytes)
{
    public static GcReading Now() =>
        new(GC.CollectionCount(0), GC.CollectionCount(1), GC.CollectionCount(2), GC.GetTotalPauseDuration(), GC.GetTotalAllocatedBytes());

    /// <summary>What happened since an earlier reading, in words.</summary>
    public string Since(GcReading earlier, TimeSpan elapsed) => string.Create(
        CultureInfo.InvariantCulture,
        $"collections {Gen0 - earlier.Gen0} gen 0, {Gen1 - earlier.Gen1} gen 1, {Gen2 - earlier.Gen2} gen 2; {(Paused - earlier.Paused) / elapsed:P1} of the time in pauses; {(AllocatedBytes - earlier.AllocatedBytes) / elapsed.TotalSeconds / 1e6:N0} MB/s allocated; {Environment.WorkingSet / 1e6:N0} MB in memory");
}
