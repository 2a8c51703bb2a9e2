namespace Orleans.Streams;

/// <summary>Consumes events.</summary>
public interface IAsyncObserver<in T>
{
    /// <summary>Receives an event. If this throws, the event is delivered again, a few times.</summary>
    Task OnNextAsync(T item, StreamSequenceToken? token = null);

    /// <summary>No more events will come.</summary>
    Task OnCompletedAsync() => Task.CompletedTask;

    /// <summary>The producer has reported an error.</summary>
    Task OnErrorAsync(Exception ex);
}

/// <summary>Something to subscribe to.</summary>
public interface IAsyncObservable<T>
{
    /// <summary>Subscribes the calling grain, or the client. A grain's subscription outlives its activation: the next one resumes it.</summary>
    Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncObserver<T> observer);
}

/// <summary>A stream.</summary>
public interface IAsyncStream
{
    /// <summary>Whether old events can be asked for again.</summary>
    bool IsRewindable { get; }

    /// <summary>The provider's name.</summary>
    string ProviderName { get; }

    /// <summary>The identity.</summary>
    StreamId StreamId { get; }
}

/// <summary>A stream of events of a type.</summary>
public interface IAsyncStream<T> : IAsyncStream, IAsyncObservable<T>, IAsyncObserver<T>
{
    /// <summary>The subscriptions of the calling grain, or of the client.</summary>
    Task<IList<StreamSubscriptionHandle<T>>> GetAllSubscriptionHandles();
}

/// <summary>Provides streams.</summary>
public interface IStreamProvider
{
    /// <summary>The provider's name.</summary>
    string Name { get; }

    /// <summary>Whether old events can be asked for again.</summary>
    bool IsRewindable { get; }

    /// <summary>Gets a stream, which exists as soon as someone uses it.</summary>
    IAsyncStream<T> GetStream<T>(StreamId streamId);
}

/// <summary>An event's place in its stream.</summary>
public abstract class StreamSequenceToken : IEquatable<StreamSequenceToken?>, IComparable<StreamSequenceToken?>
{
    /// <summary>The number of the batch.</summary>
    public abstract long SequenceNumber { get; protected set; }

    /// <summary>The place in the batch.</summary>
    public abstract int EventIndex { get; protected set; }

    public abstract bool Equals(StreamSequenceToken? other);

    public abstract int CompareTo(StreamSequenceToken? other);
}

/// <summary>A subscription.</summary>
public abstract class StreamSubscriptionHandle<T> : IEquatable<StreamSubscriptionHandle<T>?>
{
    /// <summary>The stream.</summary>
    public abstract StreamId StreamId { get; }

    /// <summary>The provider's name.</summary>
    public abstract string ProviderName { get; }

    /// <summary>The subscription's id.</summary>
    public abstract Guid HandleId { get; }

    /// <summary>Ends the subscription.</summary>
    public abstract Task UnsubscribeAsync();

    /// <summary>Sends the subscription's events to another observer: what a new activation does for the subscriptions of the activation before it.</summary>
    public abstract Task<StreamSubscriptionHandle<T>> ResumeAsync(IAsyncObserver<T> observer, StreamSequenceToken? token = null);

    public abstract bool Equals(StreamSubscriptionHandle<T>? other);
}
