using System.Security.Cryptography;

namespace Gongji.Client;

/// <summary>The field <c>Content-Digest</c> (RFC 9530): digests of the body as it is sent.</summary>
public static class ContentDigests
{
    public const string Field = "Content-Digest";
    public const string Sha256 = "sha-256";
    public const string Sha512 = "sha-512";

    /// <summary>The field for a body in memory.</summary>
    public static string Of(ReadOnlySpan<byte> body)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, hash);
        return Write(hash);
    }

    /// <summary>The field for a body that is read to its end.</summary>
    public static async Task<string> OfAsync(Stream body, CancellationToken cancellationToken)
    {
        byte[] hash = await SHA256.HashDataAsync(body, cancellationToken);
        return Write(hash);
    }

    private static string Write(ReadOnlySpan<byte> hash) => $"{Sha256}=:{Convert.ToBase64String(hash)}:";
}
