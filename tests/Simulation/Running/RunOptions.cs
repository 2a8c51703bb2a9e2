using Gongji.Simulation.Bugs;

namespace Gongji.Simulation.Running;

/// <summary>How to run a seed.</summary>
public sealed record RunOptions
{
    /// <summary>The mistake to make; null for none.</summary>
    public PlantedBug? Bug { get; init; }

    /// <summary>Whether to keep the trace's text.</summary>
    public bool KeepTrace { get; init; }

    /// <summary>Runs no more than so many commands of the workload.</summary>
    public int CommandsMax { get; init; } = int.MaxValue;

    /// <summary>Faults instead of the seed's own.</summary>
    public FaultPlan? Faults { get; init; }

    /// <summary>A workload instead of the seed's own.</summary>
    public Workload.WorkloadPlan? Workload { get; init; }
}
