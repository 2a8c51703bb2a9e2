using System.Buffers.Binary;
using Gongji.Ledger;

namespace Gongji.Storage;

/// <summary>An order of rows: 16 bytes of each row decide nearly always, what they leave open is compared in full.</summary>
internal abstract class RowOrder
{
    /// <summary>By account, in the order of their numbers, then version.</summary>
    public static RowOrder Account { get; } = new ByAccount();

    /// <summary>Those of operations that may have several entries, by operation, then leg; and all that say that they lead to another row, or that one leads to them.</summary>
    public static RowOrder Operation { get; } = new ByOperation();

    /// <summary>By batch, then position.</summary>
    public static RowOrder Batch { get; } = new ByBatch();

    /// <summary>Whether a row belongs into this order at all.</summary>
    public virtual bool Takes(in RowFields fields) => true;

    /// <summary>What is compared first.</summary>
    public abstract (ulong High, ulong Low) KeyOf(in RowFields fields);

    /// <summary>Compares two rows of the same key.</summary>
    public virtual int CompareRest(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other) => 0;

    /// <summary>The order of operations.</summary>
    public static (ulong High, ulong Low) KeyOf(Guid operation)
    {
        Span<byte> bytes = stackalloc byte[16];
        operation.TryWriteBytes(bytes, bigEndian: true, out _);
        return (BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[sizeof(ulong)..]));
    }

    /// <summary>So that numbers below zero, which a damaged store may have, come first.</summary>
    private static ulong Ordered(long number) => unchecked((ulong)number ^ (1UL << 63));

    private sealed class ByAccount : RowOrder
    {
        public override (ulong High, ulong Low) KeyOf(in RowFields fields) => (Ordered(fields.Account), Ordered(fields.Version));
    }

    private sealed class ByOperation : RowOrder
    {
        private static readonly bool[] AreOpeners = [.. Enumerable.Range(0, (int)OpenWork.Openers.Max() + 1).Select(kind => OpenWork.Openers.Contains((EntryKind)kind))];

        /// <summary>What <see cref="OpenWork.HasCompany"/> says of the entry that the row was made for; and what only a damaged store leads anywhere.</summary>
        public override bool Takes(in RowFields fields) =>
            fields.Leg > (short)Leg.Opening || ((uint)fields.Kind < AreOpeners.Length && AreOpeners[fields.Kind]) || fields.AnswersAlong || fields.AnswerAccount != 0 || fields.AnswerVersion != 0;

        public override (ulong High, ulong Low) KeyOf(in RowFields fields) => KeyOf(fields.Operation);

        public override int CompareRest(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other) => RowFields.Of(one).Leg.CompareTo(RowFields.Of(other).Leg);
    }

    private sealed class ByBatch : RowOrder
    {
        public override (ulong High, ulong Low) KeyOf(in RowFields fields) => (Ordered(fields.Batch), Ordered(fields.Position));
    }
}
