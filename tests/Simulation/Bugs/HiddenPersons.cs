using Gongji.Grains;
using Orleans;

namespace Gongji.Simulation.Bugs;

/// <summary>Shows nobody, so that every leg is a message, which a filter sees. No bug by itself.</summary>
internal sealed class HiddenPersons(IGrainFactory grains) : LocalPersons(grains)
{
    protected override void Enter(string person, LocalPerson here)
    {
    }
}
