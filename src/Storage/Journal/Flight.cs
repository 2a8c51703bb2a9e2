using Gongji.Ledger;

namespace Gongji.Storage;

/// <summary>Entries on their way to the ledger as one batch. Only its partition's loop touches it, except for <see cref="IsBack"/>.</summary>
/// <param name="entries">The entries; those that fail are removed.</param>
/// <param name="since">When they were taken from the queue: a timestamp of the partition's clock.</param>
internal sealed class Flight(List<PendingEntry> entries, long since)
{
    private Task<CommitResult>? _attempt;
    private volatile bool _isBack;

    public List<PendingEntry> Entries { get; } = entries;

    public long Since { get; } = since;

    /// <summary>The batch as it was last sealed; null when it must be sealed anew.</summary>
    public SealedBatch? Batch { get; set; }

    public SealedBatch Sealed => Batch ?? throw new InvalidOperationException("The batch is not sealed.");

    /// <summary>Whether an attempt has been sent whose result nobody has taken yet.</summary>
    public bool IsUnderWay => _attempt is not null;

    /// <summary>Whether the attempt has ended.</summary>
    public bool IsBack => _isBack;

    public bool IsSealedAfter(ChainHead head) =>
        Batch is { } batch && batch.Sequence == head.Sequence + 1 && batch.PreviousHash.AsSpan().SequenceEqual(head.Hash);

    /// <summary>Sends the batch.</summary>
    /// <param name="commit">The store's commit.</param>
    /// <param name="queue">Woken when the attempt has ended.</param>
    public void Send(Func<SealedBatch, Task<CommitResult>> commit, EntryQueue queue)
    {
        _isBack = false;
        _attempt = SendAsync(commit, queue);
    }

    /// <summary>The task of the attempt that is under way. It can be taken once.</summary>
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
