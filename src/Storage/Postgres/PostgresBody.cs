using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Gongji.Ledger;

namespace Gongji.Storage;

/// <summary>
/// The part of a row of entries that no query asks for by itself: amounts, balances, the account's name, the detail. One value is cheaper to write than
/// ten. The name is repeated here, although the account's number stands for it, so that an entry can be read, and its hash computed, from its row alone.
/// </summary>
internal readonly ref struct PostgresBody
{
    /// <summary>The first byte of a body without a detail.</summary>
    private const byte WithoutDetail = 1;

    /// <summary>The first byte of a body with a detail.</summary>
    private const byte WithDetail = 2;

    public Amounts Amounts { get; private init; }

    public Amounts Balances { get; private init; }

    /// <summary>The account's name, in UTF-8.</summary>
    public ReadOnlySpan<byte> Name { get; private init; }

    /// <summary>Empty when there is none.</summary>
    public ReadOnlySpan<byte> Detail { get; private init; }

    public bool HasDetail { get; private init; }

    /// <summary>The greatest length of the stored form, in bytes.</summary>
    public static int LengthMax(in EncodedEntry encoded) =>
        1 + PostgresAmounts.LengthMax + 1 + Encoding.UTF8.GetMaxByteCount(encoded.Entry.Account.Length) + (encoded.Detail?.Length ?? 0);

    /// <summary>Writes the stored form.</summary>
    /// <returns>Its length.</returns>
    public static int Write(Span<byte> target, in EncodedEntry encoded)
    {
        (Entry entry, byte[]? detail) = encoded;
        target[0] = detail is null ? WithoutDetail : WithDetail;
        int at = 1 + PostgresAmounts.Write(target[1..], entry.Amounts, entry.Balances);
        int nameLength = Encoding.UTF8.GetBytes(entry.Account, target[(at + 1)..]);
        target[at] = checked((byte)nameLength);
        at += 1 + nameLength;
        detail.CopyTo(target[at..]);
        return at + (detail?.Length ?? 0);
    }

    /// <summary>Reads a stored form.</summary>
    /// <exception cref="JsonException">The bytes are not a body: the store was changed from outside.</exception>
    public static PostgresBody Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes is not [WithoutDetail or WithDetail, ..])
        {
            return ReadFixed(bytes);
        }

        Amounts amounts = PostgresAmounts.Read(bytes[1..], out Amounts balances, out int length);
        ReadOnlySpan<byte> left = bytes[(1 + length)..];
        if (left.IsEmpty || left[0] > left.Length - 1)
        {
            throw Unreadable(bytes);
        }

        return new PostgresBody
        {
            Amounts = amounts,
            Balances = balances,
            Name = left.Slice(1, left[0]),
            Detail = left[(1 + left[0])..],
            HasDetail = bytes[0] == WithDetail,
        };
    }

    /// <summary>
    /// Reads the form that bodies had before migration 0010, which rows from then keep for ever: eight figures of eight bytes, whether there is a detail,
    /// the length of the name in two bytes, the name, the detail. It begins with the first byte of an amount, which is 0 or 255.
    /// </summary>
    private static PostgresBody ReadFixed(ReadOnlySpan<byte> bytes)
    {
        const int AmountsLength = sizeof(long) * 4;
        const int HasDetailAt = AmountsLength * 2;
        const int NameAt = HasDetailAt + 1 + sizeof(short);
        if (bytes.Length < NameAt || BinaryPrimitives.ReadInt16BigEndian(bytes[(HasDetailAt + 1)..]) is var length && (length < 0 || length > bytes.Length - NameAt) || bytes[HasDetailAt] > 1)
        {
            throw Unreadable(bytes);
        }

        bool hasDetail = bytes[HasDetailAt] == 1;
        return new PostgresBody
        {
            Amounts = FixedAmounts(bytes),
            Balances = FixedAmounts(bytes[AmountsLength..]),
            Name = bytes.Slice(NameAt, length),
            Detail = hasDetail ? bytes[(NameAt + length)..] : [],
            HasDetail = hasDetail,
        };
    }

    /// <summary>Four figures as they were written before migration 0010.</summary>
    public static Amounts FixedAmounts(ReadOnlySpan<byte> source) => new(
        BinaryPrimitives.ReadInt64BigEndian(source),
        BinaryPrimitives.ReadInt64BigEndian(source[8..]),
        BinaryPrimitives.ReadInt64BigEndian(source[16..]),
        BinaryPrimitives.ReadInt64BigEndian(source[24..]));

    private static JsonException Unreadable(ReadOnlySpan<byte> bytes) => new($"{bytes.Length} bytes are no body of an entry.");
}
