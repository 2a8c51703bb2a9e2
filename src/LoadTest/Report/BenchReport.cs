namespace Gongji.LoadTest;

/// <summary>Everything that a run measured.</summary>
internal sealed record BenchReport
{
    /// <summary>The machine that it ran on.</summary>
    public required IReadOnlyDictionary<string, string> Machine { get; init; }

    /// <summary>The settings of the run, including PostgreSQL's.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    public IReadOnlyList<ScenarioResult> Scenarios { get; init; } = [];

    public IReadOnlyList<ScenarioResult> Peers { get; init; } = [];

    /// <summary>What was requested but not run, with the reason.</summary>
    public IReadOnlyList<string> Skipped { get; init; } = [];

    /// <summary>How much the audit checked and how much of it was wrong; null when there was no audit.</summary>
    public AuditTotals? Audit { get; init; }

    /// <summary>The ratios between figures, where both figures are there.</summary>
    public IReadOnlyDictionary<string, double> Ratios
    {
        get
        {
            Dictionary<string, double> ratios = [];
            foreach ((string name, string over) in RatioNames)
            {
                if (Rate(name) is { } rate && Rate(over) is > 0 and { } divisor)
                {
                    ratios[$"{name} / {over}"] = rate / divisor;
                }
            }

            return ratios;
        }
    }

    private static readonly (string Name, string Over)[] RatioNames =
    [
        (BenchNames.Uniform, BenchNames.ProcedureUniform),
        (BenchNames.HotRegion, BenchNames.ProcedureRegional),
        (BenchNames.HotRegion, BenchNames.Uniform),
        (BenchNames.HotPerson, BenchNames.Uniform),
        (BenchNames.Zipf, BenchNames.Uniform),
        (BenchNames.Accept, BenchNames.Uniform),
        (BenchNames.Http, BenchNames.Uniform),
        (BenchNames.Batch, BenchNames.Uniform),
        (BenchNames.Uniform, BenchNames.GrainPerWrite),
        (BenchNames.Uniform, BenchNames.OrleansTransactions),
    ];

    private double? Rate(string name) => Scenarios.Concat(Peers).FirstOrDefault(result => result.Name == name)?.TransfersPerSecond;
}

/// <summary>The sums of an audit.</summary>
/// <param name="Checked">The number of facts checked, over all invariants.</param>
/// <param name="Violations">The number of those that do not hold.</param>
internal sealed record AuditTotals(long Checked, long Violations);
