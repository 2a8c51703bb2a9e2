using System.CommandLine;
using System.Net;

namespace Gongji.LoadTest;

/// <summary>The command <c>./bench load</c>.</summary>
internal static class LoadCommand
{
    private static readonly Option<string> Url = new("--url") { Description = "The server.", HelpName = "URL", DefaultValueFactory = _ => "http://127.0.0.1:8080" };
    private static readonly Option<string> Scenario = new("--scenario") { HelpName = "NAME", Description = $"{RemoteOptions.Day}: 24 hours in the seconds given, each at its own rate; {RemoteOptions.Steady}: at a steady rate.", DefaultValueFactory = _ => RemoteOptions.Day };
    private static readonly Option<int> Seconds = new("--seconds") { HelpName = "N", Description = "How long.", DefaultValueFactory = _ => 120 };
    private static readonly Option<int> Rate = new("--rate") { HelpName = "N", Description = "Movements a second: in the day's busiest hour, or all the time.", DefaultValueFactory = _ => 5_600 };
    private static readonly Option<int> Persons = new("--persons") { HelpName = "N", Description = "People that are registered and given money before.", DefaultValueFactory = _ => 10_000 };
    private static readonly Option<int> Connections = new("--connections") { HelpName = "N", Description = "To the server at most.", DefaultValueFactory = _ => BenchLimits.HttpConnections };
    private static readonly Option<string?> Key = new("--key") { Description = "The file of an operator's key, such as the server's own development key; without it calls are not signed.", HelpName = "FILE" };
    private static readonly Option<bool> Remote = new("--remote") { Description = "The server may be on another machine: it will be loaded, and the rules of its regions set." };
    private static readonly Option<string?> Json = new("--json") { HelpName = "FILE", Description = "Writes the figures to a file." };
    private static readonly Option<string?> Plot = new("--plot") { HelpName = "FILE", Description = "Writes a page with throughput and latency over time." };

    public static Command Create(Func<Func<CancellationToken, Task<bool>>, CancellationToken, Task<int>> run)
    {
        Scenario.AcceptOnlyFromAmong(RemoteOptions.Day, RemoteOptions.Steady);
        Seconds.Validators.Add(result => Program.Between(result, 1, 86_400));
        Rate.Validators.Add(result => Program.Between(result, 1, 1_000_000));
        Persons.Validators.Add(result => Program.Between(result, 2, 10_000_000));
        Connections.Validators.Add(result => Program.Between(result, 1, 10_000));
        Command command = new("load", "Drives a running server as on a peak transfer day: registers people, puts regions live, then transfers, draws and payments at the day's rates.")
        {
            Url, Scenario, Seconds, Rate, Persons, Connections, Key, Remote, Json, Plot,
        };
        command.SetAction((parsed, cancellationToken) => run(token => RunAsync(parsed, token), cancellationToken));
        return command;
    }

    private static Task<bool> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string url = parsed.GetRequiredValue(Url);
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? server) || server.Scheme is not ("http" or "https"))
        {
            throw new BenchException($"--url {url} must be an address like http://127.0.0.1:8080.");
        }

        bool isLoopback = server.Host == "localhost" || (IPAddress.TryParse(server.Host.Trim('[', ']'), out IPAddress? ip) && IPAddress.IsLoopback(ip));
        if (!isLoopback && !parsed.GetValue(Remote))
        {
            throw new BenchException($"--url {url} is another machine's. If it is yours to load, say so with --remote.");
        }

        RemoteOptions options = new(
            server,
            parsed.GetValue(Key),
            parsed.GetRequiredValue(Scenario) == RemoteOptions.Steady,
            parsed.GetValue(Seconds),
            parsed.GetValue(Rate),
            parsed.GetValue(Persons),
            parsed.GetValue(Connections),
            parsed.GetValue(Json),
            parsed.GetValue(Plot));
        return new RemoteRun(options, Console.Out, TimeProvider.System).RunAsync(cancellationToken);
    }
}
