namespace Gongji.Api.Signing;

/// <summary>What a gateway may do; its <see cref="ProvinceSet"/> says where it may do it.</summary>
[Flags]
internal enum GatewayRoles
{
    None = 0,

    /// <summary>Acts for people.</summary>
    Gateway = 1,

    /// <summary>Sets rules and prepayments of regions, and closes days.</summary>
    Operator = 2,

    /// <summary>Has the ledger audited.</summary>
    Auditor = 4,

    All = Gateway | Operator | Auditor,
}
