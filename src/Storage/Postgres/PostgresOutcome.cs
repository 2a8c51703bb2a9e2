using System.Buffers.Binary;
using System.Text.Json;
using Gongji.Ledger;

namespace Gongji.Storage;

/// <summary>
/// The stored form of an entry in the row of the one that it ends. What both have in common (account, operation, batch) and what follows (the version)
/// is not repeated.
/// </summary>
internal static class PostgresOutcome
{
    /// <summary>The length without detail: leg, kind, position, at, amounts, balances.</summary>
    public const int FixedLength = sizeof(short) * 2 + sizeof(int) + sizeof(long) * 9;

    /// <summary>An outcome in a row is at most so much later than the row: who looks for entries of some time knows where they can be.</summary>
    public static readonly TimeSpan AfterMax = TimeSpan.FromMinutes(1);

    private const int AmountsAt = sizeof(short) * 2 + sizeof(int) + sizeof(long);
    private const int BalancesAt = AmountsAt + PostgresBody.AmountsLength;

    /// <summary>Whether an entry can go into the row of the one that it ends.</summary>
    public static bool Fits(in EncodedEntry opener, in EncodedEntry outcome) =>
        outcome.Entry.Version == opener.Entry.Version + 1 && outcome.Entry.Account == opener.Entry.Account && outcome.Detail is not { Length: 0 }
        && outcome.Entry.At - opener.Entry.At <= AfterMax;

    /// <summary>The length of the stored form.</summary>
    public static int LengthOf(in EncodedEntry outcome) => FixedLength + (outcome.Detail?.Length ?? 0);

    /// <summary>Writes the stored form, which is as long as its place.</summary>
    public static void Write(Span<byte> target, in EncodedEntry outcome, int position)
    {
        (Entry entry, byte[]? detail) = outcome;
        BinaryPrimitives.WriteInt16BigEndian(target, (short)entry.Leg);
        BinaryPrimitives.WriteInt16BigEndian(target[2..], (short)entry.Kind);
        BinaryPrimitives.WriteInt32BigEndian(target[4..], position);
        BinaryPrimitives.WriteInt64BigEndian(target[8..], entry.At.ToUnixTimeMilliseconds());
        PostgresBody.Put(target[AmountsAt..], entry.Amounts);
        PostgresBody.Put(target[BalancesAt..], entry.Balances);
        detail.CopyTo(target[FixedLength..]);
    }

    /// <exception cref="JsonException">The bytes are not an outcome: the store was changed from outside.</exception>
    public static EncodedEntry Decode(Entry opener, ReadOnlySpan<byte> bytes, out int position)
    {
        if (bytes.Length < FixedLength)
        {
            throw new JsonException($"{bytes.Length} bytes are no outcome.");
        }

        EntryKind kind = (EntryKind)BinaryPrimitives.ReadInt16BigEndian(bytes[2..]);
        byte[]? detail = bytes.Length == FixedLength ? null : bytes[FixedLength..].ToArray();
        position = BinaryPrimitives.ReadInt32BigEndian(bytes[4..]);
        Entry entry = new()
        {
            Account = opener.Account,
            Version = opener.Version + 1,
            Operation = opener.Operation,
            Leg = (Leg)BinaryPrimitives.ReadInt16BigEndian(bytes),
            Kind = kind,
            Amounts = PostgresBody.Get(bytes[AmountsAt..]),
            Balances = PostgresBody.Get(bytes[BalancesAt..]),
            At = DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(bytes[8..])),
            Detail = EntryDetailCodec.Decode(kind, detail),
        };
        return new EncodedEntry(entry, detail);
    }
}
