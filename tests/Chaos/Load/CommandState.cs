namespace Gongji.Chaos.Load;

/// <summary>What the caller knows about a command.</summary>
internal enum CommandState
{
    /// <summary>Not answered, or only with "outcome unknown".</summary>
    Unknown,

    /// <summary>Done, as it was answered.</summary>
    Answered,

    /// <summary>Refused by a rule: it must have left no trace.</summary>
    Refused,

    /// <summary>Answered only with "nothing was decided" (503) and not repeated: it must have left no trace.</summary>
    GivenUp,
}
