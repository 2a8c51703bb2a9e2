using Gongji.LocalRuntime;

namespace Gongji.Simulation.Kernel;

/// <summary>
/// Runs tasks as steps of the executor. A continuation of something that ends inside one of this scheduler's own steps either runs in that step, as
/// on the production thread pool, or becomes a step of its own, so that anything can come between.
/// </summary>
/// <param name="executor">Runs the steps.</param>
/// <param name="goesOnInStep">Whether such a continuation runs in the same step.</param>
public class SimulatedScheduler(LocalExecutor executor, bool goesOnInStep) : TaskScheduler
{
    private bool _isRunning;

    /// <summary>Whether tasks may run now; asked before each step. An override that keeps the work for later returns false.</summary>
    protected virtual bool MayRun(IThreadPoolWorkItem work) => true;

    /// <inheritdoc/>
    protected override void QueueTask(Task task) => executor.Post(new Step(this, task));

    /// <inheritdoc/>
    /// <remarks>The runtime also calls this during steps of other schedulers, when the simulation's thread happens to be a thread-pool thread.</remarks>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        goesOnInStep && _isRunning && !taskWasPreviouslyQueued && TryExecuteTask(task);

    /// <inheritdoc/>
    protected override IEnumerable<Task> GetScheduledTasks() => [];

    private void Run(Step step, Task task)
    {
        if (MayRun(step))
        {
            _isRunning = true;
            TryExecuteTask(task);
            _isRunning = false;
        }
    }

    private sealed class Step(SimulatedScheduler scheduler, Task task) : IThreadPoolWorkItem
    {
        public void Execute() => scheduler.Run(this, task);
    }
}
