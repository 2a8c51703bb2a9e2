namespace Gongji.Storage;

/// <summary>What a bounded look at open holds found.</summary>
/// <param name="Holds">Those that match.</param>
/// <param name="Next">The last operation looked at, after which to go on; empty when there are no more.</param>
public sealed record HoldPage(IReadOnlyList<StoredHold> Holds, Guid Next)
{
    internal static HoldPage Of(IReadOnlyList<(StoredHold Hold, bool Matches)> scanned, int limit) => new(
        [.. scanned.Where(row => row.Matches).Select(row => row.Hold)],
        scanned.Count == limit ? scanned[^1].Hold.Operation : Guid.Empty);
}
