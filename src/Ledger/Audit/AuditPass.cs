namespace Gongji.Ledger.Audit;

/// <summary>The readings of a ledger that make up an audit, each in its own order.</summary>
public enum AuditPass
{
    /// <summary>Every entry by account.</summary>
    Accounts,

    /// <summary>Transfers by operation, together with the index of open holds.</summary>
    Transfers,

    /// <summary>Batches by chain.</summary>
    Batches,

    /// <summary>Stored sums of deltas.</summary>
    Deltas,
}
