namespace Gongji.Api.Signing;

/// <summary>Who may make a call, as declared by its endpoint; the gate enforces it. An endpoint without a rule answers nobody.</summary>
internal sealed record CallRule
{
    /// <summary>Anybody may call, unsigned: pages, health, the description of the API.</summary>
    public static CallRule Open { get; } = new() { IsOpen = true };

    /// <summary>For callers that act for people.</summary>
    public static CallRule Gateway { get; } = new() { Roles = GatewayRoles.Gateway };

    /// <summary>For callers that read people's data.</summary>
    public static CallRule PersonReader { get; } = new() { Roles = GatewayRoles.Gateway | GatewayRoles.Operator };

    /// <summary>For callers that read figures of regions.</summary>
    public static CallRule Reader { get; } = new() { Roles = GatewayRoles.All };

    /// <summary>For callers that act for a region or province which is a party.</summary>
    public static CallRule Party { get; } = new() { Roles = GatewayRoles.Gateway | GatewayRoles.Operator };

    /// <summary>For callers that set rules.</summary>
    public static CallRule Operator { get; } = new() { Roles = GatewayRoles.Operator };

    /// <summary>For callers that have the ledger audited.</summary>
    public static CallRule Auditor { get; } = new() { Roles = GatewayRoles.Auditor };

    public bool IsOpen { get; private init; }

    /// <summary>The caller needs one of these roles.</summary>
    public GatewayRoles Roles { get; private init; }

    /// <summary>The route parameters that name persons, at least one of whom must be insured in the caller's provinces.</summary>
    public IReadOnlyList<string> Persons { get; private init; } = [];

    /// <summary>The route parameter that names a region, which must be in the caller's provinces; null for none.</summary>
    public string? Region { get; private init; }

    /// <summary>Whether only a caller for the whole nation may make the call.</summary>
    public bool IsNational { get; private init; }

    /// <summary>Whether the body may be longer than the server keeps in memory.</summary>
    public bool IsUpload { get; private init; }

    /// <summary>The same rule, for at least one of the persons that these route parameters name.</summary>
    public CallRule ForPerson(params string[] parts) => this with { Persons = parts };

    /// <summary>The same rule, in the region that this route parameter names.</summary>
    public CallRule InRegion(string part) => this with { Region = part };

    /// <summary>The same rule, for callers of the whole nation only.</summary>
    public CallRule Nationally() => this with { IsNational = true };

    /// <summary>The same rule, with a body of any length.</summary>
    public CallRule WithUpload() => this with { IsUpload = true };
}
