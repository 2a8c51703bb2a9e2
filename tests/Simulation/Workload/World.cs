using System.Globalization;
using Gongji.Grains.Messages;
using Gongji.Simulation.Kernel;
using Gongji.Simulation.Running;

namespace Gongji.Simulation.Workload;

/// <summary>The people, regions and commands that all clients of a run share.</summary>
internal sealed class World
{
    private const int RememberedMax = 256;

    /// <summary>The number of different caps in a run with round amounts.</summary>
    private const int RoundCaps = 16;

    private readonly Prng _prng;
    private readonly SimulationCore _core;
    private readonly Dictionary<Guid, Func<Task<bool>>> _undecided = [];
    private int _anonymous;
    private int _named;

    public World(SimulationCore core, WorkloadPlan plan, int commandsMax)
    {
        (_core, Plan, CommandsMax) = (core, plan, Math.Min(plan.Commands, commandsMax));
        _prng = core.Chance("world");
        Persons = [.. Enumerable.Range(1, plan.Persons).Select(number => "p" + number.ToString("D3", CultureInfo.InvariantCulture))];
    }

    /// <summary>Two regions of one province, one each of two others, and one that is not in the catalogue.</summary>
    public static IReadOnlyList<string> Regions { get; } = ["320500", "320100", "410100", "110000", "990100"];

    /// <summary>A region that the product does not know.</summary>
    public const string UnknownRegion = "980200";

    public WorkloadPlan Plan { get; }

    /// <summary>The number of commands to run; fewer than the workload has when a failing run is shortened.</summary>
    public int CommandsMax { get; }

    public IReadOnlyList<string> Persons { get; }

    public int CommandsGiven { get; private set; }

    /// <summary>Requests whose answers no client waits for.</summary>
    public List<Task> Abandoned { get; } = [];

    public List<CreateTransfer> Transfers { get; } = [];

    public List<(string Person, CreditPerson Command)> Credits { get; } = [];

    /// <summary>Pairs for whom a relation was proposed.</summary>
    public List<(string Giver, string Recipient)> Relations { get; } = [];

    public List<Pay> Payments { get; } = [];

    public List<(string Payer, RefundPayment Command)> Refunds { get; } = [];

    public List<TopUpRegion> TopUps { get; } = [];

    /// <summary>Transfers that were answered as held.</summary>
    public List<CreateTransfer> Waiting { get; } = [];

    /// <summary>What happens once a number of commands were given.</summary>
    public Queue<(int AtCommand, Action What)> Events { get; set; } = new();

    /// <summary>Commands that ended without a definite answer, to be asked for again at the end.</summary>
    public IReadOnlyDictionary<Guid, Func<Task<bool>>> Undecided => _undecided;

    /// <summary>Claims the next command, unless all were given.</summary>
    public bool TryTakeCommand()
    {
        if (CommandsGiven >= CommandsMax || _core.Violation is not null)
        {
            return false;
        }

        CommandsGiven++;
        while (Events.TryPeek(out (int AtCommand, Action What) next) && next.AtCommand <= CommandsGiven)
        {
            Events.Dequeue();
            next.What();
        }

        return true;
    }

    public string PickPerson(Prng prng) => Persons[prng.NextSkewed(Persons.Count, Plan.Skew)];

    public static string PickRegion(Prng prng) => Regions[prng.NextSkewed(Regions.Count, 1.5)];

    /// <summary>Rounds an amount to this run's multiple; never 0.</summary>
    public long Round(long fen) => Math.Max(Plan.RoundFen, fen - fen % Plan.RoundFen);

    /// <summary>A cap for this run: where amounts are round, small and round, so that transfers often reach it.</summary>
    private long CapOf(long fen) => Plan.RoundFen == 1 ? fen : fen % RoundCaps * Plan.RoundFen;

    public Guid NewId() => _prng.NextGuid();

    public void Remember<T>(List<T> list, T item)
    {
        if (list.Count < RememberedMax)
        {
            list.Add(item);
        }
        else
        {
            list[_prng.Next(RememberedMax)] = item;
        }
    }

    /// <summary>A key for a command that has no id, for <see cref="NoteUndecided"/>.</summary>
    public Guid NextKey() => new(++_anonymous, 0, 0, new byte[8]);

    /// <summary>A region name that no other change uses, so that changes with the same rules can be told apart.</summary>
    public string NextName(string region) => string.Create(CultureInfo.InvariantCulture, $"region {region}, change {++_named}");

    /// <summary>A command was answered definitely.</summary>
    public void NoteDecided(Guid key) => _undecided.Remove(key);

    /// <summary>A command ended without a definite answer.</summary>
    /// <param name="key">The command.</param>
    /// <param name="askAgain">How to ask again.</param>
    public void NoteUndecided(Guid key, Func<Task<bool>> askAgain) => _undecided[key] = askAgain;

    /// <summary>Rules for a region: most are open, some have the public limits, some allow little.</summary>
    public RulesRecord NextRules(Prng prng)
    {
        RegionRules rules = new()
        {
            Live = !prng.Chance(0.05 * Plan.Oddness) ? LiveTiers.All : prng.Pick<LiveTiers>([LiveTiers.None, LiveTiers.SameRegion, LiveTiers.SameRegion | LiveTiers.InProvince]),
            Kinships = !prng.Chance(0.15 * Plan.Oddness) ? Kinships.Near : Kinships.Narrow,
            MaxTransferFen = !prng.Chance(0.2 * Plan.Oddness) ? 200_000 : prng.Between(500, 100_000),
            NetDebitCapFen = prng.Chance(0.4) ? CapOf(prng.Between(0, 300_000L)) : null,
            MaxTransfersPerDay = !prng.Chance(0.2 * Plan.Oddness) ? Plan.TransfersPerDay : prng.Between(1, 10),
        };
        return RulesRecord.Of(prng.Chance(0.7) ? rules : rules with { ClosedFrom = TimeOnly.MinValue, ClosedUntil = TimeOnly.MinValue });
    }
}
