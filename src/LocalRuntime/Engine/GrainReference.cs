using Gongji.LocalRuntime.Engine;

namespace Orleans.Runtime;

/// <summary>A reference to a grain, which may be active anywhere or nowhere. Base class of the emitted proxies.</summary>
public class GrainReference : IAddressable, IEquatable<GrainReference>
{
    // Where the grain was found last. A stale one is noticed and looked up again, as Orleans' directory cache.
    private Activation? _lastSeen;

    internal GrainReference(ReferenceShared shared, GrainId grainId)
    {
        Shared = shared;
        GrainId = grainId;
    }

    /// <summary>The grain's identity.</summary>
    public GrainId GrainId { get; }

    /// <summary>The name of the interface this reference was made for.</summary>
    public virtual string InterfaceName => Shared.Interface.FullName!;

    internal ReferenceShared Shared { get; }

    /// <summary>References are equal if their grains are.</summary>
    public bool Equals(GrainReference? other) => other is not null && GrainId == other.GrainId;

    public override bool Equals(object? obj) => Equals(obj as GrainReference);

    public override int GetHashCode() => GrainId.GetHashCode();

    public static bool operator ==(GrainReference? reference1, GrainReference? reference2) => reference1?.Equals(reference2) ?? reference2 is null;

    public static bool operator !=(GrainReference? reference1, GrainReference? reference2) => !(reference1 == reference2);

    public sealed override string ToString() => $"GrainReference:{GrainId}";

    internal ValueTask<T> SendValueTask<T>(Request<T> request, CancellationToken cancellationToken)
    {
        var sender = Activation.Current;
        var origin = sender is null ? Shared.Origin : sender.Silo.Origin;
        if (origin.OutgoingFilters.Length > 0)
        {
            return new ValueTask<T>(SendFilteredAsync(request, cancellationToken));
        }

        request.Prepare(this, sender, origin);
        if (request.IsOneWay)
        {
            origin.Send(request, CancellationToken.None);
            return default;
        }

        var token = request.UseValueTask();
        origin.Send(request, cancellationToken);
        return new ValueTask<T>(request, token);
    }

    internal ValueTask SendVoidValueTask(VoidRequest request, CancellationToken cancellationToken)
    {
        var sender = Activation.Current;
        var origin = sender is null ? Shared.Origin : sender.Silo.Origin;
        if (origin.OutgoingFilters.Length > 0)
        {
            return new ValueTask(SendFilteredAsync(request, cancellationToken));
        }

        request.Prepare(this, sender, origin);
        if (request.IsOneWay)
        {
            origin.Send(request, CancellationToken.None);
            return default;
        }

        var token = request.UseValueTask();
        origin.Send(request, cancellationToken);
        return new ValueTask(request, token);
    }

    internal Task<T> SendTask<T>(Request<T> request, CancellationToken cancellationToken)
    {
        var sender = Activation.Current;
        var origin = sender is null ? Shared.Origin : sender.Silo.Origin;
        return origin.OutgoingFilters.Length > 0 ? SendFilteredAsync(request, cancellationToken) : SendTask(request, sender, origin, cancellationToken);
    }

    internal Task SendVoidTask(VoidRequest request, CancellationToken cancellationToken) => SendTask<Nothing>(request, cancellationToken);

    internal Activation Locate(CallOrigin origin)
    {
        var seen = _lastSeen;
        if (seen is null || !seen.CanBeReachedFrom(origin))
        {
            seen = origin.Cluster.Locate(GrainId, Shared.Class, origin);
            if (!Shared.Class.IsStatelessWorker)
            {
                _lastSeen = seen;
            }
        }

        return seen;
    }

    private Task<T> SendTask<T>(Request<T> request, Activation? sender, CallOrigin origin, CancellationToken cancellationToken)
    {
        request.Prepare(this, sender, origin);
        if (request.IsOneWay)
        {
            origin.Send(request, CancellationToken.None);
            return Task.FromResult<T>(default!);
        }

        var task = request.UseTask();
        origin.Send(request, cancellationToken);
        return task;
    }

    private async Task<T> SendFilteredAsync<T>(Request<T> request, CancellationToken cancellationToken)
    {
        var sender = Activation.Current;
        var origin = sender is null ? Shared.Origin : sender.Silo.Origin;
        request.Prepare(this, sender, origin);
        var context = new OutgoingCall(request, this, origin, async () =>
        {
            // A filter may call twice, so each call is a request of its own.
            var attempt = (Request<T>)request.CopyUnsent();
            return await SendTask(attempt, sender, origin, cancellationToken);
        });
        await context.Invoke();
        return context.Result is null ? default! : (T)context.Result;
    }
}
