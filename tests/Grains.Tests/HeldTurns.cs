namespace Gongji.Grains.Tests;

/// <summary>Runs tasks on the thread pool; while held, it keeps them back.</summary>
internal sealed class HeldTurns : TaskScheduler
{
    private readonly Lock _gate = new();
    private List<Task>? _held;

    public void Hold()
    {
        lock (_gate)
        {
            _held ??= [];
        }
    }

    /// <summary>Runs the tasks that were kept back, on this thread.</summary>
    public void Release()
    {
        List<Task> held;
        lock (_gate)
        {
            (held, _held) = (_held ?? [], null);
        }

        foreach (Task task in held)
        {
            TryExecuteTask(task);
        }
    }

    protected override void QueueTask(Task task)
    {
        lock (_gate)
        {
            if (_held is not null)
            {
                _held.Add(task);
                return;
            }
        }

        ThreadPool.UnsafeQueueUserWorkItem(static entry => entry.Turns.TryExecuteTask(entry.Task), (Turns: this, Task: task), preferLocal: false);
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued)
    {
        lock (_gate)
        {
            if (_held is not null)
            {
                return false;
            }
        }

        return TryExecuteTask(task);
    }

    protected override IEnumerable<Task> GetScheduledTasks() => [];
}
