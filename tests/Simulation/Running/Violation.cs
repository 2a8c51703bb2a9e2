namespace Gongji.Simulation.Running;

/// <summary>Something that must never be.</summary>
/// <param name="Invariant">The invariant's name: those of docs/invariants.md, or one of the oracle's.</param>
/// <param name="Text">What was expected and what is there.</param>
/// <param name="Operation">The operation concerned, or none.</param>
/// <param name="Accounts">The accounts concerned.</param>
public sealed record Violation(string Invariant, string Text, Guid Operation, IReadOnlyList<string> Accounts);
