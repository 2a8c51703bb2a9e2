using Gongji.LocalRuntime;
using Gongji.Simulation.Kernel;
using Gongji.Simulation.Running;

namespace Gongji.Simulation.Cluster;

/// <summary>The network between silos, and between clients and silos. It is slow and lossy, and sometimes delivers a request twice or rejects it.</summary>
public sealed class SimulatedNetwork(SimulationCore core) : ICallTransport
{
    private readonly Prng _prng = core.Chance("network");

    public void SendRequest(TransportedCall call, Action deliver, Action turnAway)
    {
        FaultPlan faults = core.Faults;
        if (core.Strikes(_prng, faults.RequestLost, CoveragePoint.RequestLost))
        {
            core.Trace.Add("request-lost", call.Method, default, call.Number);
            return;
        }

        if (core.Strikes(_prng, faults.RequestTurnedAway, CoveragePoint.RequestTurnedAway))
        {
            core.Trace.Add("request-turned-away", call.Method, default, call.Number);
            After(Delay(), turnAway);
            return;
        }

        core.Trace.Add("request", call.Method, default, call.Number);
        After(Delay(), deliver);
        if (core.Strikes(_prng, faults.RequestDoubled, CoveragePoint.RequestDoubled))
        {
            core.Trace.Add("request-doubled", call.Method, default, call.Number);
            After(Delay() * (1 + _prng.Next(100)), deliver);
        }
    }

    public void SendResponse(TransportedCall call, Action deliver)
    {
        if (core.Strikes(_prng, core.Faults.ResponseLost, CoveragePoint.ResponseLost))
        {
            core.Trace.Add("response-lost", call.Method, default, call.Number);
            return;
        }

        core.Trace.Add("response", call.Method, default, call.Number);
        After(Delay(), deliver);
    }

    private long Delay()
    {
        if (core.Strikes(_prng, core.Faults.NetworkSlow, CoveragePoint.MessageSlow))
        {
            return _prng.Between(TimeSpan.TicksPerMillisecond, TimeSpan.TicksPerSecond * (_prng.Chance(0.2) ? 8 : 1));
        }

        return core.Faults.NetworkDelayTicks == 0 ? 0 : _prng.Between(1, core.Faults.NetworkDelayTicks);
    }

    private void After(long delay, Action deliver)
    {
        if (delay == 0)
        {
            deliver();
        }
        else
        {
            core.Time.Schedule(delay, new CallbackEvent(deliver));
        }
    }
}
