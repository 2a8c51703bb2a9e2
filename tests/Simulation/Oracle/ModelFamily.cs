using System.Collections.Immutable;

namespace Gongji.Simulation.Oracle;

/// <summary>The relations and contributions of an account after one of its entries, as the model folds them.</summary>
internal sealed record ModelFamily
{
    /// <summary>No relations and no contributions.</summary>
    public static ModelFamily None { get; } = new();

    /// <summary>Relations given, by recipient.</summary>
    public ImmutableDictionary<string, ModelRelation> Given { get; init; } = ImmutableDictionary<string, ModelRelation>.Empty;

    /// <summary>The givers whose recipient the person is, in the order in which the relations were made.</summary>
    public ImmutableList<string> Givers { get; init; } = [];

    /// <summary>Givers whom the person wants to draw on before the others.</summary>
    public ImmutableList<string> First { get; init; } = [];

    /// <summary>Givers in the order in which their money is drawn.</summary>
    public ImmutableList<string> InOrder => First.AddRange(Givers.Where(giver => !First.Contains(giver)));

    /// <summary>The operations that paid contributions.</summary>
    public ImmutableDictionary<ContributionYear, Guid> Contributions { get; init; } = ImmutableDictionary<ContributionYear, Guid>.Empty;

    public long EarmarkedFen => Given.IsEmpty ? 0 : Given.Values.Sum(relation => relation.LeftFen);

    /// <summary>This family with more of a quota used.</summary>
    public ModelFamily Use(string recipient, long fen) => fen != 0 && Given.TryGetValue(recipient, out ModelRelation? relation)
        ? this with { Given = Given.SetItem(recipient, relation with { UsedFen = relation.UsedFen + fen }) }
        : this;
}

/// <summary>A relation as the giver's account has it; <c>Since</c> is the version that first proposed it.</summary>
internal sealed record ModelRelation(Kinship Kinship, bool IsConsented, long GrantedFen, long UsedFen, long Since)
{
    public long LeftFen => GrantedFen - UsedFen;
}
