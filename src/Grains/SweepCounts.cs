using Gongji.Ledger;

namespace Gongji.Grains;

/// <summary>What sweeps have done on this silo, summed over all of its grains.</summary>
public sealed class SweepCounts
{
    private long _found;
    private long _ended;
    private long _returned;

    /// <summary>Operations that were found due or interrupted. One that cannot be ended at once is found again and counted again.</summary>
    public long FoundOperations => Volatile.Read(ref _found);

    /// <summary>Transfers that were taken to their end, including those returned to their giver.</summary>
    public long EndedTransfers => Volatile.Read(ref _ended);

    /// <summary>Transfers that were returned to their giver because nobody accepted them in time.</summary>
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
