using System.Buffers.Binary;
using System.Text;
using Gongji.Ledger;

namespace Gongji.Storage.Tests;

/// <summary>Rows that are sorted in pieces, in temporary files, come back whole and in order, whatever is in them.</summary>
public sealed class RowSortTests
{
    private const int ChunkBytes = 16_384;

    private sealed record Row(string Account, long Version, Guid Operation, short Leg, short Kind, Amounts Amounts, Amounts Balances, long At, long Batch, int Position, byte[]? Detail, byte[]? Outcome);

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 40)]
    [InlineData(4, 5_000)]
    public void Rows_come_back_in_each_order_as_they_were(int seed, int count)
    {
        Random random = new(seed);
        Row[] rows = [.. Enumerable.Range(0, count).Select(_ => Random(random)).DistinctBy(row => (row.Operation, row.Leg))];
        random.Shuffle(rows);

        Check(RowOrder.Account, rows, all => all.OrderBy(row => row.Account, Comparer<string>.Create((one, other) =>
            Encoding.UTF8.GetBytes(one).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(other)))).ThenBy(row => row.Version));
        Check(RowOrder.Operation, rows, all => all.Where(row => row.Leg > 1 || OpenWork.Openers.Contains((EntryKind)row.Kind)).OrderBy(row => row.Operation).ThenBy(row => row.Leg));
        Check(RowOrder.Batch, rows, all => all.OrderBy(row => row.Batch).ThenBy(row => row.Position));
    }

    [Fact]
    public void Row_larger_than_what_is_sorted_at_a_time_comes_back()
    {
        Random random = new(5);
        Row[] rows = [.. Enumerable.Range(0, 20).Select(i => Random(random) with { Detail = new byte[i % 3 == 0 ? 700_000 + i : i], Version = i, Account = "a" })];
        Check(RowOrder.Account, rows, all => all.OrderBy(row => row.Version));
    }

    [Fact]
    public void Tuple_is_read_when_it_is_all_there_and_not_before()
    {
        byte[] tuple = Tuple(Random(new Random(6)));
        for (int length = 0; length < tuple.Length; length++)
        {
            Assert.Equal(-1, RowTuple.LengthOf(tuple.AsSpan(0, length)));
        }

        Assert.Equal(tuple.Length, RowTuple.LengthOf([.. tuple, 7, 7]));
        Assert.Equal(0, RowTuple.LengthOf([0xFF, 0xFF]));
    }

    /// <summary>A column without its constraint, or of another type.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(11)]
    [InlineData(15)]
    public void Tuple_without_a_value_that_must_be_there_is_refused(int column)
    {
        Row row = Random(new Random(7)) with { Detail = null, Outcome = null };
        byte[] tuple = Tuple(row, missing: column);
        Assert.Throws<InvalidCastException>(() => new RowChunk(ChunkBytes).TryAdd(tuple));
    }

    private static void Check(RowOrder order, Row[] rows, Func<IEnumerable<Row>, IEnumerable<Row>> sort)
    {
        using RowRuns runs = new(order);
        RowChunk chunk = new(ChunkBytes);
        foreach (byte[] tuple in rows.Select(row => Tuple(row)))
        {
            if (!chunk.TryAdd(tuple))
            {
                chunk.SortInto(order, runs);
                chunk.Clear();
                Assert.True(chunk.TryAdd(tuple));
            }
        }

        chunk.SortInto(order, runs);
        RowMerge merge = runs.Read();
        foreach (Row expected in sort(rows))
        {
            Assert.True(merge.MoveNext());
            ref readonly RowFields fields = ref RowFields.Of(merge.Row);
            Assert.Equal(
                (expected.Account, expected.Version, expected.Operation, expected.Leg, expected.Kind, expected.Amounts, expected.Balances, expected.At, expected.Batch, expected.Position),
                (Encoding.UTF8.GetString(fields.AccountIn(merge.Row)), fields.Version, fields.Operation, fields.Leg, fields.Kind, fields.Amounts, fields.Balances, fields.At, fields.Batch, fields.Position));
            Assert.Equal(expected.Detail?.Length ?? -1, fields.DetailLength);
            Assert.Equal(expected.Detail ?? [], fields.DetailIn(merge.Row).ToArray());
            Assert.Equal(expected.Outcome?.Length ?? -1, fields.OutcomeLength);
            Assert.Equal(expected.Outcome ?? [], fields.OutcomeIn(merge.Row).ToArray());
        }

        Assert.False(merge.MoveNext());
    }

    /// <summary>Accounts share their first 16 bytes, operations one half; numbers may be below zero, as in a damaged store.</summary>
    private static Row Random(Random random) => new(
        random.Next(4) switch { 0 => "", 1 => $"clearing/{random.Next(5)}", 2 => $"\u7532{random.Next(20)}", _ => $"32050019900101{random.Next(40):D3}X{random.Next(3)}" },
        random.NextInt64(-1, long.MaxValue),
        new Guid(random.Next(3) - 1, (short)random.Next(-2, 2), 0, [0, 0, 0, 0, 0, 0, (byte)random.Next(16), (byte)random.Next(256)]),
        (short)(random.Next(3) == 0 ? random.Next(-1, 60) : random.Next(4)),
        (short)random.Next(1, 64),
        new Amounts(random.NextInt64(), -random.NextInt64(), 0, long.MinValue),
        new Amounts(0, 1, random.NextInt64(), long.MaxValue),
        random.NextInt64(),
        random.NextInt64(-2, 30) << 32,
        random.Next(),
        random.Next(4) == 0 ? null : Bytes(random, 200),
        random.Next(2) == 0 ? null : Bytes(random, 100));

    private static byte[] Bytes(Random random, int lengthMax)
    {
        byte[] bytes = new byte[random.Next(lengthMax)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] Tuple(Row row, int missing = -1)
    {
        byte[]?[] columns =
        [
            Int64(row.Version), Int64(row.At), Int64(row.Batch),
            Int64(row.Amounts.PersonalFen), Int64(row.Amounts.WalletFen), Int64(row.Amounts.HeldFen), Int64(row.Amounts.QuotaFen),
            Int64(row.Balances.PersonalFen), Int64(row.Balances.WalletFen), Int64(row.Balances.HeldFen), Int64(row.Balances.QuotaFen),
            row.Operation.ToByteArray(bigEndian: true), Int32(row.Position), Int16(row.Leg), Int16(row.Kind), Encoding.UTF8.GetBytes(row.Account), row.Detail, row.Outcome,
        ];
        if (missing >= 0)
        {
            columns[missing] = null;
        }

        return [.. Int16((short)columns.Length), .. columns.SelectMany(column => (byte[])[.. Int32(column?.Length ?? -1), .. column ?? []])];
    }

    private static byte[] Int64(long value)
    {
        byte[] bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Int32(int value) => Int64(value)[sizeof(int)..];

    private static byte[] Int16(short value) => Int64(value)[(sizeof(long) - sizeof(short))..];
}
