using System.CommandLine;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;

namespace Gongji.LoadTest;

/// <summary>The command <c>./bench</c>.</summary>
internal static class Program
{
    private const int ExitFailed = 1;
    private const int ExitCannotRun = 2;

    private static readonly Option<int> Seconds = new("--seconds") { HelpName = "N", Description = "Seconds that each scenario is measured.", DefaultValueFactory = _ => 10 };
    private static readonly Option<int> WarmUp = new("--warm-up") { HelpName = "N", Description = "Seconds that each scenario runs before it is measured.", DefaultValueFactory = _ => new BenchOptions().WarmUpSeconds };
    private static readonly Option<int> Rounds = new("--rounds") { HelpName = "N", Description = "Parts that these seconds are measured in, of scenarios whose figures are compared with each other: all of them take turns.", DefaultValueFactory = _ => new BenchOptions().Rounds };
    private static readonly Option<int> Accounts = new("--accounts") { HelpName = "N", Description = "Persons.", DefaultValueFactory = _ => 100_000 };
    private static readonly Option<int> Holds = new("--holds") { HelpName = "N", Description = "Transfers that go back at 06:00, of the scenario return.", DefaultValueFactory = _ => new BenchOptions().Holds };
    private static readonly Option<int> Credits = new("--credits") { HelpName = "N", Description = "Lines of one upload, of the scenario credits.", DefaultValueFactory = _ => new BenchOptions().Credits };
    private static readonly Option<int> InFlight = new("--inflight") { HelpName = "N", Description = "Operations in flight in closed loops.", DefaultValueFactory = _ => BenchLimits.InFlight };
    private static readonly Option<bool> Sqlite = new("--sqlite") { Description = "The embedded store instead of PostgreSQL; without peers." };
    private static readonly Option<string[]> Scenario = new("--scenario") { HelpName = "NAME", Description = $"Only this one; may be repeated: {string.Join(", ", BenchNames.All)}.", DefaultValueFactory = _ => [] };
    private static readonly Option<string?> Json = new("--json") { HelpName = "FILE", Description = "Writes the figures to a file." };
    private static readonly Option<string?> Plot = new("--plot") { HelpName = "FILE", Description = "Writes a page with throughput and latency over time." };
    private static readonly Option<bool> Verbose = new("--verbose") { Description = "Says more about each scenario." };

    public static async Task<int> Main(string[] args)
    {
        Seconds.Validators.Add(result => Between(result, 1, 3_600));
        WarmUp.Validators.Add(result => Between(result, 0, 600));
        Rounds.Validators.Add(result => Between(result, 1, 100));
        Accounts.Validators.Add(result => Between(result, 1_000, 50_000_000));
        Holds.Validators.Add(result => Between(result, 10, 10_000_000));
        Credits.Validators.Add(result => Between(result, 1_000, 100_000_000));
        InFlight.Validators.Add(result => Between(result, 1, 8_192));
        Scenario.AcceptOnlyFromAmong([.. BenchNames.All]);
        RootCommand root = new("Measures Gongji beside its peers, on a PostgreSQL that it starts itself, and audits what it wrote.")
        {
            Seconds, Rounds, Json, Accounts, Holds, Credits, Sqlite, Scenario, Plot, InFlight, WarmUp, Verbose,
        };
        root.SetAction(RunAsync);
        root.Subcommands.Add(LoadCommand.Create(GuardAsync));
        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            // Printing the whole help after the error would hide the error.
            await Console.Error.WriteLineAsync($"error: {string.Join(' ', parsed.Errors.Select(InWords).Distinct())} Try --help.");
            return ExitCannotRun;
        }

        return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
    }

    private static Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        BenchOptions options = OptionsOf(parsed);
        return GuardAsync(token => new Bench(options, Console.Out).RunAsync(token), cancellationToken);
    }

    /// <summary>Runs a command until it ends or is stopped.</summary>
    private static async Task<int> GuardAsync(Func<CancellationToken, Task<bool>> run, CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using PosixSignalRegistration hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            stop.Cancel();
        });
        try
        {
            return await run(stop.Token) ? 0 : ExitFailed;
        }
        catch (BenchException failure)
        {
            await Console.Error.WriteLineAsync($"error: {failure.Message}");
            return ExitCannotRun;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Stopped.");
            return ExitCannotRun;
        }
    }

    /// <summary>Describes a parse error in one line; the parser itself lists the allowed values on a line each.</summary>
    private static string InWords(ParseError error)
    {
        string text = error.SymbolResult is OptionResult { Option: var option, Tokens: [.., { Value: var value }] } && option == Scenario
            ? $"--scenario '{value}' is none of {string.Join(", ", BenchNames.All)}"
            : error.Message.ReplaceLineEndings(" ").Trim();
        return text.EndsWith('.') ? text : text + ".";
    }

    private static BenchOptions OptionsOf(ParseResult parsed) => new()
    {
        Seconds = parsed.GetValue(Seconds),
        WarmUpSeconds = parsed.GetValue(WarmUp),
        Rounds = parsed.GetValue(Rounds),
        Accounts = parsed.GetValue(Accounts),
        Holds = parsed.GetValue(Holds),
        Credits = parsed.GetValue(Credits),
        InFlight = parsed.GetValue(InFlight),
        Sqlite = parsed.GetValue(Sqlite),
        Scenarios = parsed.GetValue(Scenario) ?? [],
        JsonFile = parsed.GetValue(Json),
        PlotFile = parsed.GetValue(Plot),
        IsVerbose = parsed.GetValue(Verbose),
    };

    internal static void Between(OptionResult result, int min, int max)
    {
        if (result.Tokens.Count > 0 && (!int.TryParse(result.Tokens[0].Value, out int value) || value < min || value > max))
        {
            result.AddError($"{result.Option.Name} must be from {min} to {max}.");
        }
    }
}
