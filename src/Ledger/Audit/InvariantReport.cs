namespace Gongji.Ledger.Audit;

/// <summary>What an audit found of one invariant.</summary>
/// <param name="Name">Its stable, kebab-case name.</param>
/// <param name="Number">Its number in docs/invariants.md.</param>
/// <param name="Unit">What was checked and counted, e.g. <c>entries</c>.</param>
/// <param name="Checked">How many of them.</param>
/// <param name="ViolationCount">How many violations were found; all are counted.</param>
/// <param name="Violations">
/// The first of them, at most <see cref="InvariantCheck.TextsMax"/>: where, what was expected, what is there.
/// </param>
public sealed record InvariantReport(
    string Name, int Number, string Unit, long Checked, long ViolationCount, IReadOnlyList<string> Violations);
