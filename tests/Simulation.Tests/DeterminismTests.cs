using Gongji.Simulation.Running;

namespace Gongji.Simulation.Tests;

/// <summary>The same seed and build give the same run, to the last byte of its trace.</summary>
public sealed class DeterminismTests
{
    private const int CommandsMax = 400;

    [Fact]
    public void Same_seed_gives_the_same_trace_on_50_seeds()
    {
        for (ulong seed = 1; seed <= 50; seed++)
        {
            RunResult first = SimulationRun.Run(seed, new RunOptions { CommandsMax = CommandsMax });
            RunResult second = SimulationRun.Run(seed, new RunOptions { CommandsMax = CommandsMax });
            Assert.True(first.TraceHash == second.TraceHash && first.Trace.Events == second.Trace.Events, $"Seed {seed} gave two different traces.");
        }
    }

    [Fact]
    public void Same_seed_gives_the_same_text_whether_it_is_kept_or_not()
    {
        for (ulong seed = 101; seed <= 104; seed++)
        {
            RunOptions options = new() { CommandsMax = CommandsMax, KeepTrace = true };
            RunResult first = SimulationRun.Run(seed, options);
            RunResult second = SimulationRun.Run(seed, options);
            Assert.Equal(first.Trace.Lines.Select(line => line.ToString()), second.Trace.Lines.Select(line => line.ToString()));
            Assert.Equal(first.TraceHash, SimulationRun.Run(seed, options with { KeepTrace = false }).TraceHash);
        }
    }

    [Fact]
    public void Seeds_that_run_side_by_side_give_the_traces_they_give_alone()
    {
        RunResult Run(ulong seed) => SimulationRun.Run(seed, new RunOptions { CommandsMax = CommandsMax });
        using SeedRunner runner = new(1, 12, Run);

        Assert.All(Enumerable.Range(0, 12), index => Assert.Equal(Run(1 + (ulong)index).TraceHash, runner.Take(index).TraceHash));
    }

    [Fact]
    public void Different_seeds_give_different_traces() => Assert.Equal(
        20,
        Enumerable.Range(1, 20).Select(seed => SimulationRun.Run((ulong)seed, new RunOptions { CommandsMax = 50 }).TraceHash).Distinct().Count());
}
