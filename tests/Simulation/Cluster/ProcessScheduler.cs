using Gongji.LocalRuntime;

namespace Gongji.Simulation.Cluster;

/// <summary>
/// Runs what a process does beside its grains: its journal and its sweeping. It pauses and dies with the process; a process that stops in
/// order keeps it until the journal is drained, which the silo's own scheduler would not outlive.
/// </summary>
internal sealed class ProcessScheduler(LocalExecutor executor) : TaskScheduler
{
    private readonly Queue<Item> _parked = new();
    private bool _paused;
    private bool _dead;

    public void Pause() => _paused = true;

    public void Resume()
    {
        _paused = false;
        while (_parked.TryDequeue(out Item? item))
        {
            executor.Post(item);
        }
    }

    public void Die()
    {
        _dead = true;
        _parked.Clear();
    }

    protected override void QueueTask(Task task) => executor.Post(new Item(this, task));

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => [];

    private void Run(Item item, Task task)
    {
        if (_dead)
        {
            return;
        }

        if (_paused)
        {
            _parked.Enqueue(item);
        }
        else
        {
            TryExecuteTask(task);
        }
    }

    private sealed class Item(ProcessScheduler scheduler, Task task) : IThreadPoolWorkItem
    {
        public void Execute() => scheduler.Run(this, task);
    }
}
