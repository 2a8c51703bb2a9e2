using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Gongji.Simulation.Running;

namespace Gongji.Simulation.Tests;

/// <summary>The same seed and build give the same run, down to the last byte of its trace.</summary>
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
            Assert.True(first.TraceHash == second.TraceHash && first.TraceEvents == second.TraceEvents, $"Seed {seed} gave two different traces.");
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
            Assert.Equal(first.TraceLines.Select(line => line.ToString()), second.TraceLines.Select(line => line.ToString()));
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

    /// <summary>A failing seed must also fail on the machine of the person who investigates it.</summary>
    [Fact]
    public async Task Same_seed_gives_the_same_trace_whatever_the_number_of_processors()
    {
        string[] traces = await Task.WhenAll(TraceWithProcessorsAsync(1), TraceWithProcessorsAsync(3));

        Assert.Equal(traces[0], traces[1]);
    }

    private static async Task<string> TraceWithProcessorsAsync(int processors)
    {
        ProcessStartInfo start = new("dotnet", ["exec", typeof(SimulationRun).Assembly.Location, "--seed", "1", "--commands", "300"]) { RedirectStandardOutput = true };
        start.Environment["DOTNET_PROCESSOR_COUNT"] = processors.ToString(CultureInfo.InvariantCulture);
        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return Regex.Match(output, "trace [0-9a-f]{16}").Value is { Length: > 0 } trace ? trace : throw new InvalidOperationException(output);
    }

    [Fact]
    public void Different_seeds_give_different_traces() => Assert.Equal(
        20,
        Enumerable.Range(1, 20).Select(seed => SimulationRun.Run((ulong)seed, new RunOptions { CommandsMax = 50 }).TraceHash).Distinct().Count());
}
