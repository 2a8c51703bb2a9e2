using System.Security.Cryptography;

namespace Gongji.Ledger;

/// <summary>Ids of what has no id of its own: version 8 UUIDs (RFC 9562), named by what they stand for, so that naming needs no randomness.</summary>
public static class NamedIds
{
    /// <summary>
    /// Whether an id may be one of these. No caller may choose such a one: whoever knows the name can work it out, and a command that has the id of a place, or of an attempt at a payment,
    /// stands in the way of whatever is to be written under it.
    /// </summary>
    public static bool MayBe(Guid id) => id.Version == 8;

    /// <summary>The id of a name: the same name, the same id.</summary>
    public static Guid Of(ReadOnlySpan<byte> name)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(name, hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
