namespace Gongji.LoadTest;

/// <summary>A fixed number of callers, each starting its next operation when the last one ended: measures what is possible.</summary>
/// <param name="load">What they do.</param>
/// <param name="callers">How many.</param>
/// <param name="recorder">Takes each operation in.</param>
/// <param name="time">Measures.</param>
internal sealed class ClosedLoop(ILoad load, int callers, Recorder recorder, TimeProvider time) : IDriver
{
    /// <summary>After a refusal, so that a load that refuses everything does not spin.</summary>
    private static readonly TimeSpan PauseAfterRefusal = TimeSpan.FromMilliseconds(1);

    private Task[] _workers = [];
    private long _running;
    private volatile bool _stopping;

    public void Start()
    {
        _running = callers;
        _workers = [.. Enumerable.Range(0, callers).Select(index => Task.Run(() => WorkAsync(new LoadWorker(index, (ulong)index + 1))))];
    }

    public async Task<long> StopAsync()
    {
        _stopping = true;
        await Task.WhenAny(Task.WhenAll(_workers), Task.Delay(TimeSpan.FromSeconds(BenchLimits.DrainSeconds), time));
        return Interlocked.Read(ref _running);
    }

    private async Task WorkAsync(LoadWorker worker)
    {
        while (!_stopping)
        {
            long started = time.GetTimestamp();
            string? refusal = await LoadFailures.RunAsync(load, worker);
            recorder.Record(started, refusal);
            if (refusal is { Length: > 0 })
            {
                await Task.Delay(PauseAfterRefusal, time);
            }
        }

        Interlocked.Decrement(ref _running);
    }
}
