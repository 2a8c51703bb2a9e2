using Gongji.Simulation.Kernel;
using Gongji.Simulation.Running;
using Orleans;

namespace Gongji.Simulation.Cluster;

/// <summary>Deactivates grains in the middle of their work. They finish the call that they are in; later calls reach another activation.</summary>
internal sealed class LeavingGrains(SimulationCore core, string silo) : IIncomingGrainCallFilter
{
    private readonly Prng _prng = core.Chance("leaving " + silo);

    public Task Invoke(IIncomingGrainCallContext context)
    {
        if (core.Strikes(_prng, core.Faults.GrainsLeave, CoveragePoint.GrainLeft))
        {
            core.Trace.Add("grain-leaves", context.MethodName);
            context.TargetContext.Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationRequested, "The cluster balances its load."));
        }

        return context.Invoke();
    }
}
