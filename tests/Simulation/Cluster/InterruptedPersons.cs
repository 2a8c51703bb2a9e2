using Gongji.Grains;
using Gongji.Simulation.Kernel;
using Gongji.Simulation.Running;
using Orleans;

namespace Gongji.Simulation.Cluster;

/// <summary>
/// Calls inside a silo between which something else may come. In a real process other threads see to that; a simulation has one, on which the legs of a transfer would
/// always follow each other at once.
/// </summary>
internal sealed class InterruptedPersons(IGrainFactory grains, SimulationCore core, string silo) : LocalPersons(grains)
{
    private readonly Prng _prng = core.Chance("threads " + silo);

    protected override Task? LetOthersCome() => core.Strikes(_prng, core.Faults.OthersComeBetween, CoveragePoint.OthersCameBetween) ? YieldAsync() : null;

    private static async Task YieldAsync() => await Task.Yield();
}
