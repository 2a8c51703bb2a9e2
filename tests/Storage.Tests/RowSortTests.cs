using System.Buffers.Binary;
using Gongji.Ledger;

namespace Gongji.Storage.Tests;

/// <summary>Rows that are sorted in pieces, in temporary files, come back complete and in order, whatever they contain.</summary>
public sealed class RowSortTests
{
    private const int ChunkBytes = 16_384;

    private sealed record Row(
        long Account, long Version, long At, long Batch, Guid Operation, int Position, short Leg, short Kind, bool AnswersAlong, (long Account, long Version)? Answer, byte[] Body, byte[]? Outcome);

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

        Check(RowOrder.Account, rows.DistinctBy(row => (row.Account, row.Version)), all => all.OrderBy(row => row.Account).ThenBy(row => row.Version));
        Check(RowOrder.Operation, rows, all => all.Where(IsTaken).OrderBy(row => row.Operation).ThenBy(row => row.Leg));
        Check(RowOrder.Batch, rows.DistinctBy(row => (row.Batch, row.Position)), all => all.OrderBy(row => row.Batch).ThenBy(row => row.Position));
    }

    /// <summary>An entry that is left out of the order by operation, although it belongs to one, is kept as its key.</summary>
    [Fact]
    public void Entries_that_stand_alone_come_back_by_operation_also_those_that_do_not()
    {
        Random random = new(8);
        Row[] rows = [.. Enumerable.Range(0, 4_000).Select(_ => Random(random) with { Leg = (short)random.Next(3), AnswersAlong = false, Answer = null })];
        using SingleRuns runs = new();
        RowChunk chunk = new(ChunkBytes);
        foreach (byte[] tuple in rows.Select(row => Tuple(row)))
        {
            if (!chunk.TryAdd(tuple))
            {
                chunk.SortInto(runs);
                chunk.Clear();
                Assert.True(chunk.TryAdd(tuple));
            }
        }

        chunk.SortInto(runs);
        SingleMerge merge = runs.Read();
        List<SingleEntry> found = [];
        while (merge.MoveNext())
        {
            found.Add(merge.Current);
        }

        Assert.Equal(found.Select(entry => entry.Key).Order(), found.Select(entry => entry.Key));
        Assert.Equal(
            rows.Where(row => row.Leg == 1 && !IsTaken(row)).Select(row => (RowOrder.KeyOf(row.Operation), row.Account, row.Version)).Order(),
            found.Select(entry => (entry.Key, entry.Account, entry.Version)).Order());
        Assert.NotEqual(found.Count, found.DistinctBy(entry => entry.Key).Count());
    }

    [Fact]
    public void Row_larger_than_what_is_sorted_at_a_time_comes_back()
    {
        Random random = new(5);
        Row[] rows = [.. Enumerable.Range(0, 20).Select(i => Random(random) with { Body = new byte[i % 3 == 0 ? 700_000 + i : i], Version = i, Account = 1 })];
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

    /// <summary>A column without its constraint, or of another type, may lack a value.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(11)]
    public void Tuple_without_a_value_that_must_be_there_is_refused(int column)
    {
        byte[] tuple = Tuple(Random(new Random(7)), missing: column);
        Assert.Throws<InvalidCastException>(() => new RowChunk(ChunkBytes).TryAdd(tuple));
    }

    private static bool IsTaken(Row row) => row.Leg > 1 || OpenWork.Openers.Contains((EntryKind)row.Kind) || row.AnswersAlong || row.Answer is not null;

    private static void Check(RowOrder order, IEnumerable<Row> rows, Func<IEnumerable<Row>, IEnumerable<Row>> sort)
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
                (expected.Account, expected.Version, expected.At, expected.Batch, expected.Operation, expected.Position, expected.Leg, expected.Kind, expected.AnswersAlong, expected.Answer ?? (0, 0)),
                (fields.Account, fields.Version, fields.At, fields.Batch, fields.Operation, fields.Position, fields.Leg, fields.Kind, fields.AnswersAlong, (fields.AnswerAccount, fields.AnswerVersion)));
            Assert.Equal(expected.Body, fields.BodyIn(merge.Row).ToArray());
            Assert.Equal(expected.Outcome?.Length ?? -1, fields.OutcomeLength);
            Assert.Equal(expected.Outcome ?? [], fields.OutcomeIn(merge.Row).ToArray());
        }

        Assert.False(merge.MoveNext());
    }

    /// <summary>Operations share one half; numbers may be negative, as in a damaged store.</summary>
    private static Row Random(Random random) => new(
        random.NextInt64(-2, 60),
        random.NextInt64(-1, long.MaxValue),
        random.NextInt64(),
        random.NextInt64(-2, 30) << 32,
        new Guid(random.Next(3) - 1, (short)random.Next(-2, 2), 0, [0, 0, 0, 0, 0, 0, (byte)random.Next(16), (byte)random.Next(256)]),
        random.Next(),
        (short)(random.Next(3) == 0 ? random.Next(-1, 60) : random.Next(4)),
        (short)random.Next(1, 64),
        random.Next(2) == 0,
        random.Next(2) == 0 ? null : (random.NextInt64(), random.NextInt64()),
        Bytes(random, 300),
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
            Int64(row.Account), Int64(row.Version), Int64(row.At), Int64(row.Batch), row.Operation.ToByteArray(bigEndian: true), Int32(row.Position), Int16(row.Leg), Int16(row.Kind),
            [row.AnswersAlong ? (byte)1 : (byte)0], row.Answer is { } to ? Int64(to.Account) : null, row.Answer is { } at ? Int64(at.Version) : null, row.Body, row.Outcome,
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
