using Gongji.Ledger.Audit;

namespace Gongji.Ledger.Tests;

/// <summary>A stored batch.</summary>
internal sealed record ImageBatch(int Chain, long Sequence, byte[] PreviousHash, byte[] Hash, int EntryCount, List<(Entry Entry, byte[]? Detail)> Entries, DateOnly OpenDay = default);

/// <summary>
/// A whole stored ledger in memory, as an audit reads it. Each order is kept separately, so that a test can damage one and not the others.
/// </summary>
internal sealed class LedgerImage
{
    private const int EntriesPerBatch = 4;
    private const int Chains = 2;

    public required List<Entry> ByAccount { get; init; }

    public required List<Entry> ByOperation { get; init; }

    public required List<ImageBatch> Batches { get; init; }

    public required List<OpenTransfer> HoldIndex { get; init; }

    public required Dictionary<DeltaKey, DeltaSum> Deltas { get; init; }

    /// <summary>The open day according to the store.</summary>
    public DateOnly? OpenDay { get; set; }

    public Dictionary<RegionCode, long> CapsFen { get; } = [];

    public List<(RegionCode Region, long CapFen, long DebtFen)> Caps { get; } = [];

    public List<(RegionCode Region, int Chain, long GrantedFen, long UsedFen)> Slices { get; } = [];

    /// <summary>Seals entries as a journal does: accounts spread over partitions, a chain of batches for each, with deltas and the index of open holds.</summary>
    public static LedgerImage Of(IReadOnlyList<Entry> entries)
    {
        List<ImageBatch> batches = [.. entries.GroupBy(entry => 1 + (entry.Account[^1] % Chains)).OrderBy(chain => chain.Key).SelectMany(chain => Seal(chain.Key, chain))];
        LedgerImage image = Of(entries, batches);
        foreach (ImageBatch batch in batches)
        {
            foreach ((Entry entry, _) in batch.Entries)
            {
                Gongji.Ledger.Deltas.AddTo(image.Deltas, entry, batch.OpenDay);
            }
        }

        return image;
    }

    private static LedgerImage Of(IReadOnlyList<Entry> entries, List<ImageBatch> batches) => new()
    {
        ByAccount = [.. entries.OrderBy(entry => entry.Account, StringComparer.Ordinal).ThenBy(entry => entry.Version)],
        ByOperation = [.. entries.Where(entry => OpenWork.HasCompany(entry) || IsRepeated(entry, entries)).OrderBy(entry => entry.Operation).ThenBy(entry => entry.Leg)],
        Batches = batches,
        OpenDay = ClearingDays.OpenAfter(ClearingDays.First, entries),
        HoldIndex = [.. OpenHolds(entries).OrderBy(hold => hold.Operation).ThenBy(hold => hold.Leg)],
        Deltas = [],
    };

    public AuditReport Audit(LedgerHeads? noted = null)
    {
        LedgerAudit audit = new(CapsFen, noted);
        ILookup<(string, long), DateOnly> openDays = Batches
            .SelectMany(batch => batch.Entries.Select(stored => (Key: (stored.Entry.Account, stored.Entry.Version), batch.OpenDay))).ToLookup(each => each.Key, each => each.OpenDay);
        foreach (Entry entry in ByAccount)
        {
            audit.Accounts.Add(entry, openDays[(entry.Account, entry.Version)].FirstOrDefault());
            audit.Snapshots.Add(entry);
        }

        audit.Accounts.Complete();
        audit.Accounts.Clearing.CheckOpenDay(OpenDay);
        MatchHolds(audit, ReadTransfers(audit));
        foreach (ImageBatch batch in Batches)
        {
            audit.AddBatch(batch.Chain, batch.Sequence, batch.PreviousHash, batch.Hash, batch.EntryCount, batch.Entries, batch.OpenDay);
        }

        foreach ((DeltaKey key, DeltaSum sum) in Deltas)
        {
            audit.AddDelta(key, sum);
        }

        foreach ((RegionCode region, long capFen, long debtFen) in Caps)
        {
            audit.Deltas.AddCap(region, capFen, debtFen);
        }

        foreach ((RegionCode region, int chain, long grantedFen, long usedFen) in Slices)
        {
            audit.Deltas.AddSlice(region, chain, grantedFen, usedFen);
        }

        return audit.Complete();
    }

    private List<OpenTransfer> ReadTransfers(LedgerAudit audit)
    {
        List<OpenTransfer> open = [];
        foreach (Entry entry in ByOperation)
        {
            open.AddRange(audit.Transfers.Add(entry));
        }

        open.AddRange(audit.Transfers.Complete());
        return open;
    }

    private void MatchHolds(LedgerAudit audit, List<OpenTransfer> open)
    {
        int left = 0;
        int right = 0;
        while (left < open.Count || right < HoldIndex.Count)
        {
            int order = audit.HoldIndex.Match(left < open.Count ? open[left] : null, right < HoldIndex.Count ? HoldIndex[right] : null);
            left += order <= 0 ? 1 : 0;
            right += order >= 0 ? 1 : 0;
        }
    }

    private static IEnumerable<ImageBatch> Seal(int chain, IEnumerable<Entry> entries)
    {
        byte[] previous = HashChain.Genesis(chain);
        long sequence = 0;
        DateOnly openDay = default;
        foreach (Entry[] chunk in entries.Chunk(EntriesPerBatch))
        {
            List<(Entry, byte[]?)> encoded = [.. chunk.Select(entry => (entry, EntryDetailCodec.Encode(entry.Detail)))];
            openDay = ClearingDays.OpenAfter(openDay, chunk);
            byte[] hash = HashChain.Next(previous, encoded, openDay);
            yield return new ImageBatch(chain, ++sequence, previous, hash, chunk.Length, encoded, openDay);
            previous = hash;
        }
    }

    /// <summary>An entry whose kind normally stands alone in its operation is read by operation too when it does not stand alone.</summary>
    private static bool IsRepeated(Entry entry, IReadOnlyList<Entry> entries) =>
        entry.Leg != Leg.Place && entries.Count(other => other.Operation == entry.Operation && other.Leg == entry.Leg) > 1;

    private static IEnumerable<OpenTransfer> OpenHolds(IReadOnlyList<Entry> entries)
    {
        foreach (Entry entry in entries)
        {
            if (OpenWork.IsOpenedBy(entry, out DateTimeOffset expiresAt, out bool isAutomatic)
                && !entries.Any(other => other.Operation == entry.Operation && OpenWork.IsEndedBy(other, out Leg opener) && opener == entry.Leg))
            {
                yield return new OpenTransfer(entry.Operation, entry.Leg, entry.Account, entry.At, expiresAt, isAutomatic);
            }
        }
    }
}
