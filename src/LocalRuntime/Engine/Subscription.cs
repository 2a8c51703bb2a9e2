namespace Gongji.LocalRuntime.Engine;

/// <summary>A subscription of a grain, or of a client, with the events that it has not had yet.</summary>
internal sealed class Subscription
{
    private const int AttemptsMax = 3;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private readonly StreamHub _hub;
    private readonly GrainClass? _grainClass = Activation.Current?.Class;
    private readonly Queue<StreamEvent> _events = new();
    private IStreamTarget? _clientObserver;
    private bool _delivering;

    internal Subscription(StreamHub hub, string provider, StreamId streamId, Guid handleId, IStreamTarget observer)
    {
        (_hub, Provider, StreamId, HandleId) = (hub, provider, streamId, handleId);
        Observe(observer);
    }

    internal string Provider { get; }

    internal StreamId StreamId { get; }

    internal Guid HandleId { get; }

    internal GrainId? GrainId { get; } = Activation.Current?.GrainId;

    internal bool IsEnded { get; set; }

    /// <summary>Gives events to this observer from now on: of the calling activation, or of the client.</summary>
    internal void Observe(IStreamTarget observer)
    {
        if (GrainId is null) _clientObserver = observer;
        else if (Activation.Current is { } activation && activation.GrainId == GrainId)
            (activation.Extras.Observers ??= [])[HandleId] = observer;
        else
            throw new InvalidOperationException($"Subscription {HandleId} belongs to {GrainId}: only that grain, in a turn of its own, can resume it.");
    }

    internal void Add(StreamEvent what)
    {
        lock (_events)
        {
            _events.Enqueue(what);
            if (_delivering) return;
            _delivering = true;
        }

        _ = Task.Factory.StartNew(DeliverAllAsync, CancellationToken.None, TaskCreationOptions.DenyChildAttach, _hub.Cluster.Executor.Scheduler);
    }

    private async Task DeliverAllAsync()
    {
        while (true)
        {
            StreamEvent next;
            lock (_events)
            {
                if (IsEnded || !_events.TryDequeue(out next))
                {
                    _delivering = false;
                    return;
                }
            }

            await DeliverAsync(next);
        }
    }

    private async Task DeliverAsync(StreamEvent what)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await DeliverOnceAsync(what);
                return;
            }
            catch (Exception) when (attempt < AttemptsMax)
            {
                await Task.Delay(RetryDelay, _hub.Cluster.TimeProvider);
            }
            catch (Exception error)
            {
                if (_hub.Cluster.AnySilo is { } silo) Log.StreamDeliveryFailed(silo.Logger, attempt, error);

                return;
            }
        }
    }

    private Task DeliverOnceAsync(StreamEvent what)
    {
        if (GrainId is not { } grainId) return _clientObserver!.DeliverAsync(what);
        var silo = _hub.Cluster.AnySilo ?? throw new SiloUnavailableException("No silo is left to deliver stream events.");
        var shared = new ReferenceShared(silo.Factory, typeof(IGrain), _grainClass!, null!);
        return new GrainReference(shared, grainId).Send(new Delivery(HandleId, what), CancellationToken.None);
    }

    /// <summary>An event on its way to a grain: a request like any other, which waits for its turn.</summary>
    private sealed class Delivery(Guid handleId, StreamEvent what) : VoidRequest
    {
        private static readonly CallMethod OnNext = new(typeof(IAsyncObserver<object>).GetMethod(nameof(IAsyncObserver<>.OnNextAsync))!);

        public override CallMethod Method => OnNext;

        public override int GetArgumentCount() => 1;

        public override object? GetArgument(int index) => what.Item;

        // An activation that has not resumed the subscription drops its events, as in Orleans.
        public override ValueTask CallVoid(object grain) =>
            Activation.Current!.Extras.Observers is { } observers && observers.TryGetValue(handleId, out var observer)
                ? new ValueTask(((IStreamTarget)observer).DeliverAsync(what))
                : default;
    }
}

/// <summary>A stream in memory.</summary>
internal sealed class MemoryStream<T>(StreamHub hub, string provider, StreamId streamId) : IAsyncStream<T>
{
    public bool IsRewindable => false;

    public string ProviderName => provider;

    public StreamId StreamId => streamId;

    public Task OnNextAsync(T item, StreamSequenceToken? token = null) => Publish(new StreamEvent(true, item, null, null));

    public Task OnErrorAsync(Exception ex) => Publish(new StreamEvent(false, null, ex, null));

    public Task OnCompletedAsync() => Publish(new StreamEvent(false, null, null, null));

    public Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        return Task.FromResult<StreamSubscriptionHandle<T>>(new Handle(hub, hub.Subscribe(provider, streamId, new StreamTarget<T>(observer))));
    }

    public Task<IList<StreamSubscriptionHandle<T>>> GetAllSubscriptionHandles() => Task.FromResult<IList<StreamSubscriptionHandle<T>>>(
        [.. hub.OfCaller(provider, streamId).Select(each => new Handle(hub, each))]);

    private Task Publish(StreamEvent what)
    {
        hub.Publish(provider, streamId, what);
        return Task.CompletedTask;
    }

    private sealed class Handle(StreamHub hub, Subscription subscription) : StreamSubscriptionHandle<T>
    {
        public override StreamId StreamId => subscription.StreamId;

        public override string ProviderName => subscription.Provider;

        public override Guid HandleId => subscription.HandleId;

        public override bool Equals(StreamSubscriptionHandle<T>? other) => HandleId == other?.HandleId;

        public override Task UnsubscribeAsync()
        {
            hub.Unsubscribe(subscription);
            return Task.CompletedTask;
        }

        public override Task<StreamSubscriptionHandle<T>> ResumeAsync(IAsyncObserver<T> observer, StreamSequenceToken? token = null)
        {
            subscription.Observe(new StreamTarget<T>(observer));
            return Task.FromResult<StreamSubscriptionHandle<T>>(this);
        }
    }
}
