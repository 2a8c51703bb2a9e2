using System.Globalization;
using Gongji.Simulation.Bugs;
using Gongji.Simulation.Kernel;
using Gongji.Simulation.Running;
using Gongji.Simulation.Workload;

namespace Gongji.Simulation;

/// <summary>The command: runs seeds, prints figures, and for the first failing seed prints what helps to understand it.</summary>
internal sealed class SimulateCommand(TextWriter output, PlantedBug? bug, int commandsMax, bool calm, bool withCoverage)
{
    private readonly RunOptions _options = new() { Bug = bug, CommandsMax = commandsMax };
    private readonly long _started = TimeProvider.System.GetTimestamp();
    private readonly Coverage _coverage = new();
    private long _movements;
    private long _entries;
    private long _answers;
    private TimeSpan _time;
    private int _seeds;

    /// <summary>
    /// Runs many seeds, on as many threads as there are cores, one seed per thread; stops at the first that fails. The output does not depend on which
    /// thread ran which seed: results are taken in the order of the seeds.
    /// </summary>
    public int RunMany(ulong first, int count)
    {
        using SeedRunner runner = new(first, count, seed => SimulationRun.Run(seed, OptionsOf(seed)));
        TimeSpan nextReport = TimeSpan.FromSeconds(5);
        for (int i = 0; i < count; i++)
        {
            RunResult result = runner.Take(i);
            Add(result);
            if (result.Violation is not null)
            {
                PrintFigures();
                runner.Stop();
                Explain(result);
                return 1;
            }

            if (Elapsed > nextReport)
            {
                Print($"  {_seeds} of {count} seeds, {_seeds / Elapsed.TotalSeconds:0.0} seeds/s, {_movements:N0} movements, {_coverage.Faults:N0} faults");
                nextReport = Elapsed + TimeSpan.FromSeconds(5);
            }
        }

        PrintFigures();
        Print($"0 violations in {count} seeds, {first} to {first + (ulong)count - 1}.");
        return 0;
    }

    /// <summary>Runs one seed, and prints everything that happens in it if requested.</summary>
    public int RunOne(ulong seed, bool trace)
    {
        RunResult result = SimulationRun.Run(seed, OptionsOf(seed) with { KeepTrace = trace });
        Add(result);
        foreach (TraceLine line in result.TraceLines)
        {
            output.WriteLine(line.ToString());
        }

        Print($"seed {seed}: {result.Commands} commands, trace {result.TraceHash:x16}, {result.TraceEvents:N0} events, {result.Steps:N0} steps; {result.Faults}");
        PrintFigures();
        if (result.Violation is null)
        {
            Print($"0 violations.");
            return 0;
        }

        Explain(result);
        return 1;
    }

    private TimeSpan Elapsed => TimeProvider.System.GetElapsedTime(_started);

    private RunOptions OptionsOf(ulong seed) => !calm ? _options : _options with { Faults = FaultPlan.None(seed), Workload = WorkloadPlan.PeakDay(seed) };

    private void Add(RunResult result)
    {
        _seeds++;
        _coverage.Add(result.Coverage);
        _movements += result.Movements;
        _entries += result.Entries;
        _answers += result.Answers;
        _time += result.Time;
    }

    private void PrintFigures()
    {
        double seconds = Elapsed.TotalSeconds;
        Print($"{_seeds} seeds in {seconds:0.0} s ({_seeds / seconds:0.0} seeds/s), {_time.TotalMinutes:0.0} simulated minutes");
        Print($"{_movements:N0} money movements ({_movements / seconds:N0}/s), {_coverage[CoveragePoint.Credited]:N0} of them credits, in {_entries:N0} entries ({_entries / seconds:N0}/s); {_answers:N0} answers judged");
        Print($"{_coverage.Faults:N0} faults injected: {string.Join(", ", Coverage.All.Where(point => point <= CoveragePoint.ClockJumped).Select(point => $"{point} {_coverage[point]}"))}");
        if (withCoverage)
        {
            foreach (CoveragePoint point in Coverage.All)
            {
                Print($"  {point,-32} {_coverage[point],12:N0}{(_coverage[point] == 0 ? "   never reached" : string.Empty)}");
            }
        }
    }

    private void Explain(RunResult failing)
    {
        RunOptions options = OptionsOf(failing.Seed);
        Print($"VIOLATION in seed {failing.Seed}: {failing.Violation!.Invariant}");
        Print($"  {failing.Violation.Text}");
        RunResult shortest = Shortener.Shorten(failing, options);
        Print($"The shortest beginning found that fails is {shortest.Commands} of {failing.Commands} commands:");
        RunResult traced = SimulationRun.Run(failing.Seed, options with { KeepTrace = true, CommandsMax = shortest.Commands });
        Print($"  {traced.Violation!.Invariant}: {traced.Violation.Text}");
        Print($"Timeline of {(traced.Violation.Operation == default ? "it" : $"operation {traced.Violation.Operation}")} {string.Join(", ", traced.Violation.Accounts)}:");
        output.Write(Timeline.Of(traced));
        Print($"Again, in full: --seed {failing.Seed} --commands {shortest.Commands} --trace{(calm ? " --calm" : string.Empty)}{(bug is null ? string.Empty : $" --bug {bug.Name}")}");
    }

    private void Print(FormattableString text) => output.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
