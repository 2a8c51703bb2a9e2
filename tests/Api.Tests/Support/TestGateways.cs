using System.Security.Cryptography;
using Gongji.Api.Signing;
using Gongji.Client;

namespace Gongji.Api.Tests.Support;

/// <summary>A gateway of the tests: its key, and what the server knows about it.</summary>
internal sealed record TestGateway(GatewayKey Key, Gateway Gateway);

/// <summary>Gateways with several roles and provinces.</summary>
internal static class TestGateways
{
    /// <summary>May do everything everywhere.</summary>
    public static TestGateway Nation { get; } = Hmac("nation", GatewayRoles.All, ProvinceSet.Nation);

    /// <summary>The same, with a key pair.</summary>
    public static TestGateway NationByKeyPair { get; } = Ecdsa("nation-key-pair", GatewayRoles.All, ProvinceSet.Nation);

    /// <summary>Acts for people of Suzhou and Nanjing.</summary>
    public static TestGateway Jiangsu { get; } = Hmac("jiangsu", GatewayRoles.Gateway, default(ProvinceSet).With(32));

    /// <summary>Acts for people of Zhengzhou.</summary>
    public static TestGateway Henan { get; } = Hmac("henan", GatewayRoles.Gateway, default(ProvinceSet).With(41));

    /// <summary>Acts for people of a province in which nobody is insured.</summary>
    public static TestGateway Hunan { get; } = Hmac("hunan", GatewayRoles.Gateway, default(ProvinceSet).With(43));

    /// <summary>Sets rules in Jiangsu.</summary>
    public static TestGateway JiangsuOperator { get; } = Hmac("jiangsu-operator", GatewayRoles.Operator, default(ProvinceSet).With(32));

    public static TestGateway NationalGateway { get; } = Hmac("national-gateway", GatewayRoles.Gateway, ProvinceSet.Nation);

    public static TestGateway NationalOperator { get; } = Hmac("national-operator", GatewayRoles.Operator, ProvinceSet.Nation);

    public static TestGateway NationalAuditor { get; } = Hmac("national-auditor", GatewayRoles.Auditor, ProvinceSet.Nation);

    public static IReadOnlyList<TestGateway> All { get; } =
        [Nation, NationByKeyPair, Jiangsu, Henan, Hunan, JiangsuOperator, NationalGateway, NationalOperator, NationalAuditor];

    /// <summary>The gateway that has a single role, everywhere.</summary>
    public static TestGateway Of(GatewayRoles role) => role switch
    {
        GatewayRoles.Gateway => NationalGateway,
        GatewayRoles.Operator => NationalOperator,
        _ => NationalAuditor,
    };

    private static TestGateway Hmac(string keyId, GatewayRoles roles, ProvinceSet provinces)
    {
        byte[] secret = RandomNumberGenerator.GetBytes(GatewayKey.SecretBytesMin);
        return new TestGateway(GatewayKey.Hmac(keyId, secret), Gateway.Hmac(new CallerScope(keyId, roles, provinces), secret));
    }

    private static TestGateway Ecdsa(string keyId, GatewayRoles roles, ProvinceSet provinces)
    {
        using ECDsa pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new TestGateway(
            GatewayKey.Ecdsa(keyId, pair.ExportPkcs8PrivateKeyPem()),
            Gateway.Ecdsa(new CallerScope(keyId, roles, provinces), pair.ExportSubjectPublicKeyInfoPem())!);
    }
}
