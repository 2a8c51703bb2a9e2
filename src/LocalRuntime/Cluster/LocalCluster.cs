namespace Gongji.LocalRuntime;

/// <summary>Silos in one process that share a grain directory. A host built with UseOrleans is a cluster of one.</summary>
public sealed class LocalCluster
{
    // The number of stripes is fixed: it decides the order of enumeration, which must not differ between machines.
    private readonly ConcurrentDictionary<GrainId, Activation> _directory = new(concurrencyLevel: 16, capacity: 1024);
    private readonly LocalClusterOptions _options;
    private readonly Lock _gate = new();
    private readonly GrainFactory _client;
    private LocalSilo[] _silos = [];
    private LocalSilo[] _placeable = [];
    private long _lastCallNumber;

    /// <summary>Makes a cluster without silos.</summary>
    public LocalCluster(LocalClusterOptions? options = null)
    {
        _options = options ?? new LocalClusterOptions();
        MemoryStore = new MemoryStore();
        Reminders = new ReminderTable(this);
        Streams = new StreamHub(this);
        var origin = new CallOrigin(this, null, "client", _options.ClientResponseTimeout, []);
        _client = new GrainFactory(origin, new ServiceCollection().BuildServiceProvider());
    }

    /// <summary>The silos that run or are paused, in the order in which they came.</summary>
    public IReadOnlyList<LocalSilo> Silos => _silos;

    /// <summary>A client outside of all silos, whose calls pass the transport.</summary>
    public IClusterClient Client => _client;

    /// <summary>The silo that the cluster's own calls, such as reminders, start from.</summary>
    internal LocalSilo? AnySilo => Array.Find(_silos, silo => !silo.IsKilled);

    internal LocalExecutor Executor => _options.Executor;

    internal TimeProvider TimeProvider => _options.TimeProvider;

    internal ICallTransport? Transport => _options.Transport;

    internal MemoryStore MemoryStore { get; }

    internal ReminderTable Reminders { get; }

    internal StreamHub Streams { get; }

    /// <summary>Starts a silo with services of its own.</summary>
    public LocalSilo AddSilo(string name, Action<ISiloBuilder>? configure = null)
    {
        var services = new ServiceCollection();
        var configuration = new ConfigurationBuilder().Build();
        services.AddSingleton<IConfiguration>(configuration);
        services.AddSingleton(this);
        SiloServices.Add(this, services, configuration, name, configure);
        return services.BuildServiceProvider().GetRequiredService<LocalSilo>();
    }

    /// <summary>
    /// Declares a silo dead, as the others do when it has not answered for too long: its grains are activated elsewhere, and calls to it fail. A silo
    /// that is still alive does not know: its activations are duplicates until <see cref="LocalSilo.Leave"/> tells it.
    /// </summary>
    public void Evict(LocalSilo silo)
    {
        ArgumentNullException.ThrowIfNull(silo);
        lock (_gate)
        {
            if (silo.IsDeclaredDead) return;
            silo.IsDeclaredDead = true;
            _silos = [.. _silos.Where(each => each != silo)];
            _placeable = [.. _placeable.Where(each => each != silo)];
        }

        foreach (var entry in _directory.Where(each => each.Value.Silo == silo))
        {
            _directory.TryRemove(entry);
            silo.Detached[entry.Key] = entry.Value;
        }

        foreach (var other in _silos) other.Origin.Pending.FailCallsTo(silo);

        _client.Origin.Pending.FailCallsTo(silo);
    }

    internal void Join(LocalSilo silo)
    {
        lock (_gate)
        {
            _silos = [.. _silos, silo];
            _placeable = [.. _placeable, silo];
        }
    }

    internal void StopPlacingOn(LocalSilo silo)
    {
        lock (_gate) _placeable = [.. _placeable.Where(each => each != silo)];
    }

    internal IEnumerable<Activation> ActivationsOn(LocalSilo silo) =>
        _directory.Values.Where(each => each.Silo == silo).Concat(silo.Workers.Values.SelectMany(each => each.All));

    internal Activation Locate(GrainId grainId, GrainClass grainClass, CallOrigin origin)
    {
        if (grainClass.IsStatelessWorker)
        {
            var local = origin.Silo ?? Place(grainClass, origin);
            return local.Workers.GetOrAdd(grainId, static (id, call) => new WorkerGroup(call.local, call.grainClass, id), (local, grainClass)).Choose();
        }

        if (origin.Silo is { IsDeclaredDead: true } detached && detached.Detached.TryGetValue(grainId, out var zombie) && !zombie.IsDeactivated)
            return zombie;

        while (true)
        {
            if (_directory.TryGetValue(grainId, out var known) && !known.IsDeactivated) return known;
            var fresh = new Activation(Place(grainClass, origin), grainClass, grainId);
            if (!_directory.TryAdd(grainId, fresh)) continue;
            fresh.Silo.Collector.Add(fresh);
            if (!fresh.Silo.IsDeclaredDead) return fresh;

            // The silo was evicted after it was chosen, perhaps when its entries had already been taken out.
            Forget(fresh);
        }
    }

    internal void Forget(Activation activation)
    {
        var entry = KeyValuePair.Create(activation.GrainId, activation);
        if (activation.Silo.Workers.TryGetValue(activation.GrainId, out var workers)) workers.Remove(activation);
        else if (!_directory.TryRemove(entry)) activation.Silo.Detached.TryRemove(entry);
    }

    internal void SendByTransport(CallOrigin from, Request request, Activation activation)
    {
        var call = Describe(from.Name, activation.Silo.Name, request);
        Transport!.SendRequest(
            call,
            () => activation.Enqueue(request.CopyForDelivery()),
            () => request.Fail(new OrleansMessageRejectionException($"{call.Method} on a {call.Target} was turned away; it did not run.")));
    }

    /// <summary>Brings the outcome of a delivered copy back to the request whose caller waits.</summary>
    internal void Respond(LocalSilo from, Request copy)
    {
        var original = copy.Original!;
        if (original.Method.OneWay) return;
        if (Transport is null || ReferenceEquals(original.Origin.Silo, from)) original.CompleteFrom(copy);
        else
            Transport.SendResponse(Describe(original.Origin.Name, from.Name, original), () => original.CompleteFrom(copy));
    }

    /// <summary>Creates a timer that fires once and does not carry the caller's async locals along.</summary>
    internal ITimer CreateTimer(TimerCallback callback, object state, TimeSpan dueTime)
    {
        using var suppressed = ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow();
        return TimeProvider.CreateTimer(callback, state, dueTime, Timeout.InfiniteTimeSpan);
    }

    internal ITimer DetectDeathLater(LocalSilo silo) => CreateTimer(
        _ => Task.Factory.StartNew(() => Evict(silo), CancellationToken.None, TaskCreationOptions.None, Executor.Scheduler), silo, _options.DeathDetectionDelay);

    private TransportedCall Describe(string from, string to, Request request) =>
        new(Interlocked.Increment(ref _lastCallNumber), from, to, request.Target.GrainId, request.Method.ToString());

    private LocalSilo Place(GrainClass grainClass, CallOrigin origin)
    {
        var silos = _placeable;
        if (grainClass.PrefersLocal && origin.Silo is { IsKilled: false } local && Array.IndexOf(silos, local) >= 0)
            return local;

        if (silos.Length == 0)
            throw new SiloUnavailableException("No silo takes new activations: the cluster is stopping or has none.");

        if (silos.Length == 1) return silos[0];
        lock (_options.PlacementRandom) return silos[_options.PlacementRandom.Next(silos.Length)];
    }
}
