namespace Orleans.Runtime;

/// <summary>A reference to a grain, which may be active anywhere or nowhere. Base class of the emitted proxies.</summary>
public class GrainReference : IAddressable, IEquatable<GrainReference>
{
    // The activation that was found last. A stale one is noticed, and the grain looked up again, as with Orleans' directory cache.
    private Activation? _lastSeen;

    internal GrainReference() { }

    /// <summary>The grain's identity.</summary>
    public GrainId GrainId { get; private set; }

    internal ReferenceShared Shared { get; private set; } = null!;

    /// <summary>References are equal if their grains are.</summary>
    public bool Equals(GrainReference? other) => other is not null && GrainId == other.GrainId;

    public override bool Equals(object? obj) => Equals(obj as GrainReference);

    public override int GetHashCode() => GrainId.GetHashCode();

    public static bool operator ==(GrainReference? reference1, GrainReference? reference2) => reference1?.Equals(reference2) ?? reference2 is null;

    public static bool operator !=(GrainReference? reference1, GrainReference? reference2) => !(reference1 == reference2);

    public sealed override string ToString() => $"GrainReference:{GrainId}";

    internal GrainReference Bind(ReferenceShared shared, GrainId grainId)
    {
        (Shared, GrainId) = (shared, grainId);
        return this;
    }

    internal Task<T> Send<T>(Request<T> request, CancellationToken cancellationToken)
    {
        var sender = Activation.Current;
        var origin = sender is null ? Shared.Factory.Origin : sender.Silo.Origin;
        if (origin.OutgoingFilters.Length > 0) return SendFilteredAsync(request, sender, origin, cancellationToken);
        request.Prepare(this, sender);
        return origin.Send(request, cancellationToken);
    }

    internal Activation Locate(CallOrigin origin)
    {
        var seen = _lastSeen;
        if (seen is null || !seen.CanBeReachedFrom(origin))
        {
            seen = origin.Cluster.Locate(GrainId, Shared.Class, origin);
            _lastSeen = Shared.Class.IsStatelessWorker ? null : seen;
        }

        return seen;
    }

    private async Task<T> SendFilteredAsync<T>(Request<T> request, Activation? sender, CallOrigin origin, CancellationToken cancellationToken)
    {
        request.Prepare(this, sender);
        var context = new OutgoingCall(request, this, origin, async () =>
        {
            // A filter may invoke twice, so each time the call is a new request, with the request context that the filter has set.
            var attempt = (Request<T>)request.CopyUnsent();
            attempt.Prepare(this, sender);
            return await origin.Send(attempt, cancellationToken);
        });
        await context.Invoke();
        return context.Result is null ? default! : (T)context.Result;
    }
}
