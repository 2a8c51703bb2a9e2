using Gongji.Simulation.Cluster;
using Gongji.Simulation.Oracle;
using Gongji.Simulation.Running;
using Gongji.Simulation.Store;

namespace Gongji.Simulation.Bugs;

/// <summary>
/// A mistake that somebody could make, made here on purpose, around the product and never in it: the simulator must catch it.
/// </summary>
/// <param name="Name">For <c>--bug</c>.</param>
/// <param name="Description">What goes wrong.</param>
/// <param name="CaughtBy">The invariants that may catch it: which one does first depends on the seed.</param>
public sealed record PlantedBug(string Name, string Description, params IReadOnlyList<string> CaughtBy)
{
    /// <summary>A database that forgets something.</summary>
    public Func<ILedgerWatch, SimulatedDatabase>? MakeDatabase { get; init; }

    /// <summary>Store access that gets something wrong.</summary>
    public Func<SimulationCore, SimulatedDatabase, StoreWeather, string, SimulatedStore>? MakeStore { get; init; }

    /// <summary>A silo with a journal, a clock or a call filter that gets something wrong.</summary>
    public Func<SiloPlan, SimulationCore, SiloPlan>? Change { get; init; }
}
