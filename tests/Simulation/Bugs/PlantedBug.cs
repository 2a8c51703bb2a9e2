using Gongji.Simulation.Cluster;
using Gongji.Simulation.Oracle;
using Gongji.Simulation.Running;
using Gongji.Simulation.Store;

namespace Gongji.Simulation.Bugs;

/// <summary>
/// A mistake that somebody could make, planted on purpose, around the product and never in it. The simulator must catch it.
/// </summary>
/// <param name="Name">The name for <c>--bug</c>.</param>
/// <param name="Description">What goes wrong.</param>
/// <param name="CaughtBy">The invariants that may catch it; which one is first depends on the seed.</param>
public sealed record PlantedBug(string Name, string Description, params IReadOnlyList<string> CaughtBy)
{
    /// <summary>Makes a database with the bug.</summary>
    public Func<ILedgerWatch, SimulatedDatabase>? MakeDatabase { get; init; }

    /// <summary>Makes a store connection with the bug.</summary>
    public Func<SimulationCore, SimulatedDatabase, StoreWeather, string, SimulatedStore>? MakeStore { get; init; }

    /// <summary>Changes a silo's journal, clock or call filters to plant the bug.</summary>
    public Func<SiloPlan, SimulationCore, SiloPlan>? Change { get; init; }
}
