using System.Security.Cryptography;
using System.Text;

namespace Gongji.Grains;

/// <summary>Which grain remembers a nonce, and in what form.</summary>
public static class GatewayNonces
{
    /// <summary>The number of grains per key, so that one grain does not limit a busy gateway. Fixed while the cluster runs.</summary>
    public const int Shards = 16;

    /// <summary>
    /// What is remembered of a nonce. It has the same length for any nonce, and callers cannot steer it, so nobody can aim at one shard.
    /// </summary>
    public static Guid FingerprintOf(string nonce)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        int length = Encoding.UTF8.GetByteCount(nonce);
        Span<byte> text = length <= 256 ? stackalloc byte[length] : new byte[length];
        Encoding.UTF8.GetBytes(nonce, text);
        SHA256.HashData(text, hash);
        return new Guid(hash[..16], bigEndian: true);
    }

    /// <summary>The grain for a nonce of a key.</summary>
    public static IGatewayNoncesGrain GetNonces(this IGrainFactory grains, string keyId, Guid fingerprint)
    {
        Span<byte> bytes = stackalloc byte[16];
        fingerprint.TryWriteBytes(bytes, bigEndian: true, out _);
        return grains.GetGrain<IGatewayNoncesGrain>(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{keyId}/{bytes[15] % Shards}"));
    }
}
