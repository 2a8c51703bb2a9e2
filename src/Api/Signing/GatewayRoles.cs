namespace Gongji.Api.Signing;

/// <summary>What a gateway may do at all; where it may do it is its <see cref="ProvinceSet"/>.</summary>
[Flags]
internal enum GatewayRoles
{
    None = 0,

    /// <summary>Acts for people.</summary>
    Gateway = 1,

    /// <summary>Sets rules and prepayments of regions, closes days.</summary>
    Operator = 2,

    /// <summary>Has the ledger audited.</summary>
    Auditor = 4,

    All = Gateway | Operator | Auditor,
}
