namespace Gongji.Simulation.Oracle;

/// <summary>The state of affairs when a call began: what it was answered must hold at some moment from then to the answer.</summary>
internal sealed class Attempt
{
    public required CommandRecord? Record { get; init; }

    /// <summary>Commits before the call.</summary>
    public required long Sequence { get; init; }

    /// <summary>Virtual time, in ticks.</summary>
    public required long BeganAt { get; init; }

    /// <summary>The true time of day.</summary>
    public required long BusinessMs { get; init; }

    /// <summary>The first account's version that was known to anybody then.</summary>
    public int PayerFrom { get; init; }

    /// <summary>The second account's version that was known to anybody then.</summary>
    public int PayeeFrom { get; init; }

    /// <summary>Of a payment: the same of those whom the payer could draw on then.</summary>
    public Dictionary<string, int>? GiversFrom { get; set; }
}
