using System.Globalization;

namespace Gongji.LoadTest;

/// <summary>Garbage collection figures up to a moment, or between two moments.</summary>
internal readonly record struct GcReading(int Gen0, int Gen1, int Gen2, TimeSpan Paused, long AllocatedBytes)
{
    public static GcReading Now() =>
        new(GC.CollectionCount(0), GC.CollectionCount(1), GC.CollectionCount(2), GC.GetTotalPauseDuration(), GC.GetTotalAllocatedBytes());

    public static GcReading operator +(GcReading one, GcReading other) =>
        new(one.Gen0 + other.Gen0, one.Gen1 + other.Gen1, one.Gen2 + other.Gen2, one.Paused + other.Paused, one.AllocatedBytes + other.AllocatedBytes);

    public static GcReading operator -(GcReading later, GcReading earlier) =>
        new(later.Gen0 - earlier.Gen0, later.Gen1 - earlier.Gen1, later.Gen2 - earlier.Gen2, later.Paused - earlier.Paused, later.AllocatedBytes - earlier.AllocatedBytes);

    /// <summary>Describes the figures of a period, with the memory that is in use now.</summary>
    public string In(TimeSpan time) => string.Create(
        CultureInfo.InvariantCulture,
        $"collections {Gen0} gen 0, {Gen1} gen 1, {Gen2} gen 2; {Paused / time:P1} of the time in pauses; {AllocatedBytes / time.TotalSeconds / 1e6:N0} MB/s allocated; {Environment.WorkingSet / 1e6:N0} MB in memory");
}
