using Gongji.Chaos.Faults;
using Gongji.Chaos.Load;
using Gongji.Chaos.Stores;

namespace Gongji.Chaos;

/// <summary>Runs round after round, on the stores in turn, until the time is over; then prints a summary.</summary>
internal sealed class ChaosRun(ChaosOptions options, TextWriter output)
{
    private readonly Random _random = new(options.Seed);
    private readonly Deviations _deviations = new();
    private readonly List<RoundReport> _reports = [];

    /// <summary>Runs, and returns the exit code of the process.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        List<Site> sites = [];
        Print($"Seed {options.Seed}: the same order of faults again with --seed {options.Seed}.");
        try
        {
            foreach (StoreKind kind in options.Stores)
            {
                sites.Add(await Site.StartAsync(kind, cancellationToken));
            }

            await RunRoundsAsync(sites, cancellationToken);
        }
        catch (ChaosException exception)
        {
            _deviations.Add($"{exception.Message}");
        }
        finally
        {
            if (_deviations.Count > 0)
            {
                PrintDeviations(sites);
            }

            foreach (Site site in sites)
            {
                await site.DisposeAsync();
            }
        }

        PrintSummary([.. sites.SelectMany(site => site.Book.From(0))]);
        return _deviations.Count == 0 && _reports.Count > 0 ? 0 : 1;
    }

    /// <summary>Runs every fault of a store once, in random order, then all of them again in another order.</summary>
    private async Task RunRoundsAsync(List<Site> sites, CancellationToken cancellationToken)
    {
        long started = TimeProvider.System.GetTimestamp();
        Dictionary<Site, Queue<Fault>> next = sites.ToDictionary(site => site, _ => new Queue<Fault>());
        int lastRounds = 0;
        for (int number = 1; lastRounds < sites.Count && _deviations.Count == 0; number++)
        {
            Site site = sites[(number - 1) % sites.Count];
            if (next[site].Count == 0)
            {
                Fault[] faults = [.. site.Store.Faults.Where(fault => options.OnlyFault is not { } only || fault.Name == only)];
                if (faults.Length == 0)
                {
                    throw new ChaosException($"There is no fault {options.OnlyFault} on {site.Store.Kind}; there are {string.Join(", ", site.Store.Faults.Select(fault => fault.Name))}.");
                }

                _random.Shuffle(faults);
                next[site] = new Queue<Fault>(faults);
            }

            // The last round of each store repeats every command that was ever given.
            bool isLast = TimeProvider.System.GetElapsedTime(started) >= options.Time || cancellationToken.IsCancellationRequested;
            RoundReport report = await new Round(site, next[site].Dequeue(), number, _random.Next(), _deviations).RunAsync(isLast);
            _reports.Add(report);
            output.WriteLine(report.ToString());
            lastRounds += isLast ? 1 : 0;
        }
    }

    private void PrintDeviations(List<Site> sites)
    {
        Print($"{_deviations.Count} DEVIATIONS, seed {options.Seed}, round {_reports.Count}:");
        foreach (string deviation in _deviations.Kept)
        {
            output.WriteLine($"- {deviation}");
        }

        foreach (Site site in sites)
        {
            output.WriteLine($"The product on {site.Store.Kind} said at last:");
            output.WriteLine(site.Said);
        }
    }

    private void PrintSummary(IReadOnlyList<Command> commands)
    {
        int open = commands.Count(command => command.State == CommandState.Unknown);
        string resolved = open == 0 ? "all resolved" : string.Create(CultureInfo.InvariantCulture, $"{open:N0} commands without an answer to the end");
        string faults = string.Join(", ", _reports.GroupBy(report => report.Fault).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => $"{group.Key} {group.Count()}"));
        double[] recovered = [.. _reports.Select(report => report.Recovered.TotalMilliseconds).Order()];
        if (recovered.Length > 0)
        {
            Print($"recovered in {recovered[recovered.Length / 2]:0} ms (median), {recovered[^1]:0} ms (longest); unknown outcomes {_reports.Sum(report => report.Unknown):N0}, {resolved}; audits clean {_reports.Count(report => report.Audit == "audit ok")}");
        }

        Print($"rounds {_reports.Count}, faults by kind: {faults}; commands answered {_reports.Sum(report => report.Answered):N0}, lost {_deviations.Lost}, doubled {_deviations.Doubled}, deviations {_deviations.Count}");
    }

    private void Print(FormattableString text) => output.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
