using System.Collections.Immutable;

namespace Gongji.Simulation.Oracle;

/// <summary>The relations and contributions of an account after one of its entries, as the model folds them.</summary>
internal sealed record ModelFamily
{
    /// <summary>Of nobody.</summary>
    public static ModelFamily None { get; } = new();

    /// <summary>Relations given, by recipient.</summary>
    public ImmutableDictionary<string, ModelRelation> Given { get; init; } = ImmutableDictionary<string, ModelRelation>.Empty;

    /// <summary>Whose recipient the person is, in order.</summary>
    public ImmutableList<string> Givers { get; init; } = [];

    /// <summary>Givers whom the person wants to be drawn on before the others.</summary>
    public ImmutableList<string> First { get; init; } = [];

    /// <summary>Givers in the order in which their money is drawn.</summary>
    public ImmutableList<string> InOrder => First.AddRange(Givers.Where(giver => !First.Contains(giver)));

    /// <summary>What paid contributions.</summary>
    public ImmutableDictionary<ContributionYear, Guid> Contributions { get; init; } = ImmutableDictionary<ContributionYear, Guid>.Empty;

    public long EarmarkedFen => Given.Values.Sum(relation => relation.LeftFen);

    /// <summary>With so much more of a quota used.</summary>
    public ModelFamily Use(string recipient, long fen) => fen != 0 && Given.TryGetValue(recipient, out ModelRelation? relation)
        ? this with { Given = Given.SetItem(recipient, relation with { UsedFen = relation.UsedFen + fen }) }
        : this;
}

/// <summary>A relation as its giver's account has it, since the version that first proposed it.</summary>
internal sealed record ModelRelation(Kinship Kinship, bool IsConsented, long GrantedFen, long UsedFen, long Since)
{
    public long LeftFen => GrantedFen - UsedFen;
}
