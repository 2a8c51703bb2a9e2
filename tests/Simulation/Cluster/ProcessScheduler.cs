using Gongji.LocalRuntime;
using Gongji.Simulation.Kernel;

namespace Gongji.Simulation.Cluster;

/// <summary>
/// Runs what a process does outside its grains: its journal and its sweeping. It pauses and dies with the process. When a process stops in
/// order, this scheduler lives until the journal is drained; the silo's own scheduler ends earlier.
/// </summary>
internal sealed class ProcessScheduler(LocalExecutor executor, bool goesOnInStep) : SimulatedScheduler(executor, goesOnInStep)
{
    private readonly LocalExecutor _executor = executor;
    private readonly Queue<IThreadPoolWorkItem> _parked = new();
    private bool _paused;
    private bool _dead;

    public void Pause() => _paused = true;

    public void Resume()
    {
        _paused = false;
        while (_parked.TryDequeue(out IThreadPoolWorkItem? step))
        {
            _executor.Post(step);
        }
    }

    public void Die()
    {
        _dead = true;
        _parked.Clear();
    }

    protected override bool MayRun(IThreadPoolWorkItem work)
    {
        if (_paused && !_dead)
        {
            _parked.Enqueue(work);
        }

        return !_paused && !_dead;
    }
}
