using Gongji.Grains.Messages;

namespace Gongji.Simulation.Oracle;

/// <summary>A region: the rules it ever had, and its figures after every commit that changed them.</summary>
internal sealed class ModelRegion
{
    public ModelRegion(int code, RulesRecord? initial)
    {
        Code = code;
        if (initial is not null)
        {
            Rules.Add(new ModelRules(string.Empty, initial) { AnsweredAt = 0 });
        }

        Positions.Add((0, 0, 0));
    }

    public int Code { get; }

    /// <summary>In the order in which they became durable.</summary>
    public List<ModelRules> Rules { get; } = [];

    /// <summary>Balances of the people insured here.</summary>
    public long PeopleFen { get; set; }

    /// <summary>Received elsewhere from people here, and not yet posted.</summary>
    public long InTransitFen { get; set; }

    public long FundFen { get; set; }

    public long NetFen { get; set; }

    /// <summary>The most it may owe others net; null for no cap.</summary>
    public long? CapFen { get; set; }

    /// <summary>What it owed when the cap was set, or has owed least since: what is past a cap that was lowered can only shrink.</summary>
    public long CapDebtFen { get; set; }

    /// <summary>Fund and net position, by the commit after which they were so.</summary>
    public List<(long Sequence, long FundFen, long NetFen)> Positions { get; } = [];

    /// <summary>
    /// The rules that a decision may go by whose command began at a moment: all from the last on whose change had been answered by then, since
    /// the answer says that the change is in force everywhere.
    /// </summary>
    public IEnumerable<RulesRecord> RulesSince(long beganAt)
    {
        for (int i = FirstSince(beganAt); i < Rules.Count; i++)
        {
            yield return Rules[i].Record;
        }
    }

    /// <summary>The first of <see cref="RulesSince"/>.</summary>
    public int FirstSince(long beganAt)
    {
        int first = Rules.Count - 1;
        while (first > 0 && Rules[first].AnsweredAt > beganAt)
        {
            first--;
        }

        return Math.Max(0, first);
    }
}

/// <summary>One set of rules of a region.</summary>
internal sealed class ModelRules(string name, RulesRecord record)
{
    /// <summary>The name of the region since this change: it tells which change it was.</summary>
    public string Name { get; } = name;

    public RulesRecord Record { get; } = record;

    /// <summary>When the operator read that it is in force; far in the future if never.</summary>
    public long AnsweredAt { get; set; } = long.MaxValue;
}
