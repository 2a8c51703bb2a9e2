using System.Diagnostics.CodeAnalysis;
using Gongji.Ledger;

namespace Gongji.Storage;

/// <summary>Makes entries durable in group commits. An account belongs to one partition; each partition gathers the next batch while one is in flight. Thread-safe.</summary>
public interface IJournal
{
    /// <summary>Stands for an entry that is durable already. An entry that rests on no other follows this one.</summary>
    AppendTicket Ground { get; }

    /// <summary>
    /// Whether an entry of a writer can be queued to follow another one that may still be on its way: both go through the same partition, or the other is
    /// durable already. If not, wait for the other's outcome first.
    /// </summary>
    bool CanFollow(AccountWriter writer, AppendTicket after);

    /// <summary>
    /// Queues the next entry of an account. Returns false, having done nothing, when the writer is poisoned or the queue is full or closed
    /// (<paramref name="refusal"/> says which). So the caller applies the entry to its state in memory only on true, in the same turn.
    /// </summary>
    /// <param name="writer">The right to append to the account.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="after">An entry of this journal, most often of another account, without which this one must never be written.</param>
    /// <param name="ticket">The queued entry.</param>
    /// <param name="refusal">Why not.</param>
    /// <exception cref="ArgumentException">The entry is not the writer's, or cannot follow (see <see cref="CanFollow"/>).</exception>
    bool TryAppend(AccountWriter writer, Entry entry, AppendTicket after, [NotNullWhen(true)] out AppendTicket? ticket, out AppendOutcome refusal);

    /// <summary>
    /// The writer's last entry that is still on its way. If there is none: <see cref="Ground"/>, or for a poisoned writer an entry that failed. For a
    /// writer that has queued nothing yet: the last entry that the account's previous writer left on its way; an account is loaded once that has ended.
    /// An account asks here instead of keeping the ticket: otherwise millions of accounts at rest would each point to a young object that the collector
    /// has to visit.
    /// </summary>
    AppendTicket LastOf(AccountWriter writer);

    /// <summary>
    /// Queues a snapshot to be written behind the ledger; drops it when too many are waiting. The caller must have made sure that the snapshot's entries
    /// are durable.
    /// </summary>
    void OfferSnapshot(AccountSnapshot snapshot);

    /// <summary>The chain that an account's entries go to. Callers need it because slices of a region's headroom belong to chains.</summary>
    int ChainOf(string account);

    /// <summary>Whether commits come through at present.</summary>
    bool IsHealthy { get; }
}
