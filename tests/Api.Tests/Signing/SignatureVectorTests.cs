using System.Security.Cryptography;
using System.Text;
using Gongji.Api.Signing;
using Gongji.Client;

namespace Gongji.Api.Tests.Signing;

/// <summary>The examples of the RFCs themselves.</summary>
public sealed class SignatureVectorTests
{
    /// <summary>RFC 9421, B.1.3.</summary>
    private const string EccPublicKey = """
        -----BEGIN PUBLIC KEY-----
        MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqIVYZVLCrPZHGHjP17CTW0/+D9Lf
        w0EkjqF7xB4FivAxzic30tMM4GF+hR6Dxh71Z50VGGdldkkDXZCnTNnoXQ==
        -----END PUBLIC KEY-----
        """;

    /// <summary>RFC 9421, B.1.3: a published example, not a secret.</summary>
    private const string EccPrivateKey = """
        -----BEGIN EC PRIVATE KEY-----
        MHcCAQEEIFKbhfNZfpDsW43+0+JjUr9K+bTeuxopu653+hBaXGA7oAoGCCqGSM49
        AwEHoUQDQgAEqIVYZVLCrPZHGHjP17CTW0/+D9Lfw0EkjqF7xB4FivAxzic30tMM
        4GF+hR6Dxh71Z50VGGdldkkDXZCnTNnoXQ==
        -----END EC PRIVATE KEY-----
        """;

    /// <summary>RFC 9421, B.1.5: a published example.</summary>
    private const string SharedSecret = "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==";

    [Fact]
    public void Hmac_example_of_rfc_9421_b25_is_signed_as_there()
    {
        const string input = """sig-b25=("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret" """;
        byte[] signed = BaseOf(input, new()
        {
            ["date"] = "Tue, 20 Apr 2021 02:07:55 GMT",
            ["@authority"] = "example.com",
            ["content-type"] = "application/json",
        });

        byte[] secret = Convert.FromBase64String(SharedSecret);
        using GatewayKey key = GatewayKey.Hmac("test-shared-secret", secret);
        byte[] signature = key.Sign(signed);

        Assert.Equal("pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=", Convert.ToBase64String(signature));
        Assert.True(Gateway.Hmac(CallerScope.Unsigned, secret).IsSignedBy(signed, signature));
        signature[^1] ^= 1;
        Assert.False(Gateway.Hmac(CallerScope.Unsigned, secret).IsSignedBy(signed, signature));
    }

    [Fact]
    public void Ecdsa_example_of_rfc_9421_b24_is_verified()
    {
        const string input = """sig-b24=("@status" "content-type" "content-digest" "content-length");created=1618884473;keyid="test-key-ecc-p256" """;
        byte[] signed = BaseOf(input, new()
        {
            ["@status"] = "200",
            ["content-type"] = "application/json",
            ["content-digest"] = "sha-512=:mEWXIS7MaLRuGgxOBdODa3xqM1XdEvxoYhvlCFJ41QJgJc4GTsPp29l5oGX69wWdXymyU0rjJuahq4l5aGgfLQ==:",
            ["content-length"] = "23",
        });
        byte[] signature = Convert.FromBase64String("wNmSUAhwb5LxtOtOpNa6W5xj067m5hFrj0XQ4fvpaCLx0NKocgPquLgyahnzDnDAUy5eCdlYUEkLIj+32oiasw==");
        Gateway gateway = Gateway.Ecdsa(CallerScope.Unsigned, EccPublicKey)!;

        Assert.True(gateway.IsSignedBy(signed, signature));
        using GatewayKey key = GatewayKey.Ecdsa("test-key-ecc-p256", EccPrivateKey);
        Assert.True(gateway.IsSignedBy(signed, key.Sign(signed)));
        Assert.False(gateway.IsSignedBy(signed, signature.AsSpan(0, 63)));
        Assert.False(gateway.IsSignedBy([.. signed, 0], signature));
        Assert.False(gateway.IsSignedBy(signed, new byte[64]));
    }

    [Fact]
    public void Key_that_is_disposed_of_signs_no_more()
    {
        GatewayKey[] keys = [GatewayKey.Hmac("secret", new byte[GatewayKey.SecretBytesMin]), GatewayKey.Ecdsa("pair", EccPrivateKey)];
        foreach (GatewayKey key in keys)
        {
            key.Dispose();
            key.Dispose();

            Assert.Throws<ObjectDisposedException>(() => key.Sign("base"u8));
        }
    }

    [Fact]
    public void Ecdsa_signature_in_the_other_form_is_not_taken()
    {
        using ECDsa pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Gateway gateway = Gateway.Ecdsa(CallerScope.Unsigned, pair.ExportSubjectPublicKeyInfoPem())!;
        byte[] signed = "base"u8.ToArray();

        Assert.True(gateway.IsSignedBy(signed, pair.SignData(signed, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)));
        Assert.False(gateway.IsSignedBy(signed, pair.SignData(signed, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)));
    }

    [Theory]
    [InlineData("nistP384")]
    [InlineData("nistP521")]
    public void Key_on_another_curve_is_not_taken(string curve)
    {
        using ECDsa pair = ECDsa.Create(ECCurve.CreateFromFriendlyName(curve));

        Assert.Null(Gateway.Ecdsa(CallerScope.Unsigned, pair.ExportSubjectPublicKeyInfoPem()));
        Assert.Throws<ArgumentException>(() => GatewayKey.Ecdsa("key", pair.ExportPkcs8PrivateKeyPem()));
        Assert.Throws<ArgumentException>(() => GatewayKey.Ecdsa("key", EccPublicKey));
    }

    /// <summary>The body in RFC 9421, B.2 ends without a line feed, the one in RFC 9530 with one.</summary>
    [Theory]
    [InlineData("{\"hello\": \"world\"}", "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:")]
    [InlineData("{\"hello\": \"world\"}\n", "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:")]
    public void Digest_examples_are_reckoned_as_there(string body, string field)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(body);

        Assert.Equal(field, ContentDigests.Of(bytes));
        Assert.True(BodyDigest.TryParse(field, out BodyDigest? digest, out _));
        Assert.True(digest.IsOf(new(bytes)));
        Assert.False(digest.IsOf(new([.. bytes, 0])));
    }

    [Fact]
    public void Digest_by_the_longer_hash_and_both_together_are_checked()
    {
        const string sha512 = "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:";
        byte[] body = "{\"hello\": \"world\"}"u8.ToArray();

        Assert.True(BodyDigest.TryParse(sha512, out BodyDigest? digest, out _));
        Assert.True(digest.IsOf(new(body)));
        Assert.True(BodyDigest.TryParse($"{sha512}, {ContentDigests.Of("other"u8)}", out digest, out _));
        Assert.False(digest.IsOf(new(body)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("sha-256=abc")]
    [InlineData("sha-256=\"X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=\"")]
    [InlineData("sha-256=:AAAA:")]
    [InlineData("sha-1=:AAAA:")]
    [InlineData("sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:, sha-512=:AAAA:")]
    public void Digest_of_another_form_is_refused(string field)
    {
        Assert.False(BodyDigest.TryParse(field, out _, out string? error));
        Assert.NotEmpty(error);
    }

    private static byte[] BaseOf(string input, Dictionary<string, string> values)
    {
        Assert.True(StructuredFields.TryParseDictionary(input, out IReadOnlyList<FieldMember>? members, out string? error), error);
        byte[]? signed = SignatureBase.Build(members[0], item => values.GetValueOrDefault((string)item.Value), out string? missing);
        Assert.Null(missing);
        return signed!;
    }
}
