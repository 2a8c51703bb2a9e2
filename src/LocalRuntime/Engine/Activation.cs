namespace Gongji.LocalRuntime.Engine;

/// <summary>
/// One activation of a grain: a queue, drained by at most one thread at a time, and the rules for which request may start. It is its own task scheduler,
/// so that awaits in grain code come back to it. Everything that only some grains need is in <see cref="ActivationExtras"/>, made when needed: an idle
/// grain is a few hundred bytes.
/// </summary>
internal sealed partial class Activation : TaskScheduler, IThreadPoolWorkItem, IGrainContext
{
    private static readonly Action<object?> Turns = static work =>
        ((work as FirstTurn)?.Activation ?? (Activation)work!).RunTurns(tasksOnly: false, (work as FirstTurn)?.Item);

    // Stands in _queue while no executor item exists for the activation.
    private static readonly WorkItem Idle = new ActionItem<int>(static (_, _) => { }, 0);

    [ThreadStatic]
    private static Activation? _current;

    // The last answer that this thread's turn gave to a caller outside of grains.
    [ThreadStatic]
    private static IThreadPoolWorkItem? _answer;

    // _queue is newest first: any thread pushes, the running thread takes all. _batch is what that thread has taken, oldest first. An item that comes to
    // an idle activation is in neither: it goes to the executor together with the activation. So of millions of activations, most of them idle, none
    // points to a young object that each garbage collection would have to look for.
    private WorkItem? _queue = Idle, _batch;

    // Requests that may not start yet, oldest first, and how many of them could start before the ones in front of them.
    private List<Request>? _waiting;
    private int _waitingInterleavable;
    private Request? _blocking;
    private int _running, _load, _turnsLeft, _lastUseTick;
    private volatile ActivationState _state;
    private bool _pumping;
    private ActivationExtras? _extras;

    internal Activation(LocalSilo silo, GrainClass grainClass, GrainId grainId)
    {
        (Silo, Class, GrainId) = (silo, grainClass, grainId);
        _lastUseTick = silo.Collector.Tick;
    }

    /// <summary>The activation whose turn this thread is running.</summary>
    internal static new Activation? Current => _current;

    public GrainId GrainId { get; }

    public object? GrainInstance { get; private set; }

    public IServiceProvider ActivationServices => Extras.Services(this);

    public Task Deactivated => Extras.DeactivatedTask(this);

    internal LocalSilo Silo { get; }

    internal GrainClass Class { get; }

    internal bool HasFilters => Class.IsFilter || Silo.IncomingFilters.Length > 0;

    internal ActivationExtras Extras => _extras ?? MakeExtras();

    /// <summary>Where to get a service from: the activation gets a scope of its own only if the service is not a singleton.</summary>
    internal IServiceProvider ServicesFor(Type service) => Silo.IsSingleton(service) ? Silo.Services : ActivationServices;

    /// <summary>How many requests the activation has, for choosing among stateless workers.</summary>
    internal int Load => Volatile.Read(ref _load);

    internal bool IsDeactivated => _state == ActivationState.Deactivated;

    public bool Equals(IGrainContext? other) => ReferenceEquals(this, other);

    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    public override string ToString() => $"{GrainId}@{Silo.Name}";

    /// <summary>Whether a call from <paramref name="origin"/> may go here without looking the grain up again.</summary>
    internal bool CanBeReachedFrom(CallOrigin origin) =>
        _state != ActivationState.Deactivated && (!Silo.IsDeclaredDead || ReferenceEquals(origin.Silo, Silo));

    /// <summary>Queues work. May be called from any thread.</summary>
    internal void Enqueue(WorkItem item)
    {
        WorkItem? newest;
        do
        {
            newest = Volatile.Read(ref _queue);
            item.Next = ReferenceEquals(newest, Idle) ? null : newest;
        }
        while (!ReferenceEquals(Interlocked.CompareExchange(ref _queue, ReferenceEquals(newest, Idle) ? null : item, newest), newest));

        if (ReferenceEquals(newest, Idle)) Silo.Executor.Post(new FirstTurn(this, item));
    }

    void IThreadPoolWorkItem.Execute() => Execute(null);

    private void Execute(FirstTurn? first)
    {
        if (!Silo.MayRun((IThreadPoolWorkItem?)first ?? this)) return;
        Debug.Assert(SynchronizationContext.Current is null, "An executor's thread has no synchronization context: awaits would prefer it to the grain's scheduler.");
        var outer = _current;
        _current = this;
        try
        {
            // This runs inside a task of this scheduler, so that TaskScheduler.Current is this activation for the code that runs. An item that is itself
            // a task needs no other task around it.
            _turnsLeft = Silo.Executor.TurnsPerPost;
            object? rest = first is { Item: not TaskItem } ? first : RunTurns(tasksOnly: true, first?.Item) ? this : null;
            if (rest is not null) new Task(Turns, rest, CancellationToken.None, TaskCreationOptions.DenyChildAttach).RunSynchronously(this);
        }
        finally
        {
            _current = outer;
        }

        // The activation is free again. The continuation of its last caller may run right here, which saves a pass through the executor's queue.
        var answer = _answer;
        _answer = null;
        answer?.Execute();
    }

    /// <summary>
    /// Keeps an answer until this thread is out of the activation, where its continuations run, and posts the answer that was kept before. An answer
    /// given outside of an activation, or on a sequential executor, is posted at once.
    /// </summary>
    internal static void PostAfterTurn(IThreadPoolWorkItem? answer, LocalExecutor executor)
    {
        if (_answer is { } earlier) executor.Post(earlier);
        _answer = _current is null || executor.IsSequential ? null : answer;
        if (answer is not null && _answer is null) executor.Post(answer);
    }

    internal void RunTask(Task task) => TryExecuteTask(task);

    protected override void QueueTask(Task task) => Enqueue(new TaskItem(task));

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && ReferenceEquals(_current, this) && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => [];

    /// <summary>Runs what is queued, or only tasks up to the first item that is not a task; true when such an item is left to run.</summary>
    private bool RunTurns(bool tasksOnly, WorkItem? first)
    {
        for (; _turnsLeft > 0; _turnsLeft--)
        {
            if (Silo.IsKilled) return false;
            if (first is null && _batch is null && !TryTakeBatch()) return false;
            if (first is null && tasksOnly && _batch is not TaskItem) return true;
            var item = first ?? _batch!;
            if (first is null) _batch = item.Next;
            (first, item.Next) = (null, null);
            PostAfterTurn(null, Silo.Executor);
            try
            {
                item.Run(this);
            }
            catch (Exception error)
            {
                Log.TurnFailed(Silo.Logger, Class.GrainType, error);
            }
        }

        if (_batch is not null || !ReferenceEquals(Interlocked.CompareExchange(ref _queue, Idle, null), null))
            Silo.Executor.Post(this);

        return false;
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

    /// <summary>An idle activation, and the item that wakes it.</summary>
    private sealed record FirstTurn(Activation Activation, WorkItem Item) : IThreadPoolWorkItem
    {
        public void Execute() => Activation.Execute(this);

        public override string ToString() => Activation.ToString();
    }
}
