namespace Gongji.Ledger.Audit;

/// <summary>The invariants of docs/invariants.md, as checked by one audit or by one of its passes. Not thread-safe.</summary>
public sealed class InvariantChecks
{
    /// <summary>1: all pockets together, less what is in transit, are what came from outside and was not paid out.</summary>
    public InvariantCheck Conservation { get; } = new(1, "conservation", "accounts");

    /// <summary>2: versions are gapless, each balance is the previous one plus the entry, each entry has the form of its kind.</summary>
    public InvariantCheck AccountContinuity { get; } = new(2, "account-continuity", "entries");

    /// <summary>3: no pocket is negative; held equals the open holds; quota equals the granted quotas.</summary>
    public InvariantCheck Pockets { get; } = new(3, "pockets", "balances");

    /// <summary>4: one hold and at most one outcome per transfer; no outcome without a hold.</summary>
    public InvariantCheck TransferOutcomes { get; } = new(4, "transfer-outcomes", "transfers, payments, refunds");

    /// <summary>5: deltas equal the entries, per pair, tier and day; no position past its cap.</summary>
    public InvariantCheck RegionDeltas { get; } = new(5, "region-deltas", "delta sums");

    /// <summary>6: limits hold, per day, per transfer, hours, kinship, both regions live.</summary>
    public InvariantCheck Limits { get; } = new(6, "limits", "holds, receipts and credits");

    /// <summary>7: the hash chain is intact.</summary>
    public InvariantCheck HashChain { get; } = new(7, "hash-chain", "batches");

    /// <summary>8: days are closed in order and for good; no more is settled than was owed; a province signs a month once.</summary>
    public InvariantCheck Clearing { get; } = new(8, "clearing", "batches and clearing entries");

    /// <summary>9: an account's snapshot, if it has one, is what the entries up to its version make.</summary>
    public InvariantCheck Snapshots { get; } = new(9, "snapshots", "accounts");

    /// <summary>All of them, by number.</summary>
    public IReadOnlyList<InvariantCheck> All => [Conservation, AccountContinuity, Pockets, TransferOutcomes, RegionDeltas, Limits, HashChain, Clearing, Snapshots];

    /// <summary>Adds what other checks counted and collected, invariant by invariant.</summary>
    public void Add(InvariantChecks others)
    {
        foreach ((InvariantCheck own, InvariantCheck other) in All.Zip(others.All))
        {
            own.Add(other);
        }
    }
}
