using System.Buffers.Binary;
using System.Text.Json;
using Gongji.Ledger;

namespace Gongji.Storage;

/// <summary>
/// The stored form of an entry in the row of the one that it ends. What both have in common (account, operation, batch) and what can be derived (the
/// version) is not repeated.
/// </summary>
internal static class PostgresOutcome
{
    /// <summary>An outcome in a row is at most this much later than the row, so that a search for entries of a certain time knows which rows to look at.</summary>
    public static readonly TimeSpan AfterMax = TimeSpan.FromMinutes(1);

    /// <summary>The first byte of an outcome.</summary>
    private const byte Mark = 1;

    /// <summary>The mark, the leg, the kind, milliseconds after the row, the position.</summary>
    private const int HeadLength = 3 + sizeof(ushort) + sizeof(int);

    /// <summary>Whether an entry can go into the row of the one that it ends.</summary>
    public static bool Fits(in EncodedEntry opener, in EncodedEntry outcome) =>
        outcome.Entry.Version == opener.Entry.Version + 1 && outcome.Entry.Account == opener.Entry.Account && outcome.Detail is not { Length: 0 }
        && outcome.Entry.At >= opener.Entry.At && outcome.Entry.At - opener.Entry.At <= AfterMax;

    /// <summary>Writes the stored form.</summary>
    /// <param name="target">Where to write.</param>
    /// <param name="opener">The entry whose row it is.</param>
    /// <param name="outcome">The entry that goes into it.</param>
    /// <param name="position">The outcome's place in the batch.</param>
    /// <returns>Its length.</returns>
    public static int Write(Span<byte> target, Entry opener, in EncodedEntry outcome, int position)
    {
        (Entry entry, byte[]? detail) = outcome;
        target[0] = Mark;
        target[1] = checked((byte)entry.Leg);
        target[2] = checked((byte)entry.Kind);
        BinaryPrimitives.WriteUInt16BigEndian(target[3..], checked((ushort)(entry.At.ToUnixTimeMilliseconds() - opener.At.ToUnixTimeMilliseconds())));
        BinaryPrimitives.WriteInt32BigEndian(target[5..], position);
        int at = HeadLength + PostgresAmounts.Write(target[HeadLength..], entry.Amounts, entry.Balances);
        detail.CopyTo(target[at..]);
        return at + (detail?.Length ?? 0);
    }

    /// <exception cref="JsonException">The bytes are not an outcome: the store was changed from outside.</exception>
    public static EncodedEntry Decode(Entry opener, ReadOnlySpan<byte> bytes, out int position)
    {
        if (bytes is not [Mark, ..])
        {
            return DecodeFixed(opener, bytes, out position);
        }

        if (bytes.Length < HeadLength)
        {
            throw Unreadable(bytes);
        }

        position = BinaryPrimitives.ReadInt32BigEndian(bytes[5..]);
        Amounts amounts = PostgresAmounts.Read(bytes[HeadLength..], out Amounts balances, out int length);
        return EntryOf(
            opener, bytes[1], bytes[2], opener.At.ToUnixTimeMilliseconds() + BinaryPrimitives.ReadUInt16BigEndian(bytes[3..]), amounts, balances, bytes[(HeadLength + length)..]);
    }

    /// <summary>
    /// Reads the form that outcomes had before migration 0010, which rows from then keep for ever: leg and kind in two bytes each, position, time, eight
    /// figures of eight bytes.
    /// </summary>
    private static EncodedEntry DecodeFixed(Entry opener, ReadOnlySpan<byte> bytes, out int position)
    {
        const int AmountsAt = sizeof(short) * 2 + sizeof(int) + sizeof(long);
        const int BalancesAt = AmountsAt + sizeof(long) * 4;
        const int DetailAt = BalancesAt + sizeof(long) * 4;
        if (bytes.Length < DetailAt)
        {
            throw Unreadable(bytes);
        }

        position = BinaryPrimitives.ReadInt32BigEndian(bytes[4..]);
        return EntryOf(
            opener, BinaryPrimitives.ReadInt16BigEndian(bytes), BinaryPrimitives.ReadInt16BigEndian(bytes[2..]), BinaryPrimitives.ReadInt64BigEndian(bytes[8..]),
            PostgresBody.FixedAmounts(bytes[AmountsAt..]), PostgresBody.FixedAmounts(bytes[BalancesAt..]), bytes[DetailAt..]);
    }

    private static EncodedEntry EntryOf(Entry opener, short leg, short kind, long at, Amounts amounts, Amounts balances, ReadOnlySpan<byte> detail)
    {
        byte[]? own = detail.IsEmpty ? null : detail.ToArray();
        Entry entry = new()
        {
            Account = opener.Account,
            Version = opener.Version + 1,
            Operation = opener.Operation,
            Leg = (Leg)leg,
            Kind = (EntryKind)kind,
            Amounts = amounts,
            Balances = balances,
            At = DateTimeOffset.FromUnixTimeMilliseconds(at),
            Detail = EntryDetailCodec.Decode((EntryKind)kind, own),
        };
        return new EncodedEntry(entry, own);
    }

    private static JsonException Unreadable(ReadOnlySpan<byte> bytes) => new($"{bytes.Length} bytes are no outcome.");
}
