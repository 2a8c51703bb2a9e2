using System.Globalization;
using Gongji.Grains.Messages;
using Gongji.Simulation.Kernel;
using Gongji.Simulation.Running;

namespace Gongji.Simulation.Workload;

/// <summary>The people, regions and commands that all clients of a run have in common.</summary>
internal sealed class World
{
    private const int RememberedMax = 256;

    /// <summary>Different caps in a run with round amounts.</summary>
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

    /// <summary>Two of one province, one of each of two others, and one that the catalogue lacks.</summary>
    public static IReadOnlyList<string> Regions { get; } = ["320500", "320100", "410100", "110000", "990100"];

    /// <summary>A region that nobody knows.</summary>
    public const string UnknownRegion = "980200";

    public WorkloadPlan Plan { get; }

    /// <summary>The prefix of the workload that is run, when a failing run is cut short.</summary>
    public int CommandsMax { get; }

    public IReadOnlyList<string> Persons { get; }

    public int CommandsGiven { get; private set; }

    /// <summary>Requests that nobody waits for.</summary>
    public List<Task> Abandoned { get; } = [];

    public List<CreateTransfer> Transfers { get; } = [];

    public List<(string Person, CreditPerson Command)> Credits { get; } = [];

    /// <summary>Pairs between whom somebody proposed a relation.</summary>
    public List<(string Giver, string Recipient)> Relations { get; } = [];

    public List<Pay> Payments { get; } = [];

    public List<(string Payer, RefundPayment Command)> Refunds { get; } = [];

    public List<TopUpRegion> TopUps { get; } = [];

    /// <summary>Transfers that were answered as held.</summary>
    public List<CreateTransfer> Waiting { get; } = [];

    /// <summary>What happens when so many commands were given.</summary>
    public Queue<(int AtCommand, Action What)> Events { get; set; } = new();

    /// <summary>Commands that ended without a definite answer, to be asked again at the end.</summary>
    public IReadOnlyDictionary<Guid, Func<Task<bool>>> Undecided => _undecided;

    /// <summary>Takes the next command's place, unless all were given.</summary>
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

    /// <summary>An amount as this run has them; never 0.</summary>
    public long Round(long fen) => Math.Max(Plan.RoundFen, fen - fen % Plan.RoundFen);

    /// <summary>A cap as this run has them: where amounts are round, small and round, so that transfers often meet it.</summary>
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

    /// <summary>A key for a command that has no id, for <see cref="Note"/>.</summary>
    public Guid NextKey() => new(++_anonymous, 0, 0, new byte[8]);

    /// <summary>A name for a region that no other change gives it, so that changes with the same rules are told apart.</summary>
    public string NextName(string region) => string.Create(CultureInfo.InvariantCulture, $"region {region}, change {++_named}");

    /// <summary>Notes what became of a command, and how to ask again.</summary>
    public void Note(Guid key, bool decided, Func<Task<bool>> askAgain)
    {
        if (decided)
        {
            _undecided.Remove(key);
        }
        else
        {
            _undecided[key] = askAgain;
        }
    }

    /// <summary>Rules of a region: most of them open, some with the public limits, some that allow little.</summary>
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
