namespace Gongji.Storage;

/// <summary>What became of an entry.</summary>
public enum AppendOutcome
{
    /// <summary>On disk.</summary>
    Durable,

    /// <summary>Not written: the account has moved on under another writer, or an earlier entry of this writer failed. Reload and decide anew.</summary>
    Stale,

    /// <summary>Not written: this (operation, leg) is already in the ledger. Look it up.</summary>
    Duplicate,

    /// <summary>Not written: the queue is full, the store cannot be reached, or the journal is closing.</summary>
    Unavailable,

    /// <summary>Not written: it debits a region with a cap, and this journal does not have enough of the region's headroom left.</summary>
    OverCap,

    /// <summary>It may or may not be written; nobody knows yet. Look it up by its operation.</summary>
    Unknown,
}
