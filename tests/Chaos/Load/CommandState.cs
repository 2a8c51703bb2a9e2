namespace Gongji.Chaos.Load;

/// <summary>What its caller knows of a command.</summary>
internal enum CommandState
{
    /// <summary>Not answered, or with "outcome unknown" only.</summary>
    Unknown,

    /// <summary>Done, as it was answered.</summary>
    Answered,

    /// <summary>Refused by a rule: it must have left no trace.</summary>
    Refused,

    /// <summary>Only ever told "nothing was decided" (503) and not asked again: it must have left no trace.</summary>
    GivenUp,
}
