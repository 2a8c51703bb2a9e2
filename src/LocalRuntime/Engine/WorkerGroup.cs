namespace Gongji.LocalRuntime.Engine;

/// <summary>A silo's activations of one stateless worker.</summary>
internal sealed class WorkerGroup(LocalSilo silo, GrainClass grainClass, GrainId grainId)
{
    private readonly Lock _lock = new();
    private Activation[] _workers = [];

    internal Activation[] All => _workers;

    /// <summary>An idle worker, or else a new one, or else the one with the fewest requests.</summary>
    internal Activation Choose()
    {
        lock (_lock)
        {
            var workers = _workers;
            var best = Array.Find(workers, each => each.Load == 0 && !each.IsDeactivated);
            if (best is null && workers.Length < (grainClass.Worker!.MaxLocalWorkers ?? silo.Executor.ProcessorCount))
            {
                best = new Activation(silo, grainClass, grainId);
                _workers = [.. workers, best];
                silo.Collector.Add(best);
            }

            best ??= workers.MinBy(each => each.Load)!;
            best.AddLoad();
            return best;
        }
    }

    internal void Remove(Activation worker)
    {
        lock (_lock) _workers = [.. _workers.Where(each => each != worker)];
    }
}
