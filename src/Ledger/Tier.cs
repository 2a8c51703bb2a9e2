namespace Gongji.Ledger;

/// <summary>How far money moves; always distinguished in rules, figures and reports.</summary>
public enum Tier : short
{
    /// <summary>同一统筹区内: both persons are insured in one pooling region.</summary>
    SameRegion = 1,

    /// <summary>省内跨统筹区: two regions of one province.</summary>
    InProvince = 2,

    /// <summary>跨省: two provinces.</summary>
    CrossProvince = 3,
}

/// <summary>The tier between two regions, and its name in the contract.</summary>
public static class Tiers
{
    public static Tier Between(RegionCode from, RegionCode to) =>
        from == to ? Tier.SameRegion : from.Province == to.Province ? Tier.InProvince : Tier.CrossProvince;

    public static string ToText(Tier tier) => tier switch
    {
        Tier.SameRegion => "same-region",
        Tier.InProvince => "in-province",
        Tier.CrossProvince => "cross-province",
        _ => throw new ArgumentOutOfRangeException(nameof(tier), tier, "Unknown tier."),
    };
}

/// <summary>The tiers a region is live for; regions go live one by one.</summary>
[Flags]
public enum LiveTiers : short
{
    None = 0,
    SameRegion = 1 << Tier.SameRegion,
    InProvince = 1 << Tier.InProvince,
    CrossProvince = 1 << Tier.CrossProvince,
    All = SameRegion | InProvince | CrossProvince,
}
