using Gongji.Grains;
using Gongji.Simulation.Kernel;
using Gongji.Simulation.Running;
using Orleans;

namespace Gongji.Simulation.Cluster;

/// <summary>
/// Lets other work run between calls inside a silo. In a real process other threads do that; the simulation has a single thread, on which the legs of a transfer would
/// otherwise always follow each other without interruption.
/// </summary>
internal sealed class InterruptedPersons(IGrainFactory grains, SimulationCore core, string silo) : LocalPersons(grains)
{
    private readonly Prng _prng = core.Chance("threads " + silo);

    protected override Task? LetOthersCome() => core.Strikes(_prng, core.Faults.OthersComeBetween, CoveragePoint.OthersCameBetween) ? YieldAsync() : null;

    private static async Task YieldAsync() => await Task.Yield();
}
