namespace Gongji.Chaos.Load;

/// <summary>What an answer means for its caller.</summary>
internal enum Verdict
{
    /// <summary>2xx.</summary>
    Done,

    /// <summary>A rule refused.</summary>
    Refused,

    /// <summary>503: nothing was decided.</summary>
    Undecided,

    /// <summary>504: it may have happened.</summary>
    InDoubt,
}
