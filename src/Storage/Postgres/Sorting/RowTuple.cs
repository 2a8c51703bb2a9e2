using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Gongji.Storage;

/// <summary>A row of entries as COPY sends it: a count of columns, then each with its length before it, all of it big-endian.</summary>
internal static class RowTuple
{
    /// <summary>The columns that are copied out of the table, in the order in which they are read.</summary>
    public const string Columns = "account, version, at, batch, operation, position, leg, kind, answers_along, answer_account, answer_version, body, outcome";

    private const short ColumnCount = 13;

    /// <summary>The length of what comes before the first tuple: a signature, flags, and the length of an extension.</summary>
    public const int HeaderLength = 11 + sizeof(int) * 2;

    private const short EndMark = -1;
    private const int Alignment = 8;

    /// <summary>The length of the tuple that a buffer begins with, in bytes; -1 when it is not all there, 0 at the end of all tuples.</summary>
    public static int LengthOf(ReadOnlySpan<byte> buffer)
    {
        if (buffer.Length < sizeof(short))
        {
            return -1;
        }

        if (BinaryPrimitives.ReadInt16BigEndian(buffer) == EndMark)
        {
            return 0;
        }

        int at = sizeof(short);
        for (int column = 0; column < ColumnCount; column++)
        {
            if (buffer.Length - at < sizeof(int))
            {
                return -1;
            }

            at += sizeof(int) + Math.Max(BinaryPrimitives.ReadInt32BigEndian(buffer[at..]), 0);
        }

        return at <= buffer.Length ? at : -1;
    }

    /// <summary>The greatest length of the row that a tuple becomes, in bytes.</summary>
    public static int RowLengthMax(int tupleLength) => RowFields.Size + tupleLength + Alignment;

    /// <summary>Writes a tuple as a row.</summary>
    /// <returns>The length of the row, in bytes.</returns>
    /// <exception cref="InvalidCastException">A column is not what the schema says: the store was changed from outside.</exception>
    public static int Write(ReadOnlySpan<byte> tuple, Span<byte> row)
    {
        Reader columns = new(tuple[sizeof(short)..]);
        RowFields fields = new()
        {
            Account = columns.Int64(),
            Version = columns.Int64(),
            At = columns.Int64(),
            Batch = columns.Int64(),
            Operation = new Guid(columns.Fixed(16), bigEndian: true),
            Position = BinaryPrimitives.ReadInt32BigEndian(columns.Fixed(sizeof(int))),
            Leg = BinaryPrimitives.ReadInt16BigEndian(columns.Fixed(sizeof(short))),
            Kind = BinaryPrimitives.ReadInt16BigEndian(columns.Fixed(sizeof(short))),
            AnswersAlong = columns.Fixed(sizeof(bool))[0] != 0,
            AnswerAccount = columns.Int64OrZero(),
            AnswerVersion = columns.Int64OrZero(),
        };
        int at = RowFields.Size;
        fields.BodyLength = columns.CopyTo(row, ref at);
        fields.OutcomeLength = columns.CopyTo(row, ref at);
        fields.Length = (at + Alignment - 1) / Alignment * Alignment;
        if (fields.BodyLength < 0)
        {
            throw Reader.Unexpected(fields.BodyLength);
        }

        MemoryMarshal.Write(row, fields);
        return fields.Length;
    }

    /// <summary>Reads column after column.</summary>
    private ref struct Reader(ReadOnlySpan<byte> left)
    {
        private ReadOnlySpan<byte> _left = left;

        public ReadOnlySpan<byte> Fixed(int length)
        {
            int actual = BinaryPrimitives.ReadInt32BigEndian(_left);
            if (actual != length)
            {
                throw Unexpected(actual);
            }

            ReadOnlySpan<byte> value = _left.Slice(sizeof(int), length);
            _left = _left[(sizeof(int) + length)..];
            return value;
        }

        public long Int64() => BinaryPrimitives.ReadInt64BigEndian(Fixed(sizeof(long)));

        /// <summary>0 when there is no value.</summary>
        public long Int64OrZero()
        {
            if (BinaryPrimitives.ReadInt32BigEndian(_left) >= 0)
            {
                return Int64();
            }

            _left = _left[sizeof(int)..];
            return 0;
        }

        /// <returns>The length, -1 for none.</returns>
        public int CopyTo(Span<byte> row, ref int at)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(_left);
            _left = _left[sizeof(int)..];
            if (length > 0)
            {
                _left[..length].CopyTo(row[at..]);
                _left = _left[length..];
                at += length;
            }

            return length;
        }

        public static InvalidCastException Unexpected(int length) => new(
            length < 0 ? "A column of entries that always has a value has none." : $"A column of entries has {length} bytes, which is not the length of its type.");
    }
}
