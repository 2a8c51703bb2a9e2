using Gongji.Grains.Messages;

namespace Gongji.Simulation.Oracle;

/// <summary>A region: all rules it ever had, and its figures after each commit that changed them.</summary>
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

    /// <summary>The rules in the order in which they became durable.</summary>
    public List<ModelRules> Rules { get; } = [];

    /// <summary>The balances of the people insured here.</summary>
    public long PeopleFen { get; set; }

    /// <summary>Money that people elsewhere have received from people here, and that is not yet posted.</summary>
    public long InTransitFen { get; set; }

    public long FundFen { get; set; }

    public long NetFen { get; set; }

    /// <summary>The most it may owe other regions net; null for no cap.</summary>
    public long? CapFen { get; set; }

    /// <summary>What it owed when the cap was set, or the least it has owed since: a debt above a lowered cap can only shrink.</summary>
    public long CapDebtFen { get; set; }

    /// <summary>Fund and net position, each with the commit that set them.</summary>
    public List<(long Sequence, long FundFen, long NetFen)> Positions { get; } = [];

    /// <summary>
    /// The rules that a decision may use when its command began at a moment: all from the last change that had been answered by then, since the answer
    /// says that the change is in force everywhere.
    /// </summary>
    public IEnumerable<RulesRecord> RulesSince(long beganAt)
    {
        for (int i = FirstSince(beganAt); i < Rules.Count; i++)
        {
            yield return Rules[i].Record;
        }
    }

    /// <summary>The index of the first of <see cref="RulesSince"/>.</summary>
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
    /// <summary>The region's name since this change, which identifies the change.</summary>
    public string Name { get; } = name;

    public RulesRecord Record { get; } = record;

    /// <summary>When the operator was told that the rules are in force; far in the future if never.</summary>
    public long AnsweredAt { get; set; } = long.MaxValue;
}
