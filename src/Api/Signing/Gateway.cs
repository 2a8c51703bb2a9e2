using System.Collections.Concurrent;
using System.Security.Cryptography;
using Gongji.Client;

namespace Gongji.Api.Signing;

/// <summary>A key that calls are signed with, as the server knows it: it verifies signatures and identifies the caller.</summary>
internal sealed class Gateway
{
    /// <summary>The length of an ECDSA signature on P-256, in bytes: r and s (RFC 9421, 3.3.4).</summary>
    private const int EcdsaBytes = 64;

    private readonly byte[]? _secret;
    private readonly ECParameters _publicKey;

    /// <summary>A pool: an ECDsa object serves one caller at a time, and is expensive to create.</summary>
    private readonly ConcurrentBag<ECDsa> _idle = [];

    private Gateway(CallerScope scope, byte[]? secret, ECParameters publicKey) => (Scope, _secret, _publicKey) = (scope, secret, publicKey);

    public CallerScope Scope { get; }

    public string KeyId => Scope.KeyId;

    public SignatureAlgorithm Algorithm => _secret is not null ? SignatureAlgorithm.HmacSha256 : SignatureAlgorithm.EcdsaP256Sha256;

    public static Gateway Hmac(CallerScope scope, byte[] secret) => new(scope, secret, default);

    /// <summary>Creates a gateway from a P-256 public key in PEM; null when it is not one.</summary>
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

    /// <summary>Whether a signature was made with this key. Takes the same time for a wrong signature as for a right one.</summary>
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
