namespace Gongji.Ledger;

/// <summary>What the recipient is to the giver. Near relatives (近亲属) since July 2024.</summary>
public enum Kinship : short
{
    Spouse = 0,
    Parent = 1,
    Child = 2,
    Sibling = 3,
    Grandparent = 4,
    Grandchild = 5,
}

/// <summary>A set of kinships, as a region allows them.</summary>
[Flags]
public enum Kinships : short
{
    None = 0,
    Spouse = 1 << Kinship.Spouse,
    Parent = 1 << Kinship.Parent,
    Child = 1 << Kinship.Child,
    Sibling = 1 << Kinship.Sibling,
    Grandparent = 1 << Kinship.Grandparent,
    Grandchild = 1 << Kinship.Grandchild,

    /// <summary>Spouse, parents and children: the set before July 2024, which a province may keep.</summary>
    Narrow = Spouse | Parent | Child,

    /// <summary>The near relatives of July 2024.</summary>
    Near = Narrow | Sibling | Grandparent | Grandchild,
}

/// <summary>Names of kinships in the contract.</summary>
public static class KinshipNames
{
    private static readonly string[] Singular = ["spouse", "parent", "child", "sibling", "grandparent", "grandchild"];
    private static readonly string[] Plural = ["spouses", "parents", "children", "siblings", "grandparents", "grandchildren"];

    /// <summary>Every name, for messages.</summary>
    public static string All { get; } = string.Join(", ", Singular);

    public static string ToText(Kinship kinship) => Singular[(int)kinship];

    /// <summary>Reads a name; the plural, which the public rules use, means the same.</summary>
    public static bool TryParse(string? text, out Kinship kinship)
    {
        int index = Array.IndexOf(Singular, text);
        index = index >= 0 ? index : Array.IndexOf(Plural, text);
        kinship = (Kinship)Math.Max(index, 0);
        return index >= 0;
    }

    public static bool Has(this Kinships set, Kinship kinship) => ((int)set & (1 << (int)kinship)) != 0;

    /// <summary>The members of a set, in the order of <see cref="Kinship"/>.</summary>
    public static IEnumerable<Kinship> Members(this Kinships set) => Enum.GetValues<Kinship>().Where(kinship => set.Has(kinship));
}
