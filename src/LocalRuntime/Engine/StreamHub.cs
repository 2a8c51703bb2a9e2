namespace Gongji.LocalRuntime.Engine;

/// <summary>
/// The cluster's streams: who subscribes to which, and the events on their way. Each subscription gets its events in order,
/// one at a time, as requests of the grain; a slow subscriber holds up nobody but itself.
/// </summary>
internal sealed class StreamHub(LocalCluster cluster)
{
    private readonly ConcurrentDictionary<string, IStreamProvider> _providers = new();
    private readonly Dictionary<(string Provider, StreamId Id), List<Subscription>> _subscriptions = [];
    private long _lastSequence;
    private long _lastHandle;

    internal LocalCluster Cluster => cluster;

    internal IStreamProvider Provider(string name) => _providers.GetOrAdd(name, static (key, hub) => new Named(hub, key), this);

    internal void Publish(string provider, StreamId streamId, StreamEvent what)
    {
        lock (_subscriptions)
        {
            what = what with { Token = new SequenceToken(++_lastSequence) };
            foreach (var subscription in Of(provider, streamId)) subscription.Add(what);
        }
    }

    internal Subscription Subscribe(string provider, StreamId streamId, IStreamTarget observer)
    {
        lock (_subscriptions)
        {
            Span<byte> id = stackalloc byte[16];
            BitConverter.TryWriteBytes(id, ++_lastHandle);
            var subscription = new Subscription(this, provider, streamId, new Guid(id), observer);
            Of(provider, streamId).Add(subscription);
            return subscription;
        }
    }

    internal void Unsubscribe(Subscription subscription)
    {
        lock (_subscriptions)
        {
            subscription.IsEnded = true;
            Of(subscription.Provider, subscription.StreamId).Remove(subscription);
        }
    }

    internal List<Subscription> OfCaller(string provider, StreamId streamId)
    {
        lock (_subscriptions)
        {
            var caller = Activation.Current?.GrainId;
            return [.. Of(provider, streamId).Where(each => each.GrainId == caller)];
        }
    }

    private List<Subscription> Of(string provider, StreamId streamId)
    {
        if (!_subscriptions.TryGetValue((provider, streamId), out var found))
            _subscriptions.Add((provider, streamId), found = []);

        return found;
    }

    private sealed class Named(StreamHub hub, string name) : IStreamProvider
    {
        public string Name => name;

        public bool IsRewindable => false;

        public IAsyncStream<T> GetStream<T>(StreamId streamId) => new MemoryStream<T>(hub, name, streamId);
    }

    private sealed class SequenceToken(long number) : StreamSequenceToken
    {
        public override long SequenceNumber { get; protected set; } = number;

        public override int EventIndex { get; protected set; }

        public override int CompareTo(StreamSequenceToken? other) => other is null ? 1 : SequenceNumber.CompareTo(other.SequenceNumber);

        public override bool Equals(StreamSequenceToken? other) => other is not null && SequenceNumber == other.SequenceNumber;

        public override string ToString() => $"#{SequenceNumber}";
    }
}

/// <summary>What happens on a stream: an item, or else an error, or else the end.</summary>
internal readonly record struct StreamEvent(bool HasItem, object? Item, Exception? Error, StreamSequenceToken? Token);

/// <summary>An observer, whatever its item type.</summary>
internal interface IStreamTarget
{
    Task DeliverAsync(StreamEvent what);
}

internal sealed class StreamTarget<T>(IAsyncObserver<T> observer) : IStreamTarget
{
    public Task DeliverAsync(StreamEvent what) =>
        what.HasItem ? observer.OnNextAsync((T)what.Item!, what.Token)
        : what.Error is { } error ? observer.OnErrorAsync(error)
        : observer.OnCompletedAsync();
}

internal sealed class FunctionObserver<T>(Func<T, StreamSequenceToken?, Task> onNext, Func<Exception, Task>? onError, Func<Task>? onCompleted) : IAsyncObserver<T>
{
    public Task OnNextAsync(T item, StreamSequenceToken? token = null) => onNext(item, token);

    public Task OnErrorAsync(Exception ex) => onError?.Invoke(ex) ?? Task.CompletedTask;

    public Task OnCompletedAsync() => onCompleted?.Invoke() ?? Task.CompletedTask;
}
