using System.Buffers.Binary;
using Gongji.Ledger;

namespace Gongji.Storage;

/// <summary>An order of rows: 16 bytes of each row decide nearly always, what they leave open is compared in full.</summary>
internal abstract class RowOrder
{
    /// <summary>By account, in the order of their numbers, then version.</summary>
    public static RowOrder Account { get; } = new ByAccount();

    /// <summary>Those of operations that may have several entries, by operation, then leg.</summary>
    public static RowOrder Operation { get; } = new ByOperation();

    /// <summary>By batch, then position.</summary>
    public static RowOrder Batch { get; } = new ByBatch();

    /// <summary>Whether a row belongs into this order at all.</summary>
    public virtual bool Takes(in RowFields fields) => true;

    /// <summary>What is compared first.</summary>
    public abstract (ulong High, ulong Low) KeyOf(in RowFields fields);

    /// <summary>Compares two rows of the same key.</summary>
    public virtual int CompareRest(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other) => 0;

    /// <summary>So that numbers below zero, which a damaged store may have, come first.</summary>
    private static ulong Ordered(long number) => unchecked((ulong)number ^ (1UL << 63));

    private sealed class ByAccount : RowOrder
    {
        public override (ulong High, ulong Low) KeyOf(in RowFields fields) => (Ordered(fields.Account), Ordered(fields.Version));
    }

    private sealed class ByOperation : RowOrder
    {
        private static readonly HashSet<short> Openers = [.. OpenWork.Openers.Select(kind => (short)kind)];

        /// <summary>What <see cref="OpenWork.HasCompany"/> says of the entry that the row was made for.</summary>
        public override bool Takes(in RowFields fields) => fields.Leg > (short)Leg.Opening || Openers.Contains(fields.Kind);

        public override (ulong High, ulong Low) KeyOf(in RowFields fields)
        {
            Span<byte> operation = stackalloc byte[16];
            fields.Operation.TryWriteBytes(operation, bigEndian: true, out _);
            return (BinaryPrimitives.ReadUInt64BigEndian(operation), BinaryPrimitives.ReadUInt64BigEndian(operation[sizeof(ulong)..]));
        }

        public override int CompareRest(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other) => RowFields.Of(one).Leg.CompareTo(RowFields.Of(other).Leg);
    }

    private sealed class ByBatch : RowOrder
    {
        public override (ulong High, ulong Low) KeyOf(in RowFields fields) => (Ordered(fields.Batch), Ordered(fields.Position));
    }
}
