namespace Gongji.Ledger.Audit;

/// <summary>What an audit of a whole ledger found.</summary>
/// <param name="Invariants">One result for each invariant of docs/invariants.md, in its order.</param>
/// <param name="Entries">Entries in the ledger.</param>
/// <param name="Heads">The heads of the chains, as far as they could be read.</param>
public sealed record AuditReport(IReadOnlyList<InvariantReport> Invariants, long Entries, LedgerHeads Heads)
{
    /// <summary>Violations of all invariants together.</summary>
    public long ViolationCount => Invariants.Sum(invariant => invariant.ViolationCount);

    /// <summary>Whether every invariant holds.</summary>
    public bool IsClean => ViolationCount == 0;
}
