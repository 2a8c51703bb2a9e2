namespace Gongji.Storage;

/// <summary>
/// One activation's right to append to its account. When one of its entries fails, the writer is poisoned for ever: that entry and all later ones are
/// refused, since they were decided on a state that is not true. The entries before it are not affected. The account is then reloaded with a new writer.
/// </summary>
public sealed class AccountWriter(string account)
{
    private long _barredFrom = long.MaxValue;
    private long _durableVersion;

    public string Account { get; } = account;

    public bool IsPoisoned => Volatile.Read(ref _barredFrom) != long.MaxValue;

    /// <summary>Decides the partition: the same in every process and every run.</summary>
    internal uint Hash { get; } = StableHash.Of(account);

    /// <summary>The version queued last; 0 before the first. Written only under the partition's lock.</summary>
    internal long QueuedVersion { get; set; }

    /// <summary>Whether everything that this writer has queued is durable. Only the code that queues its entries may ask.</summary>
    public bool IsSettled => !IsPoisoned && DurableVersion == QueuedVersion;

    /// <summary>The version made durable last; 0 before the first. Set by the partition's loop only.</summary>
    internal long DurableVersion
    {
        get => Volatile.Read(ref _durableVersion);
        set => Volatile.Write(ref _durableVersion, value);
    }

    /// <summary>Whether an entry of this writer is durable. Then the account's past up to it is gapless, and the next entry needs no proof of its predecessor.</summary>
    internal bool IsProven => DurableVersion > 0;

    /// <summary>The last sealing that included an entry of this writer. Touched by the partition's loop only.</summary>
    internal long SealedIn { get; set; }

    /// <summary>Whether the entry with this version may no longer be written.</summary>
    internal bool IsBarred(long version) => version >= Volatile.Read(ref _barredFrom);

    /// <summary>Notes that the entry with this version has failed. Called under the partition's lock only.</summary>
    internal void Poison(long version) => Volatile.Write(ref _barredFrom, Math.Min(_barredFrom, version));
}
