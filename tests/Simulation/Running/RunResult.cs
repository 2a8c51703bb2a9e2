using Gongji.Simulation.Kernel;

namespace Gongji.Simulation.Running;

/// <summary>The result of running one seed.</summary>
public sealed record RunResult
{
    public required ulong Seed { get; init; }

    public required Violation? Violation { get; init; }

    /// <summary>The trace's hash, which is the same for the same seed and build.</summary>
    public required ulong TraceHash { get; init; }

    /// <summary>The number of events in the trace.</summary>
    public required long TraceEvents { get; init; }

    /// <summary>The trace's text, empty unless it was asked for. Not the trace itself: by it a result would keep all that the run was made of alive.</summary>
    public required IReadOnlyList<TraceLine> TraceLines { get; init; }

    public required Coverage Coverage { get; init; }

    /// <summary>The number of commands given, without retries.</summary>
    public required int Commands { get; init; }

    /// <summary>The number of answers judged.</summary>
    public required long Answers { get; init; }

    /// <summary>The number of credits, receipts, returns, payments and refunds.</summary>
    public required long Movements { get; init; }

    public required long Entries { get; init; }

    public required long Steps { get; init; }

    /// <summary>The virtual time that passed.</summary>
    public required TimeSpan Time { get; init; }

    public FaultPlan Faults { get; init; } = null!;
}
