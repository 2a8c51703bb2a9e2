using Orleans;
using Orleans.Runtime;

namespace Gongji.LocalRuntime.Engine;

/// <summary>Where calls come from: a silo, or a client outside of all silos. Keeps the calls that wait for an answer.</summary>
internal sealed class CallOrigin
{
    internal CallOrigin(LocalCluster cluster, LocalSilo? silo, string name, TimeSpan responseTimeout, IOutgoingGrainCallFilter[] outgoingFilters)
    {
        Cluster = cluster;
        Silo = silo;
        Name = name;
        OutgoingFilters = outgoingFilters;
        Executor = cluster.Executor;
        Pending = new PendingCalls(this, responseTimeout);
    }

    internal LocalCluster Cluster { get; }

    internal LocalSilo? Silo { get; }

    internal string Name { get; }

    internal LocalExecutor Executor { get; }

    internal PendingCalls Pending { get; }

    internal IOutgoingGrainCallFilter[] OutgoingFilters { get; }

    internal void Send(Request request, CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                request.Fail(new OperationCanceledException(cancellationToken));
                return;
            }

            // Before it is sent: afterwards the request may be answered, and used for another call.
            request.CompleteOnCancellation(cancellationToken);
        }

        Send(request);
    }

    internal void Send(Request request)
    {
        if (!request.IsOneWay)
        {
            Pending.Add(request);
        }

        if (request.Sender is null && Silo is { RefusesClients: true })
        {
            request.Fail(new SiloUnavailableException($"{Silo} is stopping and takes no new calls."));
            return;
        }

        Route(request);
    }

    /// <summary>Sends a request on that arrived where the grain is no more.</summary>
    internal void Forward(Request request) => Deliver(request, Cluster.Locate(request.Target.GrainId, request.Target.Shared.Class, this));

    private void Route(Request request)
    {
        Activation activation;
        try
        {
            activation = request.Target.Locate(this);
        }
        catch (Exception error)
        {
            request.Fail(error);
            return;
        }

        Deliver(request, activation);
    }

    private void Deliver(Request request, Activation activation)
    {
        request.TargetSilo = activation.Silo;
        if (Cluster.Transport is not null && !ReferenceEquals(activation.Silo, Silo))
        {
            Cluster.SendByTransport(this, request, activation);
        }
        else
        {
            activation.Enqueue(request);
        }
    }
}
