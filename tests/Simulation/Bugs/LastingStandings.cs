using Gongji.Grains;
using Orleans;

namespace Gongji.Simulation.Bugs;

/// <summary>Keeps showing a person's standing as it was when the silo first asked for it.</summary>
internal sealed class LastingStandings(IGrainFactory grains) : LocalPersons(grains)
{
    protected override void Withdraw(LocalPerson here)
    {
    }
}
