using Gongji.Ledger;

namespace Gongji.Grains;

/// <summary>What the sweeper has done in this process, over all grains of it.</summary>
public static class SweepCounts
{
    private static long _found;
    private static long _ended;
    private static long _returned;

    /// <summary>Operations that were found due or interrupted. One that cannot be ended at once is found again.</summary>
    public static long FoundOperations => Volatile.Read(ref _found);

    /// <summary>Transfers that were taken to their end, those that went back included.</summary>
    public static long EndedTransfers => Volatile.Read(ref _ended);

    /// <summary>Transfers that went back to their giver, because nobody accepted them in time.</summary>
    public static long ReturnedTransfers => Volatile.Read(ref _returned);

    internal static void Found(int operations) => Interlocked.Add(ref _found, operations);

    internal static void Ended(TransferStatus status)
    {
        Interlocked.Increment(ref _ended);
        if (status == TransferStatus.Returned)
        {
            Interlocked.Increment(ref _returned);
        }
    }
}
