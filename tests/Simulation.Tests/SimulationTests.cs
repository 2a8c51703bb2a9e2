using Gongji.Simulation.Running;
using Gongji.Simulation.Workload;
using Xunit.Abstractions;

namespace Gongji.Simulation.Tests;

/// <summary>The product under the simulator: no invariant is violated, and everything that can happen does.</summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    private const ulong SeedsMin = 60;
    private const ulong SeedsMax = 1_000;

    [Fact]
    public void Seeds_have_no_violation_and_reach_every_fault_and_every_branch_of_the_money_path()
    {
        Coverage coverage = new();
        ulong seed = 1;
        for (; seed <= SeedsMin || (seed <= SeedsMax && coverage.Missing.Count > 0); seed++)
        {
            RunResult result = SimulationRun.Run(seed, new RunOptions());
            coverage.Add(result.Coverage);
            Assert.True(result.Violation is null, $"Seed {seed}: {result.Violation?.Invariant}: {result.Violation?.Text}. Replay: ./run simulate --seed {seed} --trace");
        }

        foreach (CoveragePoint point in Coverage.All)
        {
            output.WriteLine($"{point,-32} {coverage[point],12}");
        }

        Assert.Empty(coverage.Missing);
    }

    /// <summary>A lost message costs its caller the whole timeout, so seeds with few clients and much loss take hours of virtual time, and that is no hang.</summary>
    [Fact]
    public void Run_that_waits_for_lost_messages_for_hours_comes_to_its_end()
    {
        FaultPlan lossy = FaultPlan.None(7) with { RequestLost = 0.1 };
        WorkloadPlan lonely = WorkloadPlan.FromSeed(7) with { Clients = 1, Commands = 2_000 };
        RunResult result = SimulationRun.Run(7, new RunOptions { Faults = lossy, Workload = lonely });

        Assert.True(result.Violation is null, $"{result.Violation?.Invariant}: {result.Violation?.Text}");
        Assert.True(result.Time > TimeSpan.FromHours(3), $"It took {result.Time}.");
    }

    [Fact]
    public void Run_without_faults_answers_every_command_definitely()
    {
        RunResult result = SimulationRun.Run(7, new RunOptions { Faults = FaultPlan.None(7) });

        Assert.Null(result.Violation);
        Assert.Equal(0, result.Coverage.Faults);
        Assert.Equal(0, result.Coverage[CoveragePoint.CallTimedOut] + result.Coverage[CoveragePoint.CallFailed]);
        Assert.True(result.Movements > 0);
    }
}
