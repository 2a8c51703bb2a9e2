namespace Gongji.Simulation.Running;

/// <summary>Something that must never happen.</summary>
/// <param name="Invariant">The invariant's name, from docs/invariants.md or one of the oracle's own.</param>
/// <param name="Text">What was expected and what was found.</param>
/// <param name="Operation">The operation concerned, or none.</param>
/// <param name="Accounts">The accounts concerned.</param>
public sealed record Violation(string Invariant, string Text, Guid Operation, IReadOnlyList<string> Accounts);
