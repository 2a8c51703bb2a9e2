using System.Text.Json.Serialization;

namespace Gongji.Api.Contracts;

/// <summary>Moves the development clock forward.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ClockRequest
{
    /// <summary>
    /// The new time (RFC 3339, with offset). It must not be before the present time of the ledger: otherwise 409 <c>wrong-state</c>.
    /// </summary>
    [Moment]
    public required string Now { get; init; }
}

/// <summary>The ledger's time.</summary>
public sealed record ClockAnswer
{
    /// <summary>The time at which commands are decided (RFC 3339).</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Whether <c>PUT /v1/clock</c> can move the clock. Only a server that was started with <c>--clock</c> allows that.</summary>
    public required bool Adjustable { get; init; }
}

/// <summary>The result of an audit: every invariant, checked over the whole ledger.</summary>
public sealed record AuditAnswer
{
    /// <summary>The results, in the order of docs/invariants.md.</summary>
    public required IReadOnlyList<InvariantAnswer> Invariants { get; init; }

    /// <summary>
    /// A digest of the whole ledger, to be noted outside the ledger (docs/operating.md, "Audit"). null if an invariant is violated.
    /// </summary>
    public HeadsAnswer? Heads { get; init; }
}

/// <summary>One value that stands for the last batches of all chains of the ledger.</summary>
public sealed record HeadsAnswer
{
    /// <summary>How many chains have at least one batch.</summary>
    public required int Chains { get; init; }

    /// <summary>
    /// SHA-256, in hex, of a text with one line for each chain: the chain's number, the sequence of its last batch, and the hash of that batch.
    /// <c>./run audit</c> gives the same digest for the same state of the ledger.
    /// </summary>
    public required string Digest { get; init; }
}

/// <summary>The result for one invariant.</summary>
public sealed record InvariantAnswer
{
    /// <summary>The name of the invariant (kebab-case).</summary>
    public required string Name { get; init; }

    /// <summary>How many things were checked.</summary>
    public required long Checked { get; init; }

    /// <summary>What was checked and counted, such as entries.</summary>
    public required string Unit { get; init; }

    /// <summary>How many violations were found. 0: the invariant holds.</summary>
    public required long Violations { get; init; }

    /// <summary>The first violations in words, at most 20.</summary>
    public required IReadOnlyList<string> Examples { get; init; }
}

/// <summary>The state of the server process.</summary>
public sealed record HealthAnswer
{
    /// <summary><c>live</c> from <c>/health/live</c>, <c>ready</c> from <c>/health/ready</c>.</summary>
    [Words("live", "ready")]
    public required string Status { get; init; }
}
