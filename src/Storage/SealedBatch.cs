using Gongji.Ledger;

namespace Gongji.Storage;

/// <summary>A batch ready to be committed: its place in the chain, its hash, and what is derived from its entries.</summary>
/// <param name="Chain">The chain.</param>
/// <param name="Sequence">From 1, gapless.</param>
/// <param name="PreviousHash">The hash of the batch before.</param>
/// <param name="Hash">See <see cref="HashChain"/>.</param>
/// <param name="At">When it was sealed.</param>
/// <param name="Entries">In batch order, with encoded details. May be empty: a batch without entries closes its place in the chain.</param>
/// <param name="Deltas">Aggregated; see <see cref="Gongji.Ledger.Deltas"/>.</param>
/// <param name="Unproven">Positions of the entries whose previous version the store must find; for the others it is known to be there. Null: all entries.</param>
/// <param name="OpenDay">The open day that the deltas were made with (see <see cref="ClearingDays"/>). For a batch that closes a day: the open day from then on.</param>
public sealed record SealedBatch(
    int Chain,
    long Sequence,
    byte[] PreviousHash,
    byte[] Hash,
    DateTimeOffset At,
    IReadOnlyList<EncodedEntry> Entries,
    IReadOnlyCollection<KeyValuePair<DeltaKey, DeltaSum>> Deltas,
    IReadOnlyList<int>? Unproven = null,
    DateOnly OpenDay = default)
{
    /// <summary>
    /// Whether the batch before may still be under way. A store may then wait for it, or refuse at once as it does when the batch before is not there.
    /// Not part of what is written.
    /// </summary>
    public bool IsSuccessor { get; init; }
}
