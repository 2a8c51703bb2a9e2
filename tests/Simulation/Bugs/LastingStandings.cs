using Gongji.Grains;
using Orleans;

namespace Gongji.Simulation.Bugs;

/// <summary>Shows for ever what a person was as a recipient when a silo first asked.</summary>
internal sealed class LastingStandings(IGrainFactory grains) : LocalPersons(grains)
{
    protected override void Withdraw(LocalPerson here)
    {
    }
}
