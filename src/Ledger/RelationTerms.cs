using System.Text.Json.Serialization;

namespace Gongji.Ledger;

/// <summary>Of <see cref="EntryKind.RelationProposed"/>, <see cref="EntryKind.RelationConsented"/> and <see cref="EntryKind.QuotaChanged"/>: a relation (共济关系) as the giver's account has it from now on.</summary>
/// <param name="Recipient">The recipient.</param>
/// <param name="Kinship">What the recipient is to the giver.</param>
/// <param name="GrantedFen">The whole quota (共济额度) granted, in fen; how much of it was used is known from draws.</param>
public sealed record RelationTerms(
    [property: JsonPropertyName("to")] string Recipient,
    [property: JsonPropertyName("kin")] Kinship Kinship,
    [property: JsonPropertyName("fen")] long GrantedFen) : EntryDetail;

/// <summary>Of <see cref="EntryKind.RelationDissolved"/>: the relation that has ended.</summary>
/// <param name="Recipient">Its recipient.</param>
public sealed record DissolvedTerms([property: JsonPropertyName("to")] string Recipient) : EntryDetail;

/// <summary>Of <see cref="EntryKind.RelationJoined"/> and <see cref="EntryKind.RelationLeft"/>: the giver.</summary>
/// <param name="Giver">The giver whose money may be drawn, or may no longer be drawn.</param>
public sealed record GiverTerms([property: JsonPropertyName("giver")] string Giver) : EntryDetail;

/// <summary>Of <see cref="EntryKind.RelativesOrdered"/>: whose money is drawn first, as the recipient wants it.</summary>
/// <param name="First">Givers, in this order; those who are not named follow in the order in which the relations were made.</param>
public sealed record RelativesOrder([property: JsonPropertyName("first")] IReadOnlyList<string> First) : EntryDetail;

/// <summary>A relation as its giver's account has it. That account has the money, so it decides.</summary>
/// <param name="Recipient">The recipient.</param>
/// <param name="Kinship">What the recipient is to the giver.</param>
/// <param name="IsConsented">Whether the recipient has consented; nothing is drawn before that.</param>
/// <param name="GrantedFen">The whole quota granted, in fen.</param>
/// <param name="UsedFen">What was drawn of it, or is set aside for a draw, in fen.</param>
/// <param name="Since">The version of the entry that first proposed it. An earlier relation between the same two persons is a different one.</param>
public sealed record GivenRelation(string Recipient, Kinship Kinship, bool IsConsented, long GrantedFen, long UsedFen, long Since)
{
    /// <summary>What is still earmarked, in fen: the giver cannot spend it as long as it is.</summary>
    [JsonIgnore]
    public long LeftFen => checked(GrantedFen - UsedFen);
}
