namespace Gongji.LocalRuntime.Engine;

/// <summary>Runs tasks as work items of an executor; those of a silo stop with it.</summary>
internal sealed class ExecutorScheduler(LocalExecutor executor, LocalSilo? silo) : TaskScheduler
{
    protected override void QueueTask(Task task) => executor.Post(new Item(this, task));

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => [];

    private sealed class Item(ExecutorScheduler scheduler, Task task) : IThreadPoolWorkItem
    {
        public void Execute() => scheduler.Run(this, task);

        public override string ToString() => "task";
    }

    private void Run(Item item, Task task)
    {
        if (silo is null || silo.MayRun(item)) TryExecuteTask(task);
    }
}
