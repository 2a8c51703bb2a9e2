using System.Collections.Concurrent;

namespace Gongji.LoadTest;

/// <summary>
/// Operations that are due at a rate of their own, whatever becomes of those before. The latency of each counts from the moment it was due: when the
/// system stalls, everything that was due meanwhile waited too, and is counted so (no coordinated omission).
/// </summary>
/// <param name="load">What is done.</param>
/// <param name="arrivals">When they are due.</param>
/// <param name="recorder">Takes each operation in; counts by start.</param>
/// <param name="time">Measures.</param>
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

    /// <summary>At a steady rate.</summary>
    public OpenLoop(ILoad load, double perSecond, Recorder recorder, TimeProvider time)
        : this(load, new SteadyArrivals(perSecond), recorder, time)
    {
    }

    /// <summary>Operations started so far.</summary>
    public long StartedCount => _due;

    /// <summary>Starts the rate's clock without the pacer; then the caller paces, by calling <see cref="StartDue"/>.</summary>
    public void StartUnpaced() => _startedAt = time.GetTimestamp();

    public void Start()
    {
        StartUnpaced();

        // A thread of its own: on the pool the pacer would wait behind the very work it measures.
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

    /// <summary>Starts everything that is due by now, unless too much is in flight.</summary>
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
