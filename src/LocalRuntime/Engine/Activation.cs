using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Gongji.LocalRuntime.Engine;

/// <summary>
/// One activation of a grain: a queue, drained by at most one thread at a time, and the rules which request may start.
/// It is its own task scheduler, so that awaits in grain code come back to it. Everything that only some grains need is
/// in <see cref="ActivationExtras"/>, made when needed: an idle grain is a few hundred bytes.
/// </summary>
internal sealed partial class Activation : TaskScheduler, IThreadPoolWorkItem, IGrainContext
{
    private static readonly Action<object?> Turns = static activation => ((Activation)activation!).RunTurns();

    // Marks an activation that no executor item exists for.
    private static readonly WorkItem Idle = new ActionItem<int>(static (_, _) => { }, 0);

    [ThreadStatic]
    private static Activation? t_current;

    // Newest first; everyone pushes, the runner takes all. _batch is what the runner has taken, oldest first.
    private WorkItem? _queue = Idle;
    private WorkItem? _batch;

    // Requests that may not start yet, oldest first.
    private Request? _waitingFirst;
    private Request? _waitingLast;
    private int _waitingInterleavable;
    private Request? _blocking;
    private int _running;
    private int _load;
    private volatile ActivationState _state;
    private bool _pumping;
    private int _lastUseTick;
    private ActivationExtras? _extras;

    internal Activation(LocalSilo silo, GrainClass grainClass, GrainId grainId)
    {
        Silo = silo;
        Class = grainClass;
        GrainId = grainId;
        _lastUseTick = silo.Collector.Tick;
    }

    /// <summary>The activation whose turn this thread is running.</summary>
    internal static new Activation? Current => t_current;

    public GrainId GrainId { get; }

    public object? GrainInstance { get; private set; }

    public IServiceProvider ActivationServices => Extras.Services(this);

    public Task Deactivated => Extras.DeactivatedTask(this);

    public override int MaximumConcurrencyLevel => 1;

    internal LocalSilo Silo { get; }

    internal GrainClass Class { get; }

    internal bool HasFilters => Silo.IncomingFilters.Length > 0 || GrainInstance is IIncomingGrainCallFilter;

    internal ActivationExtras Extras => _extras ?? MakeExtras();

    /// <summary>Where to get a service from: a scope of the activation's own only if the service is not shared anyway.</summary>
    internal IServiceProvider ServicesFor(Type service) => Silo.IsSingleton(service) ? Silo.Services : ActivationServices;

    /// <summary>How many requests it has, for choosing among stateless workers.</summary>
    internal int Load => Volatile.Read(ref _load);

    internal bool IsDeactivated => _state == ActivationState.Deactivated;

    public bool Equals(IGrainContext? other) => ReferenceEquals(this, other);

    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    public override string ToString() => $"{GrainId}@{Silo.Name}";

    /// <summary>Whether a call from <paramref name="origin"/> may go here without looking the grain up again.</summary>
    internal bool CanBeReachedFrom(CallOrigin origin) =>
        _state != ActivationState.Deactivated && (!Silo.IsDeclaredDead || ReferenceEquals(origin.Silo, Silo));

    /// <summary>Queues work; from any thread.</summary>
    internal void Enqueue(WorkItem item)
    {
        WorkItem? newest;
        do
        {
            newest = Volatile.Read(ref _queue);
            item.Next = ReferenceEquals(newest, Idle) ? null : newest;
        }
        while (!ReferenceEquals(Interlocked.CompareExchange(ref _queue, item, newest), newest));

        if (ReferenceEquals(newest, Idle)) Silo.Executor.Post(this);
    }

    void IThreadPoolWorkItem.Execute()
    {
        if (!Silo.MayRun(this)) return;
        Debug.Assert(SynchronizationContext.Current is null, "An executor's thread has no synchronization context: awaits would prefer it to the grain's scheduler.");
        var outer = t_current;
        t_current = this;
        try
        {
            // Inside a task of this scheduler, so that TaskScheduler.Current is this activation for the code that runs.
            new Task(Turns, this, CancellationToken.None, TaskCreationOptions.DenyChildAttach).RunSynchronously(this);
        }
        finally
        {
            t_current = outer;
        }
    }

    internal void RunTask(Task task) => TryExecuteTask(task);

    protected override void QueueTask(Task task) => Enqueue(new TaskItem(task));

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && ReferenceEquals(t_current, this) && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => [];

    private void RunTurns()
    {
        var flow = ExecutionContext.Capture();
        for (var turns = Silo.Executor.TurnsPerPost; turns > 0; turns--)
        {
            if (Silo.IsKilled) return;
            if (_batch is null && !TryTakeBatch()) return;
            var item = _batch!;
            _batch = item.Next;
            item.Next = null;
            try
            {
                item.Run(this);
            }
            catch (Exception error)
            {
                Log.TurnFailed(Silo.Logger, Class.GrainType, error);
            }

            // What a turn left in async locals is not the next one's.
            if (flow is not null && !ReferenceEquals(ExecutionContext.Capture(), flow)) ExecutionContext.Restore(flow);
        }

        if (_batch is not null || !ReferenceEquals(Interlocked.CompareExchange(ref _queue, Idle, null), null))
            Silo.Executor.Post(this);
    }

    private bool TryTakeBatch()
    {
        var newest = Interlocked.Exchange(ref _queue, null);
        if (newest is null)
        {
            if (Interlocked.CompareExchange(ref _queue, Idle, null) is null) return false;
            newest = Interlocked.Exchange(ref _queue, null);
        }

        WorkItem? oldest = null;
        while (newest is not null)
        {
            var next = newest.Next;
            newest.Next = oldest;
            oldest = newest;
            newest = next;
        }

        _batch = oldest;
        return true;
    }

    private ActivationExtras MakeExtras()
    {
        Interlocked.CompareExchange(ref _extras, new ActivationExtras(), null);
        return _extras;
    }
}
