using System.Collections.Immutable;
using Gongji.Ledger;

namespace Gongji.Storage;

/// <summary>
/// Reads the ledger from a cursor on, every entry once, each account's in the order of versions, a bounded piece at a time. Batches are taken whole and
/// in the order of their chain; a batch with an entry whose predecessor has not been read yet waits for the predecessor's chain. ARCHITECTURE.md,
/// "Events", says why one batch can always be taken.
/// </summary>
/// <param name="feed">The ledger as it grows.</param>
/// <param name="readOperations">Reads operations: <see cref="ILedgerStore.ReadOperationsAsync"/>.</param>
/// <param name="start">The cursor after everything that was returned before.</param>
public sealed class LedgerReader(
    ILedgerFeed feed, Func<IReadOnlyCollection<Guid>, CancellationToken, Task<IReadOnlyDictionary<Guid, IReadOnlyList<Entry>>>> readOperations, LedgerCursor start)
{
    /// <summary>The chain that was read last. The next read begins after it, so that no chain waits for ever.</summary>
    private int _last = start.PartChain - 1;

    /// <summary>Everything up to here has been returned.</summary>
    public LedgerCursor Cursor { get; private set; } = start;

    /// <summary>The next entries of a ledger with these heads; none when all is read.</summary>
    public async Task<IReadOnlyList<LedgerEvent>> ReadAsync(ImmutableSortedDictionary<int, long> heads, CancellationToken cancellationToken)
    {
        while (await AdvanceAsync(heads, cancellationToken).ConfigureAwait(false) is { } events)
        {
            // A piece may consist of empty batches only: they close a place in their chain, and have no events.
            if (events.Count > 0)
            {
                return events;
            }
        }

        return [];
    }

    /// <summary>Takes the next run of batches; null when there is none.</summary>
    private async Task<IReadOnlyList<LedgerEvent>?> AdvanceAsync(ImmutableSortedDictionary<int, long> heads, CancellationToken cancellationToken)
    {
        int[] unread = [.. heads.Where(head => head.Value > Cursor.Whole.GetValueOrDefault(head.Key)).Select(head => head.Key)];
        int first = Math.Max(Array.FindIndex(unread, chain => chain > _last), 0);
        for (int i = 0; i < unread.Length; i++)
        {
            int chain = unread[(first + i) % unread.Length];
            long after = Cursor.Whole.GetValueOrDefault(chain);
            BatchRun run = await feed.ReadBatchesAsync(chain, after, heads[chain], withPrevious: unread.Length > 1, cancellationToken).ConfigureAwait(false);
            long until = FirstWaiting(chain, run) is { } waiting ? waiting - 1 : run.Last;
            if (until > after)
            {
                // The cursor moves last: when a read fails, the next one begins where this one did.
                IReadOnlyList<LedgerEvent> events = await feed.WithRegionsAsync(Take(chain, after, run.Entries, until), cancellationToken).ConfigureAwait(false);
                IReadOnlyDictionary<Guid, Guid> payments = await PaymentNames.ReadAsync(readOperations, events.Select(item => item.Entry), cancellationToken).ConfigureAwait(false);
                Cursor = Cursor.After(chain, until);
                _last = chain;
                return [.. events.Select(item => item with { Payment = PaymentNames.Of(item.Entry, payments) })];
            }
        }

        return null;
    }

    /// <summary>The first batch that must wait for another chain.</summary>
    private long? FirstWaiting(int chain, BatchRun run)
    {
        foreach (FeedEntry entry in run.Entries)
        {
            int previous = (int)(entry.PreviousBatch >> 32);
            if (previous != 0 && previous != chain && (entry.PreviousBatch & uint.MaxValue) > Cursor.Whole.GetValueOrDefault(previous))
            {
                return entry.Sequence;
            }
        }

        return null;
    }

    /// <summary>The entries up to a batch, each with the cursor after it, except for those that the cursor says were returned before.</summary>
    private List<LedgerEvent> Take(int chain, long after, IReadOnlyList<FeedEntry> entries, long until)
    {
        int given = Cursor.PartChain == chain ? Cursor.PartEntries : 0;
        List<LedgerEvent> events = new(entries.Count);
        (long sequence, int inBatch) = (after, 0);
        for (int i = 0; i < entries.Count && entries[i].Sequence <= until; i++)
        {
            (sequence, inBatch) = entries[i].Sequence == sequence ? (sequence, inBatch + 1) : (entries[i].Sequence, 1);
            if (sequence == after + 1 && inBatch <= given)
            {
                continue;
            }

            bool endsBatch = i + 1 == entries.Count || entries[i + 1].Sequence != sequence;
            events.Add(new LedgerEvent(entries[i].Entry, endsBatch ? Cursor.After(chain, sequence) : Cursor.Within(chain, sequence - 1, inBatch)));
        }

        return events;
    }
}

/// <summary>An entry, and where to go on after it.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="After">The cursor after it.</param>
/// <param name="Region">Where the person was insured then; null where the ledger does not say.</param>
/// <param name="Payment">The payment that the entry is a part of, as its caller named it; null when it is of none.</param>
public readonly record struct LedgerEvent(Entry Entry, LedgerCursor After, RegionCode? Region = null, Guid? Payment = null);
