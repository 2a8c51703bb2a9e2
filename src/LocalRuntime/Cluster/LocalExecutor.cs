namespace Gongji.LocalRuntime;

/// <summary>
/// Where everything inside silos runs: turns, timeouts, timers, deliveries. It is the one seam through which a simulation takes over scheduling: an
/// executor with one thread that picks the next work item by a seed makes everything else deterministic.
/// </summary>
public abstract class LocalExecutor
{
    private TaskScheduler? _scheduler;

    /// <summary>The process's thread pool.</summary>
    public static LocalExecutor ThreadPool { get; } = new ThreadPoolExecutor();

    /// <summary>Whether work items run one after another, never in parallel.</summary>
    public virtual bool IsSequential => false;

    /// <summary>How many turns an activation runs before it queues again. 1 gives a simulation every interleaving.</summary>
    public virtual int TurnsPerPost => 64;

    /// <summary>How many workers a silo has of a stateless worker that gives no number. A simulation must not depend on the machine.</summary>
    public virtual int ProcessorCount => Environment.ProcessorCount;

    /// <summary>A scheduler that runs tasks from outside of silos, such as a simulation's clients, on this executor.</summary>
    public TaskScheduler Scheduler => _scheduler ??= new ExecutorScheduler(this, null);

    /// <summary>
    /// Runs <paramref name="work"/> later; never inside this call, and on a thread without a synchronization context. Called
    /// from any thread.
    /// </summary>
    public abstract void Post(IThreadPoolWorkItem work);

    private sealed class ThreadPoolExecutor : LocalExecutor
    {
        public override void Post(IThreadPoolWorkItem work) => System.Threading.ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: true);
    }
}
