using System.Text.Json.Serialization;

namespace Gongji.Api.Contracts;

/// <summary>Moves the development clock forward.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ClockRequest
{
    /// <summary>The new time (RFC 3339, with offset).</summary>
    [Moment]
    public required string Now { get; init; }
}

/// <summary>The ledger's time.</summary>
public sealed record ClockAnswer
{
    /// <summary>The time that commands are decided at.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Whether <c>PUT /v1/clock</c> may move it: only when started with <c>--clock</c>.</summary>
    public required bool Adjustable { get; init; }
}

/// <summary>Every invariant of the ledger, checked over all of it.</summary>
public sealed record AuditAnswer
{
    /// <summary>In the order of docs/invariants.md.</summary>
    public required IReadOnlyList<InvariantAnswer> Invariants { get; init; }

    /// <summary>What to note elsewhere; only when nothing is violated. See docs/operating.md, "Audit".</summary>
    public HeadsAnswer? Heads { get; init; }
}

/// <summary>The heads of the ledger's chains, in one value.</summary>
public sealed record HeadsAnswer
{
    /// <summary>How many chains have batches.</summary>
    public required int Chains { get; init; }

    /// <summary>SHA-256, in hex, of a line for each chain: its number, its last batch's sequence and hash. The same as <c>./run audit</c> says of the same moment.</summary>
    public required string Digest { get; init; }
}

/// <summary>One invariant.</summary>
public sealed record InvariantAnswer
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>How many things were checked.</summary>
    public required long Checked { get; init; }

    /// <summary>What was checked and counted, e.g. entries.</summary>
    public required string Unit { get; init; }

    /// <summary>How many of them violate it.</summary>
    public required long Violations { get; init; }

    /// <summary>The first few violations in words.</summary>
    public required IReadOnlyList<string> Examples { get; init; }
}

/// <summary>How the process is.</summary>
public sealed record HealthAnswer
{
    /// <summary>live, or ready.</summary>
    [Words("live", "ready")]
    public required string Status { get; init; }
}
