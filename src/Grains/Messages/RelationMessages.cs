using Gongji.Ledger;

namespace Gongji.Grains.Messages;

/// <summary>Proposes a relation or changes its quota. The quota is in fen; null means none, or no change.</summary>
[GenerateSerializer, Immutable, Alias("gongji.put-relation")]
public sealed record PutRelation([property: Id(0)] string Recipient, [property: Id(1)] Kinship Kinship, [property: Id(2)] long? QuotaFen);

/// <summary>A mutual-aid relation as its giver's account durably has it; amounts in fen.</summary>
[GenerateSerializer, Immutable, Alias("gongji.relation-view")]
public sealed record RelationView(
    [property: Id(0)] string Giver,
    [property: Id(1)] string Recipient,
    [property: Id(2)] Kinship? Kinship,
    [property: Id(3)] RelationStatus Status,
    [property: Id(4)] long GrantedFen,
    [property: Id(5)] long UsedFen)
{
    /// <summary>The version of the entry of the giver's account that first proposed it; 0 when there is none.</summary>
    [Id(6)]
    public long Since { get; init; }

    internal static RelationView Of(string giver, GivenRelation relation) => new(
        giver,
        relation.Recipient,
        relation.Kinship,
        relation.IsConsented ? RelationStatus.Consented : RelationStatus.Proposed,
        relation.GrantedFen,
        relation.UsedFen)
    {
        Since = relation.Since,
    };

    internal static RelationView Dissolved(string giver, string recipient) => new(giver, recipient, null, RelationStatus.Dissolved, 0, 0);
}

/// <summary>Where a relation stands.</summary>
[GenerateSerializer, Alias("gongji.relation-status")]
public enum RelationStatus
{
    Proposed,
    Consented,
    Dissolved,
}

/// <summary>The relations of one person, those they give and those they receive, in the order in which they were made.</summary>
[GenerateSerializer, Immutable, Alias("gongji.relations-view")]
public sealed record RelationsView([property: Id(0)] string Person, [property: Id(1)] RelationView[] Relations, [property: Id(2)] string[] Givers);

/// <summary>
/// Sets whose money is drawn first; when nobody is named, the order in which the relations were made. (It is a message type, not an array: Orleans gives each grain reference
/// whose methods have mutable parameters a copier for them, and makes it again for every reference.)
/// </summary>
[GenerateSerializer, Immutable, Alias("gongji.order-relatives")]
public sealed record OrderRelatives([property: Id(0)] string[] First);

/// <summary>Whose money is drawn for a person's payments, in this order.</summary>
[GenerateSerializer, Immutable, Alias("gongji.relatives-order-view")]
public sealed record RelativesOrderView([property: Id(0)] string Person, [property: Id(1)] string[] Order);

/// <summary>What a giver could pay for a recipient at this moment, not guaranteed; amounts in fen.</summary>
[GenerateSerializer, Immutable, Alias("gongji.offer-view")]
public sealed record OfferView(
    [property: Id(0)] string Giver, [property: Id(1)] string Region, [property: Id(2)] long QuotaFen, [property: Id(3)] long PersonalFen)
{
    /// <summary>The giver's account cannot be read at present: what it could pay is unknown.</summary>
    [Id(4)]
    public bool IsUnreadable { get; init; }

    internal static OfferView Of(DrawOffer offer) => new(offer.Giver, offer.Region.ToString(), offer.QuotaFen, offer.PersonalFen);

    internal DrawOffer ToOffer() => new(Giver, RegionCode.Parse(Region), QuotaFen, PersonalFen);

    /// <summary>The view of a giver whose account cannot be read.</summary>
    public static OfferView Unreadable(string giver) => new(giver, "", 0, 0) { IsUnreadable = true };
}
