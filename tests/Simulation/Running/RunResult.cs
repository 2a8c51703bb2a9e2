using Gongji.Simulation.Kernel;

namespace Gongji.Simulation.Running;

/// <summary>What became of one seed.</summary>
public sealed record RunResult
{
    public required ulong Seed { get; init; }

    public required Violation? Violation { get; init; }

    /// <summary>The trace's hash: the same for the same seed and build.</summary>
    public required ulong TraceHash { get; init; }

    public required SimulationTrace Trace { get; init; }

    public required Coverage Coverage { get; init; }

    /// <summary>Commands given, retries not counted.</summary>
    public required int Commands { get; init; }

    /// <summary>Answers judged.</summary>
    public required long Answers { get; init; }

    /// <summary>Credits, receipts, returns, payments and refunds.</summary>
    public required long Movements { get; init; }

    public required long Entries { get; init; }

    public required long Steps { get; init; }

    /// <summary>Virtual time that passed.</summary>
    public required TimeSpan Time { get; init; }

    public FaultPlan Faults { get; init; } = null!;
}
