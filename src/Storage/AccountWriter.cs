namespace Gongji.Storage;

/// <summary>
/// One activation's right to append to its account. When a batch with one of its entries fails, it is poisoned for ever: later entries of
/// this writer are refused, since they were decided on a state that is not true. The account is then reloaded with a new writer.
/// </summary>
public sealed class AccountWriter(string account)
{
    private volatile bool _poisoned;
    private long _durableVersion;

    public string Account { get; } = account;

    public bool IsPoisoned => _poisoned;

    /// <summary>Decides the partition: the same in every process and every run.</summary>
    internal uint Hash { get; } = StableHash.Of(account);

    /// <summary>The version queued last; 0 before the first. Touched under the partition's lock only.</summary>
    internal long QueuedVersion { get; set; }

    /// <summary>Whether all that this writer has queued is durable. Asked by the one who queues.</summary>
    public bool IsSettled => !IsPoisoned && DurableVersion == QueuedVersion;

    /// <summary>The version made durable last; 0 before the first. Set by the partition's loop only.</summary>
    internal long DurableVersion
    {
        get => Volatile.Read(ref _durableVersion);
        set => Volatile.Write(ref _durableVersion, value);
    }

    /// <summary>
    /// An entry of this writer is durable, so the account's past up to it is gapless and its next entry needs no proof of its predecessor.
    /// </summary>
    internal bool IsProven => DurableVersion > 0;

    /// <summary>The last sealing that saw an entry of this writer. Touched by the partition's loop only.</summary>
    internal long SealedIn { get; set; }

    internal void Poison() => _poisoned = true;
}
