using Gongji.Simulation.Bugs;
using Gongji.Simulation.Running;
using Xunit.Abstractions;

namespace Gongji.Simulation.Tests;

/// <summary>A simulator that finds nothing proves nothing: an invariant must catch each planted bug within 300 seeds.</summary>
public sealed class PlantedBugTests(ITestOutputHelper output)
{
    private const ulong SeedsMax = 300;

    public static TheoryData<string> Names => [.. BugList.All.Select(bug => bug.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Planted_bug_is_caught_by_an_invariant(string name)
    {
        PlantedBug bug = BugList.Find(name)!;
        for (ulong seed = 1; seed <= SeedsMax; seed++)
        {
            RunResult result = SimulationRun.Run(seed, new RunOptions { Bug = bug });
            if (result.Violation is { } violation)
            {
                output.WriteLine($"{name}: caught by {violation.Invariant} in seed {seed}: {violation.Text}");
                Assert.Contains(violation.Invariant, bug.CaughtBy);
                return;
            }
        }

        Assert.Fail($"{name} was not caught in {SeedsMax} seeds.");
    }

    [Fact]
    public void List_has_at_least_twelve_bugs_with_names_of_their_own()
    {
        Assert.True(BugList.All.Count >= 12);
        Assert.Equal(BugList.All.Count, BugList.All.Select(bug => bug.Name).Distinct().Count());
    }

    [Fact]
    public void Failing_run_is_cut_to_a_shorter_beginning_that_fails_in_the_same_way()
    {
        RunOptions options = new() { Bug = BugList.Find("forget-void-after-return") };
        RunResult failing = Enumerable.Range(1, 300).Select(seed => SimulationRun.Run((ulong)seed, options)).First(result => result.Violation is not null);
        RunResult shortest = Shortener.Shorten(failing, options);
        RunResult again = SimulationRun.Run(failing.Seed, options with { KeepTrace = true, CommandsMax = shortest.Commands });

        Assert.InRange(shortest.Commands, 1, failing.Commands - 1);
        Assert.Equal(failing.Violation!.Invariant, again.Violation!.Invariant);
        Assert.Equal(shortest.TraceHash, again.TraceHash);
        Assert.Contains(again.Violation.Operation.ToString(), Timeline.Of(again), StringComparison.Ordinal);
    }
}
