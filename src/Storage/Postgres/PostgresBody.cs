using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Gongji.Ledger;

namespace Gongji.Storage;

/// <summary>
/// The part of a row of entries that no query asks for by itself: amounts, balances, the account's name, the detail. One value is cheaper to write than ten. The
/// name is here although the account's number stands for it, so that an entry can be read, and its hash be made, from its row alone.
/// </summary>
internal static class PostgresBody
{
    /// <summary>Amounts, balances, whether there is a detail, the length of the name.</summary>
    public const int FixedLength = AmountsLength * 2 + 1 + sizeof(short);

    /// <summary>Of four pockets.</summary>
    public const int AmountsLength = sizeof(long) * 4;

    private const int HasDetailAt = AmountsLength * 2;
    private const int NameLengthAt = HasDetailAt + 1;

    /// <summary>The stored form is at most so long.</summary>
    public static int LengthMax(in EncodedEntry encoded) => FixedLength + Encoding.UTF8.GetMaxByteCount(encoded.Entry.Account.Length) + (encoded.Detail?.Length ?? 0);

    /// <summary>Writes the stored form.</summary>
    /// <returns>Its length.</returns>
    public static int Write(Span<byte> target, in EncodedEntry encoded)
    {
        (Entry entry, byte[]? detail) = encoded;
        Put(target, entry.Amounts);
        Put(target[AmountsLength..], entry.Balances);
        target[HasDetailAt] = detail is null ? (byte)0 : (byte)1;
        int nameLength = Encoding.UTF8.GetBytes(entry.Account, target[FixedLength..]);
        BinaryPrimitives.WriteInt16BigEndian(target[NameLengthAt..], checked((short)nameLength));
        detail.CopyTo(target[(FixedLength + nameLength)..]);
        return FixedLength + nameLength + (detail?.Length ?? 0);
    }

    /// <summary>The account's name, in UTF-8.</summary>
    /// <exception cref="JsonException">The bytes are not a body: the store was changed from outside.</exception>
    public static ReadOnlySpan<byte> NameIn(ReadOnlySpan<byte> body)
    {
        if (body.Length < FixedLength || BinaryPrimitives.ReadInt16BigEndian(body[NameLengthAt..]) is var length && (length < 0 || length > body.Length - FixedLength) || body[HasDetailAt] > 1)
        {
            throw new JsonException($"{body.Length} bytes are no body of an entry.");
        }

        return body.Slice(FixedLength, length);
    }

    /// <summary>What follows the name; of a body that has no detail, nothing.</summary>
    /// <param name="body">Whose name was read.</param>
    /// <param name="hasDetail">Whether it has a detail.</param>
    public static ReadOnlySpan<byte> DetailIn(ReadOnlySpan<byte> body, out bool hasDetail)
    {
        hasDetail = body[HasDetailAt] == 1;
        return hasDetail ? body[(FixedLength + BinaryPrimitives.ReadInt16BigEndian(body[NameLengthAt..]))..] : [];
    }

    public static Amounts AmountsIn(ReadOnlySpan<byte> body) => Get(body);

    public static Amounts BalancesIn(ReadOnlySpan<byte> body) => Get(body[AmountsLength..]);

    public static void Put(Span<byte> target, Amounts amounts)
    {
        BinaryPrimitives.WriteInt64BigEndian(target, amounts.PersonalFen);
        BinaryPrimitives.WriteInt64BigEndian(target[8..], amounts.WalletFen);
        BinaryPrimitives.WriteInt64BigEndian(target[16..], amounts.HeldFen);
        BinaryPrimitives.WriteInt64BigEndian(target[24..], amounts.QuotaFen);
    }

    public static Amounts Get(ReadOnlySpan<byte> source) => new(
        BinaryPrimitives.ReadInt64BigEndian(source),
        BinaryPrimitives.ReadInt64BigEndian(source[8..]),
        BinaryPrimitives.ReadInt64BigEndian(source[16..]),
        BinaryPrimitives.ReadInt64BigEndian(source[24..]));
}
