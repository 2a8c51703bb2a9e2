namespace Gongji.Ledger.Audit;

/// <summary>What a database enforces by itself, no matter who writes to it.</summary>
public enum LedgerGuard
{
    /// <summary>An account has each version once.</summary>
    AccountVersion,

    /// <summary>An operation has each leg once.</summary>
    OperationLeg,

    /// <summary>A chain has each place once; entries and batches are neither changed nor deleted.</summary>
    AppendOnly,
}

/// <summary>A guard that a store lacks.</summary>
/// <param name="Guard">The guard.</param>
/// <param name="Text">What is missing, and what to do.</param>
public sealed record MissingGuard(LedgerGuard Guard, string Text);
