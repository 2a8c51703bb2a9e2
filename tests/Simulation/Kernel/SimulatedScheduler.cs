using Gongji.LocalRuntime;

namespace Gongji.Simulation.Kernel;

/// <summary>
/// Runs tasks as steps of the executor. What waits for something that ends inside one of its own steps either goes on in that step, as on the
/// thread pool of production, or is a step of its own, so that anything can come between.
/// </summary>
/// <param name="executor">Whose steps they are.</param>
/// <param name="goesOnInStep">Whether it goes on in that step.</param>
public class SimulatedScheduler(LocalExecutor executor, bool goesOnInStep) : TaskScheduler
{
    private bool _isRunning;

    /// <summary>Whether its tasks run at all; asked before each step. One that keeps the work for later returns false.</summary>
    protected virtual bool MayRun(IThreadPoolWorkItem work) => true;

    /// <inheritdoc/>
    protected override void QueueTask(Task task) => executor.Post(new Step(this, task));

    /// <inheritdoc/>
    /// <remarks>The runtime also asks in the midst of others' steps, when the simulation's thread happens to be one of the thread pool's.</remarks>
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
