using Gongji.Simulation.Bugs;

namespace Gongji.Simulation.Running;

/// <summary>The options for running a seed.</summary>
public sealed record RunOptions
{
    /// <summary>The planted bug; null for none.</summary>
    public PlantedBug? Bug { get; init; }

    /// <summary>Whether to keep the trace's text.</summary>
    public bool KeepTrace { get; init; }

    /// <summary>The most commands of the workload to run.</summary>
    public int CommandsMax { get; init; } = int.MaxValue;

    /// <summary>Faults that replace the seed's own.</summary>
    public FaultPlan? Faults { get; init; }

    /// <summary>A workload that replaces the seed's own.</summary>
    public Workload.WorkloadPlan? Workload { get; init; }
}
