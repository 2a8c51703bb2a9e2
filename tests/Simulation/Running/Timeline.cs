using System.Text;
using Gongji.Simulation.Kernel;

namespace Gongji.Simulation.Running;

/// <summary>The part of a failing run's trace that a person wants to read: the lines about the transfer and accounts concerned, and about whole silos.</summary>
public static class Timeline
{
    private const int LinesMax = 120;

    private static readonly HashSet<string> OfSilos =
    [
        "failover", "silo-started", "clock-leaps", "clock-jumps", "violation", "phase",
        nameof(CoveragePoint.SiloCrashed), nameof(CoveragePoint.SiloRestarted), nameof(CoveragePoint.SiloPaused),
        nameof(CoveragePoint.ZombieResumed), nameof(CoveragePoint.ZombieLeft),
    ];

    /// <summary>Writes the timeline of a violation, from a run that kept its trace.</summary>
    public static string Of(RunResult result)
    {
        if (result.Violation is not { } violation)
        {
            return string.Empty;
        }

        HashSet<string> accounts = [.. violation.Accounts];
        List<TraceLine> lines = [.. result.TraceLines.Where(line =>
            OfSilos.Contains(line.What) || (violation.Operation != default && line.Operation == violation.Operation) || accounts.Contains(line.Who))];
        StringBuilder text = new();
        if (lines.Count > LinesMax)
        {
            text.AppendLine(System.Globalization.CultureInfo.InvariantCulture, $"  ({lines.Count - LinesMax} earlier lines are left out)");
        }

        foreach (TraceLine line in lines.Skip(lines.Count - LinesMax))
        {
            text.AppendLine(line.ToString());
        }

        return text.ToString();
    }
}
