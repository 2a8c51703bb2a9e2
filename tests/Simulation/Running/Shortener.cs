namespace Gongji.Simulation.Running;

/// <summary>Finds the shortest prefix of a failing run's workload that still fails.</summary>
public static class Shortener
{
    private const int RunsMax = 20;

    /// <summary>Bisects between a number of commands that passes and one that fails, and returns the shortest failing run found.</summary>
    public static RunResult Shorten(RunResult failing, RunOptions options)
    {
        RunResult shortest = failing;
        int passes = 0;
        int fails = Math.Max(1, failing.Commands);
        for (int run = 0; run < RunsMax && fails - passes > 1; run++)
        {
            int middle = passes + (fails - passes) / 2;
            RunResult result = SimulationRun.Run(failing.Seed, options with { CommandsMax = middle });
            if (result.Violation?.Invariant == failing.Violation?.Invariant)
            {
                (shortest, fails) = (result, middle);
            }
            else
            {
                passes = middle;
            }
        }

        return shortest;
    }
}
