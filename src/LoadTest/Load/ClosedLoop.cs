namespace Gongji.LoadTest;

/// <summary>A fixed number of callers, each of which starts its next operation when the last one has ended. Measures the maximum throughput.</summary>
/// <param name="load">The operations.</param>
/// <param name="callers">The number of callers.</param>
/// <param name="recorder">Records each operation.</param>
/// <param name="time">The clock.</param>
internal sealed class ClosedLoop(ILoad load, int callers, Recorder recorder, TimeProvider time) : IDriver
{
    /// <summary>The pause after a refusal, so that a load which refuses everything does not spin.</summary>
    private static readonly TimeSpan PauseAfterRefusal = TimeSpan.FromMilliseconds(1);

    private readonly LoadWorker[] _workers = [.. Enumerable.Range(0, callers).Select(index => new LoadWorker(index, (ulong)index + 1))];
    private Task[] _running = [];
    private long _left;

    public void Start()
    {
        _left = _workers.Length;
        _running = [.. _workers.Select(worker => Task.Run(() => WorkAsync(worker)))];
    }

    public async Task<long> StopAsync()
    {
        Array.ForEach(_workers, worker => worker.Stop());
        await Task.WhenAny(Task.WhenAll(_running), Task.Delay(TimeSpan.FromSeconds(BenchLimits.DrainSeconds), time));
        return Interlocked.Read(ref _left);
    }

    private async Task WorkAsync(LoadWorker worker)
    {
        while (!worker.IsStopping)
        {
            long started = time.GetTimestamp();
            string? refusal = await LoadFailures.RunAsync(load, worker);
            recorder.Record(started, refusal);
            if (refusal is { Length: > 0 })
            {
                await Task.Delay(PauseAfterRefusal, time);
            }
        }

        Interlocked.Decrement(ref _left);
    }
}
