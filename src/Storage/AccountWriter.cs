namespace Gongji.Storage;

/// <summary>
/// One activation's right to append to its account. When one of its entries fails, it is poisoned for ever: that entry and all after it are refused, since
/// they were decided on a state that is not true. Those before it are as true as they were. The account is then reloaded with a new writer.
/// </summary>
public sealed class AccountWriter(string account)
{
    private long _barredFrom = long.MaxValue;
    private long _durableVersion;

    public string Account { get; } = account;

    public bool IsPoisoned => Volatile.Read(ref _barredFrom) != long.MaxValue;

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

    /// <summary>Whether the entry of a version may not be written any more.</summary>
    internal bool IsBarred(long version) => version >= Volatile.Read(ref _barredFrom);

    /// <summary>The entry of a version has failed. Called under the partition's lock only.</summary>
    internal void Poison(long version) => Volatile.Write(ref _barredFrom, Math.Min(_barredFrom, version));
}
