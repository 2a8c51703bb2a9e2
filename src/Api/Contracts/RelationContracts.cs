using System.Text.Json.Serialization;
using Gongji.Ledger;

namespace Gongji.Api.Contracts;

/// <summary>Proposes a mutual-aid relation (共济关系), or changes the quota of an existing one.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RelationRequest
{
    /// <summary>
    /// What the recipient is to the giver. 409 <c>wrong-state</c>: both have consented to a relation with another kinship; dissolve it first.
    /// </summary>
    [KinshipWords]
    public required string Kinship { get; init; }

    /// <summary>
    /// The whole aid quota (共济额度) in fen: the part of the giver's personal account that is earmarked for this recipient, including what was used. If
    /// absent, 0 for a new relation, unchanged for an existing one. 409 <c>wrong-state</c>: less than what was used. 422 <c>insufficient-funds</c>:
    /// the personal account does not have enough to earmark.
    /// </summary>
    [Between(0, Limits.AmountFenMax)]
    public long? QuotaFen { get; init; }
}

/// <summary>A mutual-aid relation (共济关系).</summary>
public sealed record RelationAnswer
{
    /// <summary>The person whose money can be drawn (psn_no).</summary>
    [PersonIdText]
    public required string Giver { get; init; }

    /// <summary>The person whose payments can draw it (psn_no).</summary>
    [PersonIdText]
    public required string Recipient { get; init; }

    /// <summary>What the recipient is to the giver. null for a dissolved relation.</summary>
    [KinshipWords]
    public required string? Kinship { get; init; }

    /// <summary>
    /// <c>proposed</c>: the recipient has not consented yet. <c>consented</c>: money can be drawn. <c>dissolved</c>: there is no relation any more.
    /// </summary>
    [Words("proposed", "consented", "dissolved")]
    public required string Status { get; init; }

    /// <summary>The whole aid quota (共济额度) in fen, including what was used.</summary>
    public required long QuotaFen { get; init; }

    /// <summary>The part of the quota that was drawn or is set aside for a draw, in fen.</summary>
    public required long UsedFen { get; init; }

    /// <summary>The rest of the quota, in fen.</summary>
    public required long LeftFen { get; init; }
}

/// <summary>The relations of one person.</summary>
public sealed record RelationsAnswer
{
    /// <summary>The person (psn_no).</summary>
    [PersonIdText]
    public required string Person { get; init; }

    /// <summary>
    /// First the relations in which the person is the giver, then those in which the person is the recipient, each in the order in which they were
    /// made. Dissolved relations are absent.
    /// </summary>
    public required IReadOnlyList<RelationAnswer> Relations { get; init; }
}

/// <summary>Sets the order in which relatives' money is drawn for a person's payments.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RelativesOrderRequest
{
    /// <summary>
    /// Givers of relations to the person (psn_no), each once, at most 30. Relations that wait for consent count too. Givers that are not named come
    /// after these, in the order in which the relations were made; so an empty list restores that order. 422 <c>no-relation</c>: somebody named is
    /// not a giver.
    /// </summary>
    [PersonIdText]
    public required IReadOnlyList<string> Order { get; init; }
}

/// <summary>The order in which relatives' money is drawn for a person's payments.</summary>
public sealed record RelativesOrderAnswer
{
    /// <summary>The person whose payments they are (psn_no).</summary>
    [PersonIdText]
    public required string Person { get; init; }

    /// <summary>All givers of relations to the person (psn_no). First their quotas are drawn in this order, then their personal accounts.</summary>
    [PersonIdText]
    public required IReadOnlyList<string> Order { get; init; }
}
