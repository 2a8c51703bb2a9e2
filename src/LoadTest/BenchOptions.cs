namespace Gongji.LoadTest;

/// <summary>The options of the command line.</summary>
internal sealed record BenchOptions
{
    /// <summary>How long each scenario is measured, after a warm-up.</summary>
    public int Seconds { get; init; } = 10;

    /// <summary>The number of rounds over which the measured seconds are spread, for scenarios whose figures are compared with each other.</summary>
    public int Rounds { get; init; } = 3;

    /// <summary>The number of persons who accept automatically.</summary>
    public int Accounts { get; init; } = 100_000;

    /// <summary>The number of transfers that nobody accepted, for the scenario that returns them at 06:00.</summary>
    public int Holds { get; init; } = 100_000;

    /// <summary>The number of lines of one upload of credits.</summary>
    public int Credits { get; init; } = 500_000;

    /// <summary>Operations in flight in closed loops.</summary>
    public int InFlight { get; init; } = BenchLimits.InFlight;

    /// <summary>Whether to use the embedded store instead of PostgreSQL.</summary>
    public bool Sqlite { get; init; }

    /// <summary>The scenarios and peers to run; all when empty.</summary>
    public IReadOnlyList<string> Scenarios { get; init; } = [];

    /// <summary>The file for the figures as JSON; null for none.</summary>
    public string? JsonFile { get; init; }

    /// <summary>The file for the plots; null for none.</summary>
    public string? PlotFile { get; init; }

    /// <summary>Whether to print each scenario's garbage collection and the helpers' processor cores too.</summary>
    public bool IsVerbose { get; init; }

    /// <summary>How long a scenario runs before it is measured.</summary>
    public int WarmUpSeconds { get; init; } = 10;

    public bool Wants(string name) => Scenarios.Count == 0 || Scenarios.Contains(name);
}
