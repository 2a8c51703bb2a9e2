using Gongji.Chaos.Checks;
using Gongji.Chaos.Faults;
using Gongji.Chaos.Load;
using Gongji.Chaos.Product;

namespace Gongji.Chaos;

/// <summary>One round: load, one fault under load, recovery, and a check of everything.</summary>
internal sealed class Round(Site site, Fault fault, int number, int seed, Deviations deviations)
{
    /// <summary>Commands before the fault, and again after the recovery.</summary>
    private const int CommandsBefore = 150;

    private const int CommandsAfter = 100;

    public async Task<RoundReport> RunAsync(bool checkAll = false)
    {
        int deviationsBefore = deviations.Count;
        Random random = new(seed);
        await fault.PrepareAsync(site);
        int from = site.Book.Count;
        RoundReport report = await DoHarmAsync(random, from);

        using Caller caller = new(site.Address);
        IReadOnlyList<Command> earlier = [.. site.Book.From(0).Take(from)];
        IReadOnlyList<Command> some = checkAll || earlier.Count == 0 ? earlier : random.GetItems([.. earlier], ChaosLimits.OldCommandsAskedAgain);
        LedgerCheck check = new(site, caller, NewAsker(caller, mayBeLost: false), deviations);
        long sumFen = await check.RunAsync(from, some, random);
        (int exitCode, string audit) = await site.AuditAsync();
        if (exitCode != 0)
        {
            deviations.Add($"audit ended with {exitCode}: {audit}");
        }

        return report with
        {
            SumFen = sumFen,
            Entries = site.Reader.Count,
            Audit = audit.TrimEnd().Split('\n')[^1],
            Deviations = deviations.Count - deviationsBefore,
        };
    }

    private async Task<RoundReport> DoHarmAsync(Random random, int from)
    {
        using Caller caller = new(site.Address);
        await using HealthWatch health = new(site.Address, deviations);
        await ExpectReadyAsync(health, "before the round");
        await CreditAllOnceAsync(caller, from, random);
        await using LoadRun load = new(site.Book, NewAsker(caller, fault.LosesCalls), random.Next());
        await ExpectMoreAsync(load, CommandsBefore, "before the fault");
        long ended = await fault.HappenAsync(new FaultContext(site, load, caller, health, deviations, random));
        TimeSpan recovered = await RecoverAsync(health, load, ended);
        await ExpectMoreAsync(load, CommandsAfter, "after the recovery");
        await load.StopAsync();
        return new RoundReport(number, site.Store.Kind, fault.Name)
        {
            Answered = site.Book.From(from).Count(command => command.State is CommandState.Answered or CommandState.Refused),
            Unknown = load.Asker.Doubts,
            Undecided = load.Asker.Undecided,
            NotReady = health.NotReadyCount,
            Recovered = recovered,
        };
    }

    /// <summary>Gives everybody money, in the first round.</summary>
    private async Task CreditAllOnceAsync(Caller caller, int from, Random random)
    {
        if (from > 0)
        {
            return;
        }

        Asker asker = NewAsker(caller, mayBeLost: false);
        await Parallel.ForEachAsync(People.Everybody, new ParallelOptions { MaxDegreeOfParallelism = ChaosLimits.Clients }, async (person, stop) =>
        {
            Command credit = Commands.Credit(person, People.FirstCreditFen(person), givesUp: false);
            site.Book.Add(credit);
            await asker.AskAsync(credit, random, stop);
        });
    }

    /// <summary>Waits until the product is ready and does what it is asked again.</summary>
    private async Task<TimeSpan> RecoverAsync(HealthWatch health, LoadRun load, long ended)
    {
        TimeSpan left = ChaosLimits.RecoverWithin - TimeProvider.System.GetElapsedTime(ended);
        if (left > TimeSpan.Zero && await health.WaitAsync(HealthState.Ready, () => load.Asker.LastDoneSentAt >= ended, left))
        {
            return TimeProvider.System.GetElapsedTime(ended);
        }

        throw new ChaosException(
            $"{fault.Name} ended, and the product did not recover within {ChaosLimits.RecoverWithin.TotalSeconds} s: {health.Now.State}, {(site.Product.HasExited ? "its process is gone" : "its process lives")}. It said:\n{site.Product.Output}");
    }

    private async Task ExpectReadyAsync(HealthWatch health, string when)
    {
        if (!await health.WaitAsync(HealthState.Ready, TimeSpan.Zero, ChaosLimits.RecoverWithin))
        {
            throw new ChaosException($"Not ready {when}. It said:\n{site.Product.Output}");
        }
    }

    private async Task ExpectMoreAsync(LoadRun load, int commands, string when)
    {
        if (!await load.WaitForMoreAsync(commands))
        {
            throw new ChaosException($"Commands do not come to an end {when}. It said:\n{site.Product.Output}");
        }
    }

    private Asker NewAsker(Caller caller, bool mayBeLost) => new(caller, site.Book, new Judge(site.Book, deviations), deviations, mayBeLost);
}
