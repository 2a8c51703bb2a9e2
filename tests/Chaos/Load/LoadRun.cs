namespace Gongji.Chaos.Load;

/// <summary>The continuous load of one round: several clients, each with one command at a time, until they are stopped.</summary>
internal sealed class LoadRun : IAsyncDisposable
{
    private const int RecentCommands = 2_000;

    private readonly Book _book;
    private readonly CancellationTokenSource _stop = new();
    private readonly Signal _oneMore = new();
    private readonly Task _clients;
    private int _decided;

    public LoadRun(Book book, Asker asker, int seed)
    {
        _book = book;
        Asker = asker;
        _clients = Task.WhenAll(Enumerable.Range(0, ChaosLimits.Clients).Select(client => RunClientAsync(new Random(seed + client))));
    }

    public Asker Asker { get; }

    /// <summary>The number of commands that have ended so far.</summary>
    public int Decided => Volatile.Read(ref _decided);

    /// <summary>Waits until a number of further commands have ended; false when that takes too long.</summary>
    public Task<bool> WaitForMoreAsync(int commands)
    {
        int wanted = Decided + commands;
        return _oneMore.WaitUntilAsync(() => Decided >= wanted, ChaosLimits.RecoverWithin);
    }

    /// <summary>Begins nothing new, and completes when every call has returned.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _clients;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task RunClientAsync(Random random)
    {
        while (!_stop.IsCancellationRequested)
        {
            await ActAsync(random);
            await Task.Delay(ChaosLimits.PauseMax * random.NextDouble(), TimeProvider.System, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Task ActAsync(Random random) => random.Next(100) switch
    {
        < 36 => TransferAsync(random, byHand: false),
        < 48 => TransferAsync(random, byHand: true),
        < 65 => PayAsync(random),
        < 82 => AskNewAsync(Commands.Credit(People.Pick(random), random.Next(1, 2_000), random.Next(4) == 0), random),
        < 86 => AskTwiceAtOnceAsync(random),
        < 92 => RepeatAsync(random),
        < 96 => AlterAsync(random),
        _ => AskNewAsync(Forbidden(random), random),
    };

    private async Task<bool> AskNewAsync(Command command, Random random)
    {
        _book.Add(command);
        return await AskAsync(command, random);
    }

    private async Task<bool> AskAsync(Command command, Random random)
    {
        bool decided = await Asker.AskAsync(command, random, _stop.Token);
        if (decided)
        {
            Interlocked.Increment(ref _decided);
            _oneMore.Raise();
        }

        return decided;
    }

    private async Task TransferAsync(Random random, bool byHand)
    {
        Command transfer = NewTransfer(random, byHand);
        if (!await AskNewAsync(transfer, random) || transfer.State != CommandState.Answered || !byHand)
        {
            return;
        }

        CommandKind[] ends = random.Next(10) switch
        {
            < 4 => [CommandKind.Accept],
            < 6 => [CommandKind.Reject],
            < 8 => [CommandKind.Cancel],
            8 => [CommandKind.Accept, CommandKind.Cancel], // at once: one of them wins
            _ => [], // nobody cares: it goes back at 06:00
        };
        await Task.WhenAll(ends.Select(end => AskNewAsync(Commands.End(transfer, end), new Random(random.Next()))));
    }

    /// <summary>Makes a payment and occasionally a refund of it, in full or in part; relatives get new money in between.</summary>
    private async Task PayAsync(Random random)
    {
        string payer = People.Payers[random.Next(People.Payers.Count)];
        if (random.Next(8) == 0)
        {
            await AskNewAsync(Commands.Credit(People.FamilyOf(payer)[random.Next(3)], random.Next(1, ChaosLimits.PaymentFenMax), givesUp: false), random);
        }

        Command payment = Commands.Payment(payer, random.Next(1, ChaosLimits.PaymentFenMax));
        if (await AskNewAsync(payment, random) && payment.State == CommandState.Answered && random.Next(3) == 0)
        {
            await AskNewAsync(Commands.Refund(payment, random.Next(2) == 0 ? payment.AmountFen : random.Next(1, (int)payment.AmountFen + 1)), random);
        }
    }

    private async Task AskTwiceAtOnceAsync(Random random)
    {
        Command command = random.Next(3) switch
        {
            0 => Commands.Credit(People.Pick(random), random.Next(1, 2_000), false),
            1 => Commands.Payment(People.Payers[random.Next(People.Payers.Count)], random.Next(1, ChaosLimits.PaymentFenMax)),
            _ => NewTransfer(random, byHand: false),
        };
        _book.Add(command);
        await Task.WhenAll(AskAsync(command, new Random(random.Next())), AskAsync(command, new Random(random.Next())));
    }

    private async Task RepeatAsync(Random random)
    {
        if (_book.PickRecent(random, RecentCommands) is { State: CommandState.Answered } command)
        {
            await AskAsync(command, random);
        }
    }

    private async Task AlterAsync(Random random)
    {
        if (_book.PickRecent(random, RecentCommands) is { State: CommandState.Answered, HasId: true } command)
        {
            await AskAsync(Commands.Altered(command, random), random);
        }
    }

    private static Command NewTransfer(Random random, bool byHand)
    {
        string payer = People.Pick(random);
        string payee;
        do
        {
            payee = People.PickOther(random, payer);
        }
        while (People.AcceptsByHand(payee) != byHand);

        // Occasionally more than may be there.
        long amountFen = random.Next(20) == 0 ? random.Next(50_000, (int)ChaosLimits.TransferFenMax) : random.Next(1, 500);
        return Commands.Transfer(payer, payee, amountFen, fromWallet: random.Next(5) == 0, givesUp: random.Next(4) == 0);
    }

    private static Command Forbidden(Random random)
    {
        string payer = People.Pick(random);
        return random.Next(2) == 0
            ? Commands.Transfer(payer, payer, 1, false, mustRefuse: "same-person")
            : Commands.Transfer(payer, People.PickOther(random, payer), ChaosLimits.TransferFenMax + 1, false, mustRefuse: "amount-over-limit");
    }
}
