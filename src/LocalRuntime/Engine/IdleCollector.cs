namespace Gongji.LocalRuntime.Engine;

/// <summary>
/// Ends activations that nobody calls. Each activation is in the bucket of the tick at which it could have been idle for long enough. Only buckets that
/// are due are looked at, a bounded number of activations at a time.
/// </summary>
internal sealed class IdleCollector : IThreadPoolWorkItem
{
    private const int PerStepMax = 1000;
    private const int Never = int.MaxValue / 4;
    private readonly LocalSilo _silo;
    private readonly GrainCollectionOptions _options;
    private readonly SortedDictionary<int, List<Activation>> _buckets = [];
    private readonly long _startedAt;
    private readonly ITimer _timer;
    private volatile int _tick;

    internal IdleCollector(LocalSilo silo, GrainCollectionOptions options)
    {
        (_silo, _options) = (silo, options);
        _startedAt = silo.TimeProvider.GetTimestamp();
        _timer = silo.Cluster.CreateTimer(
            static collector => ((IdleCollector)collector!).Post(), this, options.CollectionQuantum);
    }

    /// <summary>The time, in collection quanta since the silo started.</summary>
    internal int Tick => _tick;

    internal int ToTicks(TimeSpan time) =>
        time == Timeout.InfiniteTimeSpan ? Never : (int)Math.Min(Never, Math.Ceiling(time / _options.CollectionQuantum));

    internal int AgeInTicks(GrainClass type) =>
        ToTicks(_options.ClassSpecificCollectionAge.TryGetValue(type.Type.FullName!, out var age) ? age : _options.CollectionAge);

    internal void Add(Activation activation)
    {
        var left = activation.IdleTicksLeft;
        if (left > Never / 2) return;
        // One tick more than what is left: the current tick began before the last use.
        var due = Tick + Math.Max(1, left + 1);
        lock (_buckets)
        {
            if (!_buckets.TryGetValue(due, out var bucket)) _buckets.Add(due, bucket = []);

            bucket.Add(activation);
        }
    }

    internal void Stop() => _timer.Dispose();

    void IThreadPoolWorkItem.Execute()
    {
        if (!_silo.MayRun(this)) return;
        _tick = (int)(_silo.TimeProvider.GetElapsedTime(_startedAt) / _options.CollectionQuantum);
        var step = TakeDue();
        foreach (var activation in step)
        {
            if (activation.IsDeactivated) continue;
            if (activation.IdleTicksLeft <= 0) activation.Collect();
            else Add(activation);
        }

        if (step.Count == PerStepMax) Post();
        else _timer.Change(_options.CollectionQuantum, Timeout.InfiniteTimeSpan);
    }

    private List<Activation> TakeDue()
    {
        var taken = new List<Activation>();
        lock (_buckets)
        {
            while (taken.Count < PerStepMax && _buckets.Count > 0 && _buckets.First() is var (due, bucket) && due <= Tick)
            {
                var count = Math.Min(bucket.Count, PerStepMax - taken.Count);
                taken.AddRange(bucket.GetRange(bucket.Count - count, count));
                bucket.RemoveRange(bucket.Count - count, count);
                if (bucket.Count == 0) _buckets.Remove(due);
            }
        }

        return taken;
    }

    private void Post() => _silo.Executor.Post(this);
}
