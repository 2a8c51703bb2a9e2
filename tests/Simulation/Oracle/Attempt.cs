namespace Gongji.Simulation.Oracle;

/// <summary>The state when a call began: its answer must hold at some moment from then on until the answer.</summary>
internal sealed class Attempt
{
    public required CommandRecord? Record { get; init; }

    /// <summary>The number of commits before the call.</summary>
    public required long Sequence { get; init; }

    /// <summary>When the call began, in ticks of virtual time.</summary>
    public required long BeganAt { get; init; }

    /// <summary>The true time of day when it began.</summary>
    public required long BusinessMs { get; init; }

    /// <summary>How often a command of the run had been given up on a contended account by then.</summary>
    public required long Contentions { get; init; }

    /// <summary>The version of the first account that some answer had revealed by then.</summary>
    public int PayerFrom { get; init; }

    /// <summary>The version of the second account that some answer had revealed by then.</summary>
    public int PayeeFrom { get; init; }

    /// <summary>For a payment: the same for each giver whom the payer could draw on then.</summary>
    public Dictionary<string, int>? GiversFrom { get; set; }
}
