using System.Buffers.Binary;
using Gongji.Ledger;

namespace Gongji.Storage;

/// <summary>An order of rows. A key of 16 bytes nearly always decides; rows with equal keys are compared by the rest, if the order has one.</summary>
internal abstract class RowOrder
{
    /// <summary>By the account's number, then version.</summary>
    public static RowOrder Account { get; } = new ByAccount();

    /// <summary>
    /// Rows of operations that may have several entries, by operation, then leg; and every row that says that it points to another row, or that another
    /// row points to it.
    /// </summary>
    public static RowOrder Operation { get; } = new ByOperation();

    /// <summary>By batch, then position.</summary>
    public static RowOrder Batch { get; } = new ByBatch();

    /// <summary>Whether a row belongs in this order at all.</summary>
    public virtual bool Takes(in RowFields fields) => true;

    /// <summary>What is compared first.</summary>
    public abstract (ulong High, ulong Low) KeyOf(in RowFields fields);

    /// <summary>Compares two rows of the same key.</summary>
    public virtual int CompareRest(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other) => 0;

    /// <summary>The key by which operations are ordered.</summary>
    public static (ulong High, ulong Low) KeyOf(Guid operation)
    {
        Span<byte> bytes = stackalloc byte[16];
        operation.TryWriteBytes(bytes, bigEndian: true, out _);
        return (BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[sizeof(ulong)..]));
    }

    /// <summary>Maps a number so that those below zero, which a damaged store may have, come first.</summary>
    private static ulong Ordered(long number) => unchecked((ulong)number ^ (1UL << 63));

    private sealed class ByAccount : RowOrder
    {
        public override (ulong High, ulong Low) KeyOf(in RowFields fields) => (Ordered(fields.Account), Ordered(fields.Version));
    }

    private sealed class ByOperation : RowOrder
    {
        private static readonly bool[] AreOpeners = [.. Enumerable.Range(0, (int)OpenWork.Openers.Max() + 1).Select(kind => OpenWork.Openers.Contains((EntryKind)kind))];

        /// <summary>
        /// What <see cref="OpenWork.HasCompany"/> says of the entry that the row was made for. Any other row that points somewhere, or is pointed to, is
        /// taken too: only a damaged store has one.
        /// </summary>
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
