namespace Gongji.LoadTest;

/// <summary>What the command line asks for.</summary>
internal sealed record BenchOptions
{
    /// <summary>How long each scenario is measured, after a warm-up.</summary>
    public int Seconds { get; init; } = 10;

    /// <summary>Parts that the seconds of scenarios are measured in whose figures are compared with each other.</summary>
    public int Rounds { get; init; } = 3;

    /// <summary>Persons who accept automatically.</summary>
    public int Accounts { get; init; } = 100_000;

    /// <summary>Transfers that nobody accepted, of the scenario that returns them at 06:00.</summary>
    public int Holds { get; init; } = 100_000;

    /// <summary>Lines of one upload of credits.</summary>
    public int Credits { get; init; } = 500_000;

    /// <summary>Operations in flight in closed loops.</summary>
    public int InFlight { get; init; } = BenchLimits.InFlight;

    /// <summary>The embedded store instead of PostgreSQL.</summary>
    public bool Sqlite { get; init; }

    /// <summary>Scenarios and peers to run; all when empty.</summary>
    public IReadOnlyList<string> Scenarios { get; init; } = [];

    /// <summary>Where to write the figures as JSON; null for nowhere.</summary>
    public string? JsonFile { get; init; }

    /// <summary>Where to write the plots; null for nowhere.</summary>
    public string? PlotFile { get; init; }

    /// <summary>Prints garbage collection and helpers' cores of each scenario too.</summary>
    public bool IsVerbose { get; init; }

    /// <summary>How long a scenario runs before it is measured.</summary>
    public int WarmUpSeconds { get; init; } = 10;

    public bool Wants(string name) => Scenarios.Count == 0 || Scenarios.Contains(name);
}
