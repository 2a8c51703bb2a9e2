using Gongji.Ledger;

namespace Gongji.Grains;

/// <summary>What the sweeper has done on this silo, over all grains of it.</summary>
public sealed class SweepCounts
{
    private long _found;
    private long _ended;
    private long _returned;

    /// <summary>Operations that were found due or interrupted. One that cannot be ended at once is found again.</summary>
    public long FoundOperations => Volatile.Read(ref _found);

    /// <summary>Transfers that were taken to their end, those that went back included.</summary>
    public long EndedTransfers => Volatile.Read(ref _ended);

    /// <summary>Transfers that went back to their giver, because nobody accepted them in time.</summary>
    public long ReturnedTransfers => Volatile.Read(ref _returned);

    internal void Found(int operations) => Interlocked.Add(ref _found, operations);

    internal void Ended(TransferStatus status)
    {
        Interlocked.Increment(ref _ended);
        if (status == TransferStatus.Returned)
        {
            Interlocked.Increment(ref _returned);
        }
    }
}
