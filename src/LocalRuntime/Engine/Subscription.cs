namespace Gongji.LocalRuntime.Engine;

/// <summary>
/// A subscription of a grain, or of a client, with the events that it has not received yet. It receives them in order, one at a time; a grain receives
/// them as requests. So a slow subscriber holds up nobody but itself.
/// </summary>
internal sealed class Subscription<T>(MemoryStream<T> stream) : StreamSubscriptionHandle<T>
{
    private const int AttemptsMax = 3;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private readonly GrainClass? _grainClass = Activation.Current?.Class;
    private readonly Queue<Func<IAsyncObserver<T>, Task>> _events = new();
    private IAsyncObserver<T>? _clientObserver;
    private bool _delivering, _ended;

    public override StreamId StreamId => stream.StreamId;

    public override string ProviderName => stream.ProviderName;

    public override Guid HandleId { get; } = stream.Hub.NewHandleId();

    internal GrainId? GrainId { get; } = Activation.Current?.GrainId;

    private LocalCluster Cluster => stream.Hub.Cluster;

    public override bool Equals(StreamSubscriptionHandle<T>? other) => HandleId == other?.HandleId;

    public override Task UnsubscribeAsync()
    {
        _ended = true;
        stream.Remove(this);
        return Task.CompletedTask;
    }

    public override Task<StreamSubscriptionHandle<T>> ResumeAsync(IAsyncObserver<T> observer, StreamSequenceToken? token = null)
    {
        ArgumentNullException.ThrowIfNull(observer);
        if (GrainId is null) _clientObserver = observer;
        else if (Activation.Current is { } activation && activation.GrainId == GrainId) (activation.Extras.Observers ??= [])[HandleId] = observer;
        else throw new InvalidOperationException($"Only {GrainId}, in a turn of its own, can resume its subscription {HandleId}.");
        return Task.FromResult<StreamSubscriptionHandle<T>>(this);
    }

    internal void Add(Func<IAsyncObserver<T>, Task> what)
    {
        lock (_events)
        {
            _events.Enqueue(what);
            if (_delivering) return;
            _delivering = true;
        }

        _ = Task.Factory.StartNew(DeliverAllAsync, CancellationToken.None, TaskCreationOptions.DenyChildAttach, Cluster.Executor.Scheduler);
    }

    private async Task DeliverAllAsync()
    {
        while (true)
        {
            Func<IAsyncObserver<T>, Task>? next;
            lock (_events)
            {
                _delivering = _events.TryDequeue(out next) && !_ended;
                if (!_delivering) return;
            }

            await DeliverAsync(next!);
        }
    }

    private async Task DeliverAsync(Func<IAsyncObserver<T>, Task> what)
    {
        for (var attempt = 1; attempt <= AttemptsMax; attempt++)
        {
            var error = await Attempt.RunAsync(() => GrainId is { } grainId ? SendAsync(grainId, what) : what(_clientObserver!));
            if (error is null) return;
            if (attempt < AttemptsMax) await Task.Delay(RetryDelay, Cluster.TimeProvider);
            else if (Cluster.AnySilo is { } silo) Log.StreamDeliveryFailed(silo.Logger, attempt, error);
        }
    }

    private Task<Nothing> SendAsync(GrainId grainId, Func<IAsyncObserver<T>, Task> what)
    {
        var silo = Cluster.AnySilo ?? throw new SiloUnavailableException("No silo is left to deliver stream events.");
        var reference = new GrainReference().Bind(new ReferenceShared(silo.Factory, typeof(IGrain), _grainClass!), grainId);
        return reference.Send(new Delivery(HandleId, what), CancellationToken.None);
    }

    private sealed class Delivery(Guid handleId, Func<IAsyncObserver<T>, Task> what) : VoidRequest
    {
        private static readonly CallMethod OnNext = new(typeof(IAsyncObserver<T>).GetMethod(nameof(IAsyncObserver<>.OnNextAsync))!);

        public override CallMethod Method => OnNext;

        // An activation that has not resumed the subscription drops its events, as in Orleans.
        public override ValueTask CallVoid(object grain) =>
            Activation.Current!.Extras.Observers is { } observers && observers.TryGetValue(handleId, out var observer)
                ? new ValueTask(what((IAsyncObserver<T>)observer))
                : default;
    }
}
