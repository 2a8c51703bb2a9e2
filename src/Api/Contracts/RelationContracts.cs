using System.Text.Json.Serialization;
using Gongji.Ledger;

namespace Gongji.Api.Contracts;

/// <summary>Proposes a mutual-aid relation (共济关系), or changes its quota.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RelationRequest
{
    /// <summary>What the recipient is to the giver.</summary>
    [KinshipWords]
    public required string Kinship { get; init; }

    /// <summary>共济额度: earmarked in the giver's account for this recipient, in all, in fen; none or as it is when left out. Never below what was used.</summary>
    [Between(0, Limits.AmountFenMax)]
    public long? QuotaFen { get; init; }
}

/// <summary>A mutual-aid relation.</summary>
public sealed record RelationAnswer
{
    /// <summary>Whose money it is.</summary>
    [PersonIdText]
    public required string Giver { get; init; }

    /// <summary>Who may draw it.</summary>
    [PersonIdText]
    public required string Recipient { get; init; }

    /// <summary>What the recipient is to the giver; null when there is no relation any more.</summary>
    [KinshipWords]
    public required string? Kinship { get; init; }

    /// <summary>proposed until the recipient consents.</summary>
    [Words("proposed", "consented", "dissolved")]
    public required string Status { get; init; }

    /// <summary>The quota in all, in fen.</summary>
    public required long QuotaFen { get; init; }

    /// <summary>What of it was drawn, or is set aside for a draw, in fen.</summary>
    public required long UsedFen { get; init; }

    /// <summary>What is left of it, in fen.</summary>
    public required long LeftFen { get; init; }
}

/// <summary>The relations of one person.</summary>
public sealed record RelationsAnswer
{
    /// <summary>Whose.</summary>
    [PersonIdText]
    public required string Person { get; init; }

    /// <summary>Those the person gives, then those they receive from, each in the order in which they were made.</summary>
    public required IReadOnlyList<RelationAnswer> Relations { get; init; }
}

/// <summary>Says in which order relatives' money is drawn for a person's payments.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RelativesOrderRequest
{
    /// <summary>
    /// Givers of relations to the person, each once; also those whose relation waits for consent. Whoever is not named follows in the order in which
    /// the relations were made; so an empty list goes back to that.
    /// </summary>
    [PersonIdText]
    public required IReadOnlyList<string> Order { get; init; }
}

/// <summary>In which order relatives' money is drawn.</summary>
public sealed record RelativesOrderAnswer
{
    /// <summary>Whose payments.</summary>
    [PersonIdText]
    public required string Person { get; init; }

    /// <summary>All givers of relations to the person: their quotas are drawn in this order, then their personal accounts.</summary>
    [PersonIdText]
    public required IReadOnlyList<string> Order { get; init; }
}
