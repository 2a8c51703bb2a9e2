using System.Collections.Concurrent;

namespace Gongji.LoadTest;

/// <summary>
/// Operations that are due at a given rate, whatever happens to earlier ones. The latency of each counts from the moment it was due: when the system
/// stalls, everything that became due during the stall counts as waiting (no coordinated omission).
/// </summary>
/// <param name="load">The operations.</param>
/// <param name="arrivals">When they are due.</param>
/// <param name="recorder">Records each operation; counts by start.</param>
/// <param name="time">The clock.</param>
internal sealed class OpenLoop(ILoad load, IArrivals arrivals, Recorder recorder, TimeProvider time) : IDriver
{
    private readonly ConcurrentBag<LoadWorker> _idle = [];
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _startedAt;
    private long _due;
    private long _inFlight;
    private int _workers;
    private Thread? _pacer;
    private volatile bool _stopping;

    /// <summary>An open loop with a steady rate.</summary>
    public OpenLoop(ILoad load, double perSecond, Recorder recorder, TimeProvider time)
        : this(load, new SteadyArrivals(perSecond), recorder, time)
    {
    }

    /// <summary>The number of operations started so far.</summary>
    public long StartedCount => _due;

    /// <summary>Starts the rate's clock without the pacer thread; the caller then paces, by calling <see cref="StartDue"/>.</summary>
    public void StartUnpaced() => _startedAt = time.GetTimestamp();

    public void Start()
    {
        StartUnpaced();

        // The pacer has its own thread: on the thread pool it would wait behind the very work that it measures.
        _pacer = new Thread(Pace) { IsBackground = true, Name = "open loop" };
        _pacer.Start();
    }

    public async Task<long> StopAsync()
    {
        _stopping = true;
        _pacer?.Join();
        if (Interlocked.Read(ref _inFlight) > 0)
        {
            await Task.WhenAny(_drained.Task, Task.Delay(TimeSpan.FromSeconds(BenchLimits.DrainSeconds), time));
        }

        return Interlocked.Read(ref _inFlight);
    }

    /// <summary>Starts every operation that is due by now, unless too many are in flight.</summary>
    public void StartDue()
    {
        double elapsed = time.GetElapsedTime(_startedAt).TotalSeconds;
        long dueByNow = arrivals.DueBy(elapsed);
        while (_due < dueByNow && Interlocked.Read(ref _inFlight) < BenchLimits.OpenLoopInFlightMax)
        {
            _due++;
            long dueAt = _startedAt + (long)(arrivals.SecondsOf(_due) * time.TimestampFrequency);
            Interlocked.Increment(ref _inFlight);
            LoadWorker worker = _idle.TryTake(out LoadWorker? idle) ? idle : new LoadWorker(_workers, (ulong)++_workers);
            _ = RunAsync(worker, dueAt);
        }
    }

    private void Pace()
    {
        while (!_stopping)
        {
            StartDue();
            Thread.Sleep(1);
        }
    }

    private async Task RunAsync(LoadWorker worker, long dueAt)
    {
        recorder.Record(dueAt, await LoadFailures.RunAsync(load, worker));
        _idle.Add(worker);
        if (Interlocked.Decrement(ref _inFlight) == 0 && _stopping)
        {
            _drained.TrySetResult();
        }
    }
}
