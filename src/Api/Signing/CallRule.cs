namespace Gongji.Api.Signing;

/// <summary>Who may make a call, as its endpoint declares it; the gate sees to it. An endpoint without one answers nobody.</summary>
internal sealed record CallRule
{
    /// <summary>Anybody, unsigned: pages, health, the description of the API.</summary>
    public static CallRule Open { get; } = new() { IsOpen = true };

    /// <summary>Acts for people.</summary>
    public static CallRule Gateway { get; } = new() { Roles = GatewayRoles.Gateway };

    /// <summary>Reads what people have.</summary>
    public static CallRule PersonReader { get; } = new() { Roles = GatewayRoles.Gateway | GatewayRoles.Operator };

    /// <summary>Reads figures of regions.</summary>
    public static CallRule Reader { get; } = new() { Roles = GatewayRoles.All };

    /// <summary>Acts for a region or province that is a party.</summary>
    public static CallRule Party { get; } = new() { Roles = GatewayRoles.Gateway | GatewayRoles.Operator };

    /// <summary>Sets rules.</summary>
    public static CallRule Operator { get; } = new() { Roles = GatewayRoles.Operator };

    /// <summary>Has the ledger audited.</summary>
    public static CallRule Auditor { get; } = new() { Roles = GatewayRoles.Auditor };

    public bool IsOpen { get; private init; }

    /// <summary>One of these is needed.</summary>
    public GatewayRoles Roles { get; private init; }

    /// <summary>Parts of the path that name persons, one of whom must be insured in the caller's provinces.</summary>
    public IReadOnlyList<string> Persons { get; private init; } = [];

    /// <summary>The part of the path that names a region, which must be in the caller's provinces; null for none.</summary>
    public string? Region { get; private init; }

    /// <summary>Whether only a caller of the whole nation may.</summary>
    public bool IsNational { get; private init; }

    /// <summary>Whether the body may be longer than what is kept in memory.</summary>
    public bool IsUpload { get; private init; }

    /// <summary>For one of the persons that these parts of the path name.</summary>
    public CallRule ForPerson(params string[] parts) => this with { Persons = parts };

    /// <summary>In the region that this part of the path names.</summary>
    public CallRule InRegion(string part) => this with { Region = part };

    /// <summary>For the whole nation.</summary>
    public CallRule Nationally() => this with { IsNational = true };

    /// <summary>With a body of any length.</summary>
    public CallRule WithUpload() => this with { IsUpload = true };
}
