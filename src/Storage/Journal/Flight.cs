using Gongji.Ledger;

namespace Gongji.Storage;

/// <summary>Entries on their way to the ledger as one batch. Touched by its partition's loop only, but for <see cref="IsBack"/>.</summary>
/// <param name="entries">The entries; those that fail are taken out.</param>
/// <param name="since">When they were taken from the queue: a timestamp of the partition's clock.</param>
internal sealed class Flight(List<PendingEntry> entries, long since)
{
    private Task<CommitResult>? _attempt;
    private volatile bool _isBack;

    public List<PendingEntry> Entries { get; } = entries;

    public long Since { get; } = since;

    /// <summary>As it was sealed last; null when it has to be sealed anew.</summary>
    public SealedBatch? Batch { get; set; }

    public SealedBatch Sealed => Batch ?? throw new InvalidOperationException("The batch is not sealed.");

    /// <summary>Whether an attempt has been sent whose end nobody has looked at.</summary>
    public bool IsUnderWay => _attempt is not null;

    /// <summary>Whether the attempt has ended.</summary>
    public bool IsBack => _isBack;

    public bool IsSealedAfter(ChainHead head) =>
        Batch is { } batch && batch.Sequence == head.Sequence + 1 && batch.PreviousHash.AsSpan().SequenceEqual(head.Hash);

    /// <summary>Sends it.</summary>
    /// <param name="commit">The store's commit.</param>
    /// <param name="queue">Woken when the attempt has ended.</param>
    public void Send(Func<SealedBatch, Task<CommitResult>> commit, EntryQueue queue)
    {
        _isBack = false;
        _attempt = SendAsync(commit, queue);
    }

    /// <summary>The end of the attempt that is under way, once.</summary>
    public Task<CommitResult> EndAsync()
    {
        Task<CommitResult> attempt = _attempt ?? throw new InvalidOperationException("The batch was not sent.");
        _attempt = null;
        return attempt;
    }

    private async Task<CommitResult> SendAsync(Func<SealedBatch, Task<CommitResult>> commit, EntryQueue queue)
    {
        try
        {
            return await commit(Sealed);
        }
        finally
        {
            _isBack = true;
            queue.Wake();
        }
    }
}
