namespace Gongji.LocalRuntime;

/// <summary>A silo: grain activations and the services they use.</summary>
public sealed class LocalSilo : IDisposable
{
    private readonly TimeSpan _deactivationTimeout;
    private readonly CancellationTokenSource _stopped = new();
    private readonly ConcurrentQueue<IThreadPoolWorkItem> _parked = new();
    private readonly HashSet<Type> _singletons;
    private volatile bool _paused;
    private int _stopping;
    private ITimer? _detection;

    internal LocalSilo(LocalCluster cluster, string name, IServiceProvider services, HashSet<Type> singletons)
    {
        (Cluster, Name, Services, _singletons) = (cluster, name, services, singletons);
        Logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Orleans.LocalRuntime");
        var collection = services.GetRequiredService<IOptions<GrainCollectionOptions>>().Value;
        _deactivationTimeout = collection.DeactivationTimeout;
        IncomingFilters = [.. services.GetServices<IIncomingGrainCallFilter>()];
        Collector = new IdleCollector(this, collection);
        var timeout = services.GetRequiredService<IOptions<SiloMessagingOptions>>().Value.ResponseTimeout;
        Origin = new CallOrigin(cluster, this, name, timeout, [.. services.GetServices<IOutgoingGrainCallFilter>()]);
        Factory = new GrainFactory(Origin, services);
        Scheduler = new ExecutorScheduler(cluster.Executor, this);
        cluster.Join(this);
    }

    /// <summary>The silo's name.</summary>
    public string Name { get; }

    /// <summary>The silo's services.</summary>
    public IServiceProvider Services { get; }

    /// <summary>The client inside the silo: its calls start here.</summary>
    public IClusterClient Client => Factory;

    /// <summary>Runs the silo's background tasks, such as a journal: they pause and die with the silo.</summary>
    public TaskScheduler Scheduler { get; }

    /// <summary>How many activations the silo has.</summary>
    public int ActivationCount => Cluster.ActivationsOn(this).Count();

    internal LocalCluster Cluster { get; }

    internal ILogger Logger { get; }

    internal LocalExecutor Executor => Cluster.Executor;

    internal TimeProvider TimeProvider => Cluster.TimeProvider;

    internal CallOrigin Origin { get; }

    internal GrainFactory Factory { get; }

    internal IdleCollector Collector { get; }

    internal IIncomingGrainCallFilter[] IncomingFilters { get; }

    /// <summary>Fires when everything that still runs has to give up.</summary>
    internal CancellationToken Stopped => _stopped.Token;

    internal ConcurrentDictionary<GrainId, WorkerGroup> Workers { get; } = new(concurrencyLevel: 16, capacity: 31);

    /// <summary>The silo's activations once the others think that it is dead: only the silo itself still knows them.</summary>
    internal ConcurrentDictionary<GrainId, Activation> Detached { get; } = new(concurrencyLevel: 16, capacity: 31);

    internal bool IsKilled { get; private set; }

    internal bool IsDeclaredDead { get; set; }

    internal bool RefusesClients => Volatile.Read(ref _stopping) != 0;

    public override string ToString() => $"Silo {Name}";

    /// <summary>Stops the silo at once: nothing of it runs any more, and nothing is answered. The others notice after the cluster's detection delay.</summary>
    public void Kill()
    {
        if (IsKilled) return;
        Leave();
        _detection = Cluster.DetectDeathLater(this);
    }

    /// <summary>Tells a silo that it was declared dead: it ends at once, as a silo of Orleans does.</summary>
    public void Leave()
    {
        IsKilled = true;
        _parked.Clear();
        Collector.Stop();
        Origin.Pending.Stop();
    }

    /// <summary>Starts no turn of the silo from now on, until <see cref="Resume"/>.</summary>
    public void Pause() => _paused = true;

    /// <summary>Goes on with all the work that was kept while the silo was paused.</summary>
    public void Resume()
    {
        _paused = false;
        while (_parked.TryDequeue(out var work)) Executor.Post(work);
    }

    /// <summary>
    /// Stops the silo in an orderly way: new calls of clients are refused with <see cref="SiloUnavailableException"/>, calls in flight finish, then every
    /// activation is deactivated. What has not ended when <paramref name="cancellationToken"/> fires, or after the deactivation timeout, is left behind.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _stopping, 1) != 0 || IsKilled) return;
        await WaitAsync(Origin.Pending.WhenEmptyAsync(), cancellationToken);
        Cluster.StopPlacingOn(this);
        var ending = new List<Task>();
        foreach (var activation in Cluster.ActivationsOn(this))
        {
            ending.Add(activation.Deactivated);
            activation.Deactivate(new DeactivationReason(DeactivationReasonCode.ShuttingDown, "The silo is stopping."), cancellationToken);
        }

        await WaitAsync(Task.WhenAll(ending), cancellationToken);
        GiveUp();
    }

    /// <summary>Called when the silo's services are disposed of.</summary>
    public void Dispose()
    {
        GiveUp();
        _detection?.Dispose();
        _stopped.Dispose();
    }

    private async Task WaitAsync(Task task, CancellationToken cancellationToken)
    {
        if (await Attempt.RunAsync(() => task.WaitAsync(_deactivationTimeout, TimeProvider, cancellationToken)) is not null) Log.StoppedEarly(Logger);
    }

    private void GiveUp()
    {
        _stopped.Cancel();
        Leave();
        Cluster.Evict(this);
    }

    /// <summary>Whether work of this silo may run; if the silo is paused, the work is kept for later.</summary>
    internal bool MayRun(IThreadPoolWorkItem work)
    {
        if (_paused && !IsKilled)
        {
            _parked.Enqueue(work);

            // If the silo has just been resumed, its queue may have been emptied before this item was in it.
            if (!_paused && _parked.TryDequeue(out var missed)) Executor.Post(missed);
            return false;
        }

        return !IsKilled;
    }

    internal bool IsSingleton(Type service) =>
        _singletons.Contains(service) || (service.IsGenericType && _singletons.Contains(service.GetGenericTypeDefinition()));
}
