namespace Gongji.LocalRuntime.Engine;

/// <summary>The cluster's streams in memory.</summary>
internal sealed class StreamHub(LocalCluster cluster)
{
    private readonly ConcurrentDictionary<(string Provider, StreamId Id, Type Item), IAsyncStream> _streams = new();
    private long _lastHandle;

    internal LocalCluster Cluster => cluster;

    internal IStreamProvider Provider(string name) => new Named(this, name);

    // Ids are counted, not random: random ones would make simulations differ.
    internal Guid NewHandleId() => RequestContext.CountedGuid(Interlocked.Increment(ref _lastHandle));

    private sealed record Named(StreamHub Hub, string Name) : IStreamProvider
    {
        public bool IsRewindable => false;

        public IAsyncStream<T> GetStream<T>(StreamId streamId) => (IAsyncStream<T>)Hub._streams.GetOrAdd(
            (Name, streamId, typeof(T)), static (key, hub) => new MemoryStream<T>(hub, key.Provider, key.Id), Hub);
    }
}

/// <summary>A stream in memory: its subscriptions.</summary>
internal sealed class MemoryStream<T>(StreamHub hub, string provider, StreamId streamId) : IAsyncStream<T>
{
    private readonly List<Subscription<T>> _subscriptions = [];
    private long _lastSequence;

    public bool IsRewindable => false;

    public string ProviderName => provider;

    public StreamId StreamId => streamId;

    internal StreamHub Hub => hub;

    public Task OnNextAsync(T item, StreamSequenceToken? token = null)
    {
        var given = new SequenceToken(Interlocked.Increment(ref _lastSequence));
        return PublishAsync(observer => observer.OnNextAsync(item, given));
    }

    public Task OnErrorAsync(Exception ex) => PublishAsync(observer => observer.OnErrorAsync(ex));

    public Task OnCompletedAsync() => PublishAsync(static observer => observer.OnCompletedAsync());

    public Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncObserver<T> observer)
    {
        var subscription = new Subscription<T>(this);
        lock (_subscriptions) _subscriptions.Add(subscription);
        return subscription.ResumeAsync(observer);
    }

    public Task<IList<StreamSubscriptionHandle<T>>> GetAllSubscriptionHandles()
    {
        var caller = Activation.Current?.GrainId;
        lock (_subscriptions) return Task.FromResult<IList<StreamSubscriptionHandle<T>>>([.. _subscriptions.Where(each => each.GrainId == caller)]);
    }

    internal void Remove(Subscription<T> subscription)
    {
        lock (_subscriptions) _subscriptions.Remove(subscription);
    }

    private Task PublishAsync(Func<IAsyncObserver<T>, Task> what)
    {
        lock (_subscriptions) _subscriptions.ForEach(each => each.Add(what));
        return Task.CompletedTask;
    }

    private sealed class SequenceToken(long number) : StreamSequenceToken
    {
        public override long SequenceNumber { get; protected set; } = number;

        public override int EventIndex { get; protected set; }

        public override int CompareTo(StreamSequenceToken? other) => other is null ? 1 : SequenceNumber.CompareTo(other.SequenceNumber);

        public override bool Equals(StreamSequenceToken? other) => SequenceNumber == other?.SequenceNumber;
    }
}
