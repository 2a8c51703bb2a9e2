using Gongji.Ledger;

namespace Gongji.Storage;

/// <summary>What both stores derive from a batch in the same way.</summary>
internal static class BatchAnalysis
{
    /// <summary>The numbers of <see cref="Escrow.Activities"/>, as a list in SQL.</summary>
    public static readonly string EscrowActivities = string.Join(", ", Escrow.Activities.Select(activity => (short)activity));

    /// <summary>The numbers of <see cref="OpenWork.Openers"/>, as a list in SQL.</summary>
    public static readonly string Openers = string.Join(", ", OpenWork.Openers.Select(kind => (short)kind));

    /// <summary>What a batch does to the index of open holds. A hold that the same batch opens and ends does not touch the index.</summary>
    public static BatchHolds Holds(IReadOnlyList<EncodedEntry> entries)
    {
        Dictionary<(Guid, Leg), int> open = [];
        List<(Guid, Leg)> ended = [];
        int[] endedBy = new int[entries.Count];
        int[] answeredBy = new int[entries.Count];
        for (int i = 0; i < entries.Count; i++)
        {
            Entry entry = entries[i].Entry;
            if (OpenWork.IsOpenedBy(entry, out _, out _))
            {
                open[(entry.Operation, entry.Leg)] = i;
            }
            else if (entry.Kind is EntryKind.Receive or EntryKind.Decline)
            {
                if (open.TryGetValue((entry.Operation, Leg.Opening), out int held) && answeredBy[held] == 0)
                {
                    answeredBy[held] = i;
                }
            }
            else if (OpenWork.IsEndedBy(entry, out Leg opener))
            {
                if (open.Remove((entry.Operation, opener), out int opened))
                {
                    endedBy[opened] = i;
                }
                else
                {
                    ended.Add((entry.Operation, opener));
                }
            }
        }

        return new BatchHolds([.. open.Values.Select(i => HoldOf(entries[i].Entry))], ended, endedBy, answeredBy);

        static StoredHold HoldOf(Entry entry)
        {
            OpenWork.IsOpenedBy(entry, out DateTimeOffset expiresAt, out bool isAutomatic);
            return new StoredHold(entry.Operation, entry.Leg, entry.Account, entry.At, expiresAt, isAutomatic);
        }
    }

    /// <summary>The positions of entries that debit one of these regions.</summary>
    public static IReadOnlyList<int> DebitsOf(SealedBatch batch, IReadOnlySet<RegionCode> regions) =>
        regions.Count == 0 ? [] : [.. Enumerable.Range(0, batch.Entries.Count).Where(i =>
            Escrow.IsDebitOf(regions, batch.Entries[i].Entry))];

    /// <summary>Whether a batch closes a day. No other batch may use the open day while such a batch is written.</summary>
    public static bool Closes(SealedBatch batch) => batch.Entries.Any(entry => entry.Entry.Kind == EntryKind.DayClosed);

    /// <summary>The positions whose previous version must be found.</summary>
    public static IReadOnlyList<int> Unproven(SealedBatch batch) =>
        batch.Unproven ?? [.. Enumerable.Range(0, batch.Entries.Count).Where(i => batch.Entries[i].Entry.Version > 1)];

    /// <summary>The positions of first entries: of their account, or of a writer of whom nothing is known to be durable yet.</summary>
    public static IReadOnlyList<int> Firsts(SealedBatch batch) =>
        [.. Enumerable.Range(0, batch.Entries.Count).Where(i => batch.Entries[i].Entry.Version == 1), .. Unproven(batch)];

    /// <summary>The conflict of a batch: what the store found in the way, and what the batch itself contains twice.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="existingVersions">Positions whose (account, version) the store has.</param>
    /// <param name="existingLegs">Positions whose (operation, leg) the store has.</param>
    /// <param name="orphans">Positions whose previous version the store lacks.</param>
    /// <param name="chainMoved">The place in the chain is taken, or the batch before is not there.</param>
    public static CommitResult Conflict(
        SealedBatch batch, IReadOnlyCollection<int> existingVersions, IReadOnlyCollection<int> existingLegs, IReadOnlyCollection<int> orphans, bool chainMoved)
    {
        SortedSet<int> stale = [.. existingVersions];
        List<int> repeats = [];
        HashSet<(string, long)> versions = [];
        HashSet<(Guid, Leg)> legs = [];
        HashSet<int> lacking = [.. orphans];
        for (int i = 0; i < batch.Entries.Count; i++)
        {
            Entry entry = batch.Entries[i].Entry;
            if (lacking.Contains(i) && !versions.Contains((entry.Account, entry.Version - 1)))
            {
                stale.Add(i);
            }

            if (!versions.Add((entry.Account, entry.Version)))
            {
                stale.Add(i);
            }

            if (!legs.Add((entry.Operation, entry.Leg)))
            {
                repeats.Add(i);
            }
        }

        return new CommitResult(CommitStatus.Conflict, [.. stale], [.. existingLegs.Order()], chainMoved) { RepeatAt = repeats };
    }
}

/// <summary>What is opened and ended by the entries of a batch.</summary>
/// <param name="Opened">The holds that are still open after the batch.</param>
/// <param name="Ended">The holds that were open before the batch and that it ends.</param>
/// <param name="EndedBy">For the position of each entry that opens something that the same batch ends, the position of the entry that ends it; 0 for all others.</param>
/// <param name="AnsweredBy">The same for holds, with the position of the receipt or decline on the recipient's account.</param>
internal readonly record struct BatchHolds(
    IReadOnlyCollection<StoredHold> Opened, IReadOnlyCollection<(Guid Operation, Leg Leg)> Ended, int[] EndedBy, int[] AnsweredBy);
