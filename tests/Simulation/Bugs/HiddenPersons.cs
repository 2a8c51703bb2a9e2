using Gongji.Grains;
using Orleans;

namespace Gongji.Simulation.Bugs;

/// <summary>Hides all persons, so that every leg is a message, which a filter sees. Not a bug by itself.</summary>
internal sealed class HiddenPersons(IGrainFactory grains) : LocalPersons(grains)
{
    protected override void Enter(string person, LocalPerson here)
    {
    }
}
