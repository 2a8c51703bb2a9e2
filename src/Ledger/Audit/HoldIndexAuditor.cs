namespace Gongji.Ledger.Audit;

/// <summary>
/// Compares the holds that have no outcome with the index of open holds that sweepers use: a hold that is missing there would never
/// be returned. Both sides come by operation, then leg, so this is a merge, in constant memory.
/// </summary>
public sealed class HoldIndexAuditor(InvariantChecks checks)
{
    /// <summary>Compares the next item of each side; null where a side has ended. They may not both be null.</summary>
    /// <param name="open">The open hold, from the entries.</param>
    /// <param name="indexed">The open hold, from the index.</param>
    /// <returns>Negative: advance the open holds; positive: advance the index; 0: advance both.</returns>
    public int Match(OpenTransfer? open, OpenTransfer? indexed)
    {
        int order = (open, indexed) switch
        {
            (null, _) => 1,
            (_, null) => -1,
            ({ } left, { } right) => (left.Operation, left.Leg).CompareTo((right.Operation, right.Leg)),
        };
        if (order < 0)
        {
            checks.TransferOutcomes.Violate($"transfer {open}: it has no outcome, but is not in the index of open holds.");
        }
        else if (order > 0)
        {
            checks.TransferOutcomes.Violate($"transfer {indexed}: it is in the index of open holds, but no hold is open.");
        }
        else if (open != indexed)
        {
            checks.TransferOutcomes.Violate($"transfer {open}: the index of open holds says {indexed}.");
        }

        return order;
    }
}
