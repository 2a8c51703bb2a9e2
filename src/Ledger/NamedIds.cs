using System.Security.Cryptography;

namespace Gongji.Ledger;

/// <summary>Ids for things that have no id of their own: version 8 UUIDs (RFC 9562) derived from a name, so that naming needs no randomness.</summary>
public static class NamedIds
{
    /// <summary>
    /// Whether an id may be one of these. Callers may not choose such an id: anybody who knows the name can compute it, and a command with the id of a place, or of an attempt at
    /// a payment, would block what is to be written under that id.
    /// </summary>
    public static bool MayBe(Guid id) => id.Version == 8;

    /// <summary>The id for a name. The same name always gives the same id.</summary>
    public static Guid Of(ReadOnlySpan<byte> name)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(name, hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
