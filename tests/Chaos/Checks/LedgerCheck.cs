using Gongji.Chaos.Load;

namespace Gongji.Chaos.Checks;

/// <summary>Checks everything while nothing moves: answers, entries, balances.</summary>
internal sealed class LedgerCheck(Site site, Caller caller, Asker asker, Deviations deviations)
{
    private static readonly ParallelOptions AtOnce = new() { MaxDegreeOfParallelism = ChaosLimits.ChecksAtOnce };

    /// <summary>Checks all commands from an index on, and some earlier ones.</summary>
    /// <returns>The sum of all balances, in fen.</returns>
    public async Task<long> RunAsync(int from, IReadOnlyList<Command> earlier, Random random)
    {
        IReadOnlyList<Command> round = site.Book.From(from);
        await AskAgainAsync([.. earlier, .. round], random);
        IReadOnlyList<Command> waiting = [.. site.Book.From(0).Take(from).Where(command => command is { Kind: CommandKind.Transfer, Status: "held" })];
        await NothingHeldAsync();
        await LookAsync([.. waiting, .. round.Where(command => command is { Kind: CommandKind.Transfer, State: CommandState.Answered })]);
        await CompareEntriesAsync(round);
        foreach (Command end in round.Where(command => command is { HasId: false, Target: not null }))
        {
            CompareEnd(end);
        }

        return await CompareBalancesAsync();
    }

    /// <summary>Repeats commands: what was answered gets the same answer again; what was not gets its answer now.</summary>
    private async Task AskAgainAsync(IReadOnlyList<Command> commands, Random random)
    {
        int seed = random.Next();

        // Commands that end a transfer come last: they may need the answer to their transfer.
        foreach (IEnumerable<Command> some in new[] { commands.Where(command => command.HasId), commands.Where(command => !command.HasId) })
        {
            await Parallel.ForEachAsync(some, AtOnce, async (command, _) =>
            {
                bool isOpen = command.State == CommandState.Unknown || command is { State: CommandState.Refused, WasInDoubt: true };
                if (command.State == CommandState.Answered || isOpen)
                {
                    await AskAgainAsync(command, seed);
                    command.EndDoubt();
                }
            });
        }
    }

    private async Task AskAgainAsync(Command command, int seed)
    {
        bool wasAnswered = command.State == CommandState.Answered;
        using CancellationTokenSource patience = new(ChaosLimits.RecoverWithin);
        bool decided = await asker.AskAsync(command, new Random(seed ^ command.Id.GetHashCode()), patience.Token);
        if (!decided || command.State == CommandState.Unknown)
        {
            deviations.Add($"{command} has no answer within {ChaosLimits.RecoverWithin.TotalSeconds} s though nothing is wrong any more{(wasAnswered ? $"; it was answered with {command.Text} before" : string.Empty)}");
        }
    }

    /// <summary>The product itself gives back the parts of abandoned payments, soon.</summary>
    private Task NothingHeldAsync() => Parallel.ForEachAsync(People.Families, AtOnce, async (person, _) =>
    {
        long started = TimeProvider.System.GetTimestamp();
        Answer got = await caller.GetAsync($"/v1/persons/{person}");
        while ((long?)got.Json?["balances"]?["heldFen"] != 0)
        {
            if (TimeProvider.System.GetElapsedTime(started) > ChaosLimits.RecoverWithin)
            {
                deviations.Add($"{person} has money held for payments that nobody asks for any more: {got}");
                return;
            }

            await Task.Delay(ChaosLimits.HealthEvery, TimeProvider.System, CancellationToken.None);
            got = await caller.GetAsync($"/v1/persons/{person}");
        }
    });

    /// <summary>Reads the status of each transfer.</summary>
    private Task LookAsync(IReadOnlyList<Command> transfers) => Parallel.ForEachAsync(transfers, AtOnce, async (transfer, _) =>
    {
        Answer got = await caller.GetAsync($"/v1/transfers/{transfer.Id}");
        if (got.Status == 404)
        {
            deviations.AddLost($"{transfer} was answered with {transfer.Text}, and is not there: {got}");
            return;
        }

        System.Text.Json.Nodes.JsonNode? json = got.Json;
        if (got.Status != 200 || (string?)json?["payer"] != transfer.Person || (string?)json?["payee"] != transfer.Payee || (long?)json?["amountFen"] != transfer.AmountFen)
        {
            deviations.Add($"{transfer} is shown as {got}");
            return;
        }

        transfer.Status = (string?)json["status"] ?? string.Empty;
    });

    private async Task CompareEntriesAsync(IReadOnlyList<Command> round)
    {
        IReadOnlySet<Guid> touched = await site.Reader.ReadNewAsync(caller);
        foreach (Guid operation in touched.Where(operation => site.Book.Find(operation) is null))
        {
            deviations.Add($"Operation {operation} is in the ledger, and nobody asked for it: {string.Join("; ", site.Reader.Of(operation))}");
        }

        // Commands of earlier rounds that have new entries are checked again.
        foreach (Command command in round.Where(command => command.HasId).Union(touched.Select(site.Book.Find).OfType<Command>()))
        {
            CompareEntries(command);
        }
    }

    private void CompareEntries(Command command)
    {
        List<LedgerEntry> there = [];
        foreach (IReadOnlyList<LedgerEntry> attempt in Attempts.Of(command).Select(site.Reader.Of))
        {
            bool isAbandoned = attempt.Any(entry => entry.Kind == "payment-abandoned");
            if (!isAbandoned)
            {
                there.AddRange(attempt);
            }
            else if (attempt.GroupBy(entry => entry.Person).Any(mine => mine.Sum(entry => entry.PersonalFen) != 0 || mine.Sum(entry => entry.WalletFen) != 0 || mine.Sum(entry => entry.HeldFen) != 0))
            {
                deviations.AddLost($"{command}: an attempt was given up, and not everybody has their money back: [{string.Join("; ", attempt)}]");
            }
        }

        IReadOnlyList<LedgerEntry> wanted = Expected.EntriesOf(command);
        if (there.Count == wanted.Count && !wanted.Except(there).Any())
        {
            return;
        }

        FormattableString what = $"{command}, {command.State} {command.Status} {command.Text}: the ledger has [{string.Join("; ", there)}], not [{string.Join("; ", wanted)}]";
        if (wanted.Except(there).Any())
        {
            deviations.AddLost(what);
        }
        else if (wanted.Count > 0)
        {
            deviations.AddDoubled(what);
        }
        else
        {
            // The caller was told that nothing had been done.
            deviations.Add(what);
        }
    }

    /// <summary>When an end was answered, the transfer must have ended that way.</summary>
    private void CompareEnd(Command end)
    {
        string wanted = end.Kind switch
        {
            CommandKind.Accept => "settled",
            CommandKind.Reject => "rejected",
            _ => "cancelled",
        };
        if (end.State == CommandState.Answered && end.Target!.Status != wanted)
        {
            deviations.AddLost($"{end} was answered with {end.Text}, and the transfer is {end.Target.Status}");
        }
    }

    private async Task<long> CompareBalancesAsync()
    {
        Dictionary<string, (long PersonalFen, long WalletFen, long HeldFen)> wanted = [];
        long creditedFen = 0;
        foreach (Command command in site.Book.From(0))
        {
            Expected.AddTo(wanted, command);
            creditedFen += (command.State, command.Kind) switch
            {
                (CommandState.Answered, CommandKind.Credit or CommandKind.Refund) => command.AmountFen,
                (CommandState.Answered, CommandKind.Payment) => -command.AmountFen,
                _ => 0,
            };
        }

        long sumFen = 0;
        await Parallel.ForEachAsync(People.Everybody, AtOnce, async (person, _) =>
        {
            Answer got = await caller.GetAsync($"/v1/persons/{person}");
            System.Text.Json.Nodes.JsonNode balances = got.Json?["balances"] ?? throw new ChaosException($"GET {person} got {got}");
            (long PersonalFen, long WalletFen, long HeldFen) there = ((long)balances["personalFen"]!, (long)balances["walletFen"]!, (long)balances["heldFen"]!);
            Interlocked.Add(ref sumFen, there.PersonalFen + there.WalletFen + there.HeldFen);
            if (there != wanted.GetValueOrDefault(person))
            {
                deviations.Add($"{person} has {there}, and all commands together make {wanted.GetValueOrDefault(person)} (personal, wallet, held, in fen)");
            }
        });
        if (sumFen != creditedFen)
        {
            deviations.Add($"All balances are {sumFen} fen, all credits less payments {creditedFen} fen");
        }

        return sumFen;
    }
}
