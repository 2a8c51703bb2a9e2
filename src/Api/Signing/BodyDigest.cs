using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Gongji.Client;

namespace Gongji.Api.Signing;

/// <summary>The digests that a signed request gives for its body: one or both of the known algorithms (RFC 9530). Others are ignored, as the RFC requires.</summary>
/// <param name="Sha256">Null when it was not sent.</param>
/// <param name="Sha512">Null when it was not sent; at least one of the two was.</param>
internal sealed record BodyDigest(byte[]? Sha256, byte[]? Sha512)
{
    /// <summary>Reads the field Content-Digest.</summary>
    public static bool TryParse(string field, [NotNullWhen(true)] out BodyDigest? digest, [NotNullWhen(false)] out string? error)
    {
        digest = null;
        if (!StructuredFields.TryParseDictionary(field, out IReadOnlyList<FieldMember>? members, out error))
        {
            return false;
        }

        (byte[]? sha256, byte[]? sha512) = (Bytes(members, ContentDigests.Sha256), Bytes(members, ContentDigests.Sha512));
        bool fits = (sha256 ?? sha512) is not null && sha256 is null or { Length: SHA256.HashSizeInBytes } && sha512 is null or { Length: SHA512.HashSizeInBytes };
        digest = fits ? new BodyDigest(sha256, sha512) : null;
        error = fits ? null : "it needs sha-256 with 32 bytes, or sha-512 with 64";
        return digest is not null;
    }

    /// <summary>Whether this is the digest of a body in memory.</summary>
    public bool IsOf(in ReadOnlySequence<byte> body)
    {
        using Reckoning reckoning = Begin();
        foreach (ReadOnlyMemory<byte> piece in body)
        {
            reckoning.Add(piece.Span);
        }

        return reckoning.IsRight();
    }

    /// <summary>Starts computing the digest of a body that arrives in pieces.</summary>
    public Reckoning Begin() => new(this);

    private static byte[]? Bytes(IReadOnlyList<FieldMember> members, string name) =>
        members.FirstOrDefault(member => member.Name == name)?.Value as byte[];

    /// <summary>A digest being computed.</summary>
    internal sealed class Reckoning(BodyDigest digest) : IDisposable
    {
        private readonly IncrementalHash? _sha256 = digest.Sha256 is null ? null : IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly IncrementalHash? _sha512 = digest.Sha512 is null ? null : IncrementalHash.CreateHash(HashAlgorithmName.SHA512);

        public void Add(ReadOnlySpan<byte> piece)
        {
            _sha256?.AppendData(piece);
            _sha512?.AppendData(piece);
        }

        /// <summary>Whether the body that was added has the digests that the request gave.</summary>
        public bool IsRight() => Fits(_sha256, digest.Sha256) && Fits(_sha512, digest.Sha512);

        public void Dispose()
        {
            _sha256?.Dispose();
            _sha512?.Dispose();
        }

        private static bool Fits(IncrementalHash? hash, byte[]? said) => hash is null || CryptographicOperations.FixedTimeEquals(hash.GetHashAndReset(), said);
    }
}
