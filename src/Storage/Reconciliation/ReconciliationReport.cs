using Gongji.Ledger;

namespace Gongji.Storage;

/// <summary>How our lines of a region and day compare with those of the other side.</summary>
public sealed class ReconciliationReport
{
    /// <summary>Our lines.</summary>
    public DeltaSum Ours { get; internal set; }

    /// <summary>Their lines.</summary>
    public DeltaSum Theirs { get; internal set; }

    /// <summary>Ids that only we have, and what they add up to.</summary>
    public DeltaSum OnlyOurs { get; internal set; }

    /// <summary>Ids that only they have, and what they add up to.</summary>
    public DeltaSum OnlyTheirs { get; internal set; }

    /// <summary>Ids that both have with different amounts: how many, and our amount less theirs, in fen.</summary>
    public DeltaSum AmountDiffers { get; internal set; }

    /// <summary>The breaks asked for, by id.</summary>
    public IReadOnlyList<LineBreak> Breaks { get; internal set; } = [];

    /// <summary>The id after which to go on; null when there are no more breaks.</summary>
    public Guid? Next { get; internal set; }

    /// <summary>By activity and pair of regions: our lines, and what the ledger's own sums say.</summary>
    public IReadOnlyList<PairCheck> Pairs { get; internal set; } = [];
}

/// <summary>An id on which the two sides disagree.</summary>
/// <param name="Id">The operation, as its caller named it.</param>
/// <param name="OursFen">What our lines of it add up to, in fen; null when there are none.</param>
/// <param name="TheirsFen">What theirs add up to, in fen; null when there are none.</param>
/// <param name="Line">Our first line of it, if any.</param>
public sealed record LineBreak(Guid Id, long? OursFen, long? TheirsFen, Movement? Line);

/// <summary>What moved between two regions.</summary>
/// <param name="Key">Activity, tier, day and regions.</param>
/// <param name="Lines">Our lines: the same lines that the other region of the pair gets.</param>
/// <param name="Ledger">The deltas, from which funds and clearing positions of both regions are summed.</param>
public sealed record PairCheck(DeltaKey Key, DeltaSum Lines, DeltaSum Ledger);
