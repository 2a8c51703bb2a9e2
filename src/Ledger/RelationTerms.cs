using System.Text.Json.Serialization;

namespace Gongji.Ledger;

/// <summary>Of <see cref="EntryKind.RelationProposed"/>, <see cref="EntryKind.RelationConsented"/> and <see cref="EntryKind.QuotaChanged"/>: a relation (共济关系) as the giver's account has it from now on.</summary>
/// <param name="Recipient">To whom.</param>
/// <param name="Kinship">What the recipient is to the giver.</param>
/// <param name="GrantedFen">The quota (共济额度) granted in all, in fen; what was used of it is known from draws.</param>
public sealed record RelationTerms(
    [property: JsonPropertyName("to")] string Recipient,
    [property: JsonPropertyName("kin")] Kinship Kinship,
    [property: JsonPropertyName("fen")] long GrantedFen) : EntryDetail;

/// <summary>Of <see cref="EntryKind.RelationDissolved"/>: the relation that is no more.</summary>
/// <param name="Recipient">To whom it was.</param>
public sealed record DissolvedTerms([property: JsonPropertyName("to")] string Recipient) : EntryDetail;

/// <summary>Of <see cref="EntryKind.RelationJoined"/> and <see cref="EntryKind.RelationLeft"/>: the giver.</summary>
/// <param name="Giver">Whose money may be drawn, or may no longer.</param>
public sealed record GiverTerms([property: JsonPropertyName("giver")] string Giver) : EntryDetail;

/// <summary>Of <see cref="EntryKind.RelativesOrdered"/>: whose money is drawn first, as the recipient wants it.</summary>
/// <param name="First">Givers in this order; those who are not named follow in the order in which the relations were made.</param>
public sealed record RelativesOrder([property: JsonPropertyName("first")] IReadOnlyList<string> First) : EntryDetail;

/// <summary>A relation as its giver's account has it: the account that the money is on decides.</summary>
/// <param name="Recipient">To whom.</param>
/// <param name="Kinship">What the recipient is to the giver.</param>
/// <param name="IsConsented">Whether the recipient has consented: only then is anything drawn.</param>
/// <param name="GrantedFen">The quota granted in all, in fen.</param>
/// <param name="UsedFen">What was drawn of it, or is set aside for a draw, in fen.</param>
/// <param name="Since">The version of the entry that first proposed it: what the same two had before is another relation.</param>
public sealed record GivenRelation(string Recipient, Kinship Kinship, bool IsConsented, long GrantedFen, long UsedFen, long Since)
{
    /// <summary>What is earmarked, in fen: the giver cannot spend it meanwhile.</summary>
    [JsonIgnore]
    public long LeftFen => checked(GrantedFen - UsedFen);
}
