using System.Collections.Concurrent;
using System.Security.Cryptography;
using Gongji.Client;

namespace Gongji.Api.Signing;

/// <summary>A key that calls are signed with, as the server knows it: it can check signatures, and says who the caller is.</summary>
internal sealed class Gateway
{
    /// <summary>The length of an ECDSA signature on P-256, in bytes: r and s (RFC 9421, 3.3.4).</summary>
    private const int EcdsaBytes = 64;

    private readonly byte[]? _secret;
    private readonly ECParameters _publicKey;

    /// <summary>An ECDsa object is for one caller at a time, and dear to make.</summary>
    private readonly ConcurrentBag<ECDsa> _idle = [];

    private Gateway(CallerScope scope, byte[]? secret, ECParameters publicKey) => (Scope, _secret, _publicKey) = (scope, secret, publicKey);

    public CallerScope Scope { get; }

    public string KeyId => Scope.KeyId;

    public SignatureAlgorithm Algorithm => _secret is not null ? SignatureAlgorithm.HmacSha256 : SignatureAlgorithm.EcdsaP256Sha256;

    public static Gateway Hmac(CallerScope scope, byte[] secret) => new(scope, secret, default);

    /// <summary>Of a public key on P-256 as PEM; null when it is not one.</summary>
    public static Gateway? Ecdsa(CallerScope scope, string pem)
    {
        using ECDsa key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            return key.KeySize == 256 ? new Gateway(scope, null, key.ExportParameters(includePrivateParameters: false)) : null;
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException)
        {
            return null;
        }
    }

    /// <summary>Whether a signature is this key's. Takes as long for a wrong one as for the right one.</summary>
    public bool IsSignedBy(ReadOnlySpan<byte> signatureBase, ReadOnlySpan<byte> signature)
    {
        if (_secret is null)
        {
            return signature.Length == EcdsaBytes && VerifyEcdsa(signatureBase, signature);
        }

        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_secret, signatureBase, expected);
        return CryptographicOperations.FixedTimeEquals(expected, signature);
    }

    private bool VerifyEcdsa(ReadOnlySpan<byte> signatureBase, ReadOnlySpan<byte> signature)
    {
        if (!_idle.TryTake(out ECDsa? key))
        {
            key = ECDsa.Create(_publicKey);
        }

        try
        {
            return key.VerifyData(signatureBase, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        finally
        {
            _idle.Add(key);
        }
    }
}
