using Gongji.Simulation.Kernel;
using Gongji.Simulation.Running;
using Orleans;

namespace Gongji.Simulation.Cluster;

/// <summary>Tells grains to leave memory in the middle of their work. They finish what they were called for; what comes then finds another activation.</summary>
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
