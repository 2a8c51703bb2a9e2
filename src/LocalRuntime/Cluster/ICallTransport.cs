namespace Gongji.LocalRuntime;

/// <summary>
/// The network between silos, and between clients and silos. Without one, everything is delivered at once; a simulation's transport delays, drops,
/// doubles and reorders messages. Calls inside a silo never pass through it.
/// </summary>
public interface ICallTransport
{
    /// <summary>Carries a request. One that never arrives times out.</summary>
    /// <param name="call">The request.</param>
    /// <param name="deliver">To be called each time that the request arrives, now or later.</param>
    /// <param name="turnAway">
    /// To be called instead when the request is turned away before it runs: the caller gets an
    /// <see cref="Orleans.Runtime.OrleansMessageRejectionException"/>.
    /// </param>
    void SendRequest(TransportedCall call, Action deliver, Action turnAway);

    /// <summary>Carries the answer back. Only the first that arrives counts.</summary>
    void SendResponse(TransportedCall call, Action deliver);
}

/// <summary>A call on its way.</summary>
/// <param name="Number">Counts the cluster's transported calls, from 1.</param>
/// <param name="From">The name of the calling silo, or of the client.</param>
/// <param name="To">The name of the silo called.</param>
/// <param name="Target">The grain called.</param>
/// <param name="Method">The method called.</param>
public sealed record TransportedCall(long Number, string From, string To, GrainId Target, string Method);
