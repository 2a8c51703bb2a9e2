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
