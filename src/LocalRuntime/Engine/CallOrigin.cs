namespace Gongji.LocalRuntime.Engine;

/// <summary>Where calls come from: a silo, or a client outside of all silos. Keeps the calls that wait for an answer.</summary>
internal sealed class CallOrigin(LocalCluster cluster, LocalSilo? silo, string name, TimeSpan responseTimeout, IOutgoingGrainCallFilter[] outgoingFilters)
{
    internal LocalCluster Cluster => cluster;

    internal LocalSilo? Silo => silo;

    internal string Name => name;

    internal LocalExecutor Executor { get; } = cluster.Executor;

    internal PendingCalls Pending { get; } = new(cluster, silo, responseTimeout);

    internal IOutgoingGrainCallFilter[] OutgoingFilters => outgoingFilters;

    internal Task<T> Send<T>(Request<T> request, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<T>(cancellationToken);
        if (request.Sender is null && Silo is { RefusesClients: true })
            return Task.FromException<T>(new SiloUnavailableException($"{Silo} is stopping and takes no new calls."));

        var completion = request.Method.OneWay ? Task.FromResult<T>(default!) : request.Completion;
        if (!request.Method.OneWay) Pending.Add(request);
        if (cancellationToken.CanBeCanceled) request.CompleteOnCancellation(cancellationToken);
        Route(request, null);
        return completion;
    }

    /// <summary>
    /// Finds where the grain is active, or where it is to be, and sends the request there. <paramref name="from"/> is the activation that the request
    /// reached too late; null for a new request.
    /// </summary>
    internal void Route(Request request, Activation? from)
    {
        try
        {
            Deliver(request, request.Target.Locate(this));
        }
        catch (Exception error)
        {
            if (from is null) request.Fail(error);
            else request.Reject(from, error);
        }
    }

    private void Deliver(Request request, Activation activation)
    {
        request.TargetSilo = activation.Silo;
        if (Cluster.Transport is not null && !ReferenceEquals(activation.Silo, Silo)) Cluster.SendByTransport(this, request, activation);
        else activation.Enqueue(request);
    }
}
