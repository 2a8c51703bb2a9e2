using Gongji.Ledger;

namespace Gongji.Storage;

/// <summary>
/// Makes entries durable in group commits. An account belongs to one partition; each partition keeps one batch in flight and gathers the next
/// meanwhile. Thread-safe.
/// </summary>
public interface IJournal
{
    /// <summary>
    /// Queues the next entry of an account. Returns false, having done nothing, when the writer is poisoned or the queue is full or closed
    /// (<paramref name="refusal"/> says which); so the caller applies the entry to its memory only on true, in the same turn.
    /// </summary>
    bool TryAppend(AccountWriter writer, Entry entry, out Task<AppendOutcome> durable, out AppendOutcome refusal);

    /// <summary>Queues a snapshot to be written behind the ledger; dropped when too many wait. The caller has made sure that it is durable.</summary>
    void OfferSnapshot(AccountSnapshot snapshot);

    /// <summary>Whether commits come through at present.</summary>
    bool IsHealthy { get; }
}
