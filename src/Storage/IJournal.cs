using System.Diagnostics.CodeAnalysis;
using Gongji.Ledger;

namespace Gongji.Storage;

/// <summary>
/// Makes entries durable in group commits. An account belongs to one partition; each partition keeps one batch in flight and gathers the next
/// meanwhile. Thread-safe.
/// </summary>
public interface IJournal
{
    /// <summary>An entry long durable: what rests on nothing follows this.</summary>
    AppendTicket Ground { get; }

    /// <summary>
    /// Whether an entry of a writer can be queued to follow another one that may still be on its way: when both go through the same
    /// partition, or the other is durable already. If not, wait for the other's outcome first.
    /// </summary>
    bool CanFollow(AccountWriter writer, AppendTicket after);

    /// <summary>
    /// Queues the next entry of an account. Returns false, having done nothing, when the writer is poisoned or the queue is full or closed
    /// (<paramref name="refusal"/> says which); so the caller applies the entry to its memory only on true, in the same turn.
    /// </summary>
    /// <param name="writer">The right to append to the account.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="after">An entry of this journal, most often of another account, without which this one must never be written.</param>
    /// <param name="ticket">The queued entry.</param>
    /// <param name="refusal">Why not.</param>
    /// <exception cref="ArgumentException">The entry is not the writer's, or cannot follow (see <see cref="CanFollow"/>).</exception>
    bool TryAppend(AccountWriter writer, Entry entry, AppendTicket after, [NotNullWhen(true)] out AppendTicket? ticket, out AppendOutcome refusal);

    /// <summary>
    /// The last entry of a writer that is on its way; when there is none, <see cref="Ground"/>, or of a poisoned writer an entry that failed. Of a writer that has
    /// queued nothing yet, the last that the account's writer before it has left on its way: an account is loaded when that has ended. An account asks here
    /// instead of keeping the ticket: millions of accounts at rest would each have a young object to show the collector.
    /// </summary>
    AppendTicket LastOf(AccountWriter writer);

    /// <summary>Queues a snapshot to be written behind the ledger; dropped when too many wait. The caller has made sure that it is durable.</summary>
    void OfferSnapshot(AccountSnapshot snapshot);

    /// <summary>The chain that an account's entries go to: slices of regions' headroom belong to chains.</summary>
    int ChainOf(string account);

    /// <summary>Whether commits come through at present.</summary>
    bool IsHealthy { get; }
}
