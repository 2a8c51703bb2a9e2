using Gongji.Api.Signing;
using Gongji.Api.Tests.Support;
using Gongji.Client;

namespace Gongji.Api.Tests.Signing;

/// <summary>The file of keys: errors name the entry and field, and never a secret.</summary>
public sealed class GatewayFileTests
{
    private const string Secret = "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2U=";

    private const string PublicKey = "-----BEGIN PUBLIC KEY-----\\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqIVYZVLCrPZHGHjP17CTW0/+D9Lf\\nw0EkjqF7xB4FivAxzic30tMM4GF+hR6Dxh71Z50VGGdldkkDXZCnTNnoXQ==\\n-----END PUBLIC KEY-----";

    [Fact]
    public void File_of_both_kinds_of_keys_is_read()
    {
        IReadOnlyList<Gateway> gateways = Read($$"""
            {"gateways": [
              {"keyId": "jiangsu-1", "alg": "hmac-sha256", "secret": "{{Secret}}", "roles": ["gateway", "operator"], "provinces": ["32", "33"]},
              {"keyId": "nhsa", "alg": "ecdsa-p256-sha256", "publicKey": "{{PublicKey}}", "roles": ["auditor"], "provinces": ["all"]}
            ]}
            """);

        Assert.Equal(("jiangsu-1", SignatureAlgorithm.HmacSha256, GatewayRoles.Gateway | GatewayRoles.Operator, "32, 33"), TermsOf(gateways[0]));
        Assert.Equal(("nhsa", SignatureAlgorithm.EcdsaP256Sha256, GatewayRoles.Auditor, "all"), TermsOf(gateways[1]));
        Assert.True(gateways[0].Scope.Provinces.HasCode("320500") && gateways[0].Scope.Provinces.HasCode("33"));
        Assert.False(gateways[0].Scope.Provinces.HasCode("410100") || gateways[0].Scope.Provinces.HasCode("x") || gateways[0].Scope.Provinces.Has(100));

        static (string KeyId, SignatureAlgorithm Algorithm, GatewayRoles Roles, string Provinces) TermsOf(Gateway gateway) =>
            (gateway.KeyId, gateway.Algorithm, gateway.Scope.Roles, gateway.Scope.Provinces.ToString());
    }

    [Theory]
    [InlineData("not JSON at line 1", "{")]
    [InlineData("list of at least one", "[]")]
    [InlineData("list of at least one", """{"gateways":[]}""")]
    [InlineData("entry 1 must be an object", """{"gateways":[1]}""")]
    [InlineData("entry 1: keyId", """{"gateways":[{}]}""")]
    [InlineData("entry 1: keyId", """{"gateways":[{"keyId":"a/b"}]}""")]
    [InlineData("(keyId a): secrets is not a field", """{"gateways":[{"keyId":"a","secrets":""}]}""")]
    [InlineData("(keyId a): roles", """{"gateways":[{"keyId":"a"}]}""")]
    [InlineData("(keyId a): roles", """{"gateways":[{"keyId":"a","roles":["king"]}]}""")]
    [InlineData("(keyId a): provinces", """{"gateways":[{"keyId":"a","roles":["gateway"]}]}""")]
    [InlineData("(keyId a): provinces", """{"gateways":[{"keyId":"a","roles":["gateway"],"provinces":["all","32"]}]}""")]
    [InlineData("(keyId a): provinces", """{"gateways":[{"keyId":"a","roles":["gateway"],"provinces":["3200"]}]}""")]
    [InlineData("(keyId a): alg", """{"gateways":[{"keyId":"a","roles":["gateway"],"provinces":["32"]}]}""")]
    [InlineData("openssl rand", """{"gateways":[{"keyId":"a","roles":["gateway"],"provinces":["32"],"alg":"hmac-sha256"}]}""")]
    [InlineData("openssl rand", """{"gateways":[{"keyId":"a","roles":["gateway"],"provinces":["32"],"alg":"hmac-sha256","secret":"c2hvcnQ="}]}""")]
    [InlineData("openssl ec", """{"gateways":[{"keyId":"a","roles":["gateway"],"provinces":["32"],"alg":"ecdsa-p256-sha256","publicKey":"x"}]}""")]
    [InlineData("entry 2: keyId a is there twice", """{"gateways":[{"keyId":"a","roles":["gateway"],"provinces":["32"],"alg":"hmac-sha256","secret":"SECRET"},{"keyId":"a","roles":["gateway"],"provinces":["32"],"alg":"hmac-sha256","secret":"SECRET"}]}""")]
    public void File_that_is_wrong_is_refused_by_entry_and_field(string says, string json)
    {
        FormatException refused = Assert.Throws<FormatException>(() => Read(json.Replace("SECRET", Secret, StringComparison.Ordinal)));

        Assert.StartsWith("--gateways ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("c2hvcnQ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_development_key_is_refused_with_what_to_do()
    {
        using TemporaryDirectory data = new();
        DevelopmentGateway made = DevelopmentGateway.OpenOrCreate(data.FullName);
        Assert.Equal(made.Secret, DevelopmentGateway.OpenOrCreate(data.FullName).Secret);
        Assert.Equal([made.File], Directory.GetFiles(data.FullName));

        File.WriteAllText(made.File, """{"secret":"x"}""");

        Assert.Contains("delete it", Assert.Throws<IOException>(() => DevelopmentGateway.OpenOrCreate(data.FullName)).Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<Gateway> Read(string json)
    {
        using TemporaryDirectory folder = new();
        string file = Path.Combine(folder.FullName, "gateways.json");
        File.WriteAllText(file, json);
        return GatewayFile.Read(file);
    }
}
