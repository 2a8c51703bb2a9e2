using System.Collections.Concurrent;

namespace Gongji.Chaos.Load;

/// <summary>All commands that were ever given to one ledger.</summary>
internal sealed class Book
{
    private readonly Lock _gate = new();
    private readonly List<Command> _all = [];
    private readonly ConcurrentDictionary<Guid, Command> _byId = [];
    private readonly ConcurrentDictionary<string, long> _creditedFen = [];
    private readonly ConcurrentDictionary<string, long> _askedFen = [];
    private readonly ConcurrentDictionary<(string, string), int> _pairs = [];

    /// <summary>The latest time that the ledger's clock may ever have shown.</summary>
    public DateTimeOffset LatestClock { get; set; }

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _all.Count;
            }
        }
    }

    /// <summary>Records a command, before it is sent for the first time.</summary>
    public void Add(Command command)
    {
        if (command is { Kind: CommandKind.Transfer, MustRefuse: null })
        {
            _pairs.AddOrUpdate((command.Person, command.Payee), 1, (_, count) => count + 1);
            if (!command.FromWallet)
            {
                _askedFen.AddOrUpdate(command.Person, command.AmountFen, (_, sum) => sum + command.AmountFen);
            }
        }

        if (command is { Kind: CommandKind.Payment, MustRefuse: null })
        {
            _askedFen.AddOrUpdate(command.Person, command.AmountFen, (_, sum) => sum + command.AmountFen);
        }

        foreach (Guid operation in command.HasId ? Attempts.Of(command) : [])
        {
            _byId[operation] = command;
        }

        if (command.Target is { } target)
        {
            lock (target)
            {
                target.EndsAsked++;
            }
        }

        lock (_gate)
        {
            _all.Add(command);
        }
    }

    /// <summary>Records that a credit was answered for the first time.</summary>
    public void NoteCredit(Command credit) => _creditedFen.AddOrUpdate(credit.Person, credit.AmountFen, (_, sum) => sum + credit.AmountFen);

    /// <summary>What a person was certainly credited so far, in fen.</summary>
    public long CreditedFen(string person) => _creditedFen.GetValueOrDefault(person);

    /// <summary>The most that can have left a person's personal account so far, in fen.</summary>
    public long AskedFen(string person) => _askedFen.GetValueOrDefault(person);

    /// <summary>The number of transfers ever requested from one person to another.</summary>
    public int Pairs(string payer, string payee) => _pairs.GetValueOrDefault((payer, payee));

    public Command? Find(Guid id) => _byId.GetValueOrDefault(id);

    /// <summary>The commands from an index on, in the order in which they were first sent.</summary>
    public IReadOnlyList<Command> From(int index)
    {
        lock (_gate)
        {
            return _all.GetRange(index, _all.Count - index);
        }
    }

    /// <summary>The last commands.</summary>
    public IReadOnlyList<Command> Recent(int countMax)
    {
        lock (_gate)
        {
            int count = Math.Min(countMax, _all.Count);
            return _all.GetRange(_all.Count - count, count);
        }
    }

    /// <summary>A random one of the last commands; null when there are none.</summary>
    public Command? PickRecent(Random random, int among)
    {
        lock (_gate)
        {
            return _all.Count == 0 ? null : _all[_all.Count - 1 - random.Next(Math.Min(among, _all.Count))];
        }
    }
}
