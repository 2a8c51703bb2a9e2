using System.Buffers;
using System.Buffers.Binary;
using Gongji.Ledger;
using Npgsql;

namespace Gongji.Storage;

/// <summary>
/// Writes the rows of a batch's entries by COPY, in its binary form. That costs the server a third less work than arrays of columns, which it would have
/// to take apart.
/// </summary>
internal static class PostgresEntryCopy
{
    private const string Copy = """
        COPY entries (account, version, at, batch, answer_account, answer_version, operation, position, leg, kind, answers_along, body, outcome)
            FROM STDIN (FORMAT BINARY)
        """;

    private const int Columns = 13;
    private const int GuidLength = 16;

    /// <summary>The length of a row without its body and outcome: the number of its columns, the length of each, and the columns of fixed length.</summary>
    private const int RowFixedLength = sizeof(short) + Columns * sizeof(int) + sizeof(long) * 6 + GuidLength + sizeof(int) + sizeof(short) * 2 + sizeof(bool);

    private const short EndMark = -1;

    /// <summary>The signature of the format, no flags, no extension.</summary>
    private static readonly byte[] Header = [.. "PGCOPY\n"u8, 0xFF, .. "\r\n\0"u8, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <param name="connection">In the transaction of the batch.</param>
    /// <param name="sealedBatch">The batch; it has entries.</param>
    /// <param name="accounts">The numbers of the entries' accounts, by position.</param>
    /// <param name="plan">The rows.</param>
    /// <param name="cancellationToken">Breaks the connection.</param>
    public static async Task ExecuteAsync(
        NpgsqlConnection connection, SealedBatch sealedBatch, long[] accounts, PostgresRowPlan plan, CancellationToken cancellationToken)
    {
        byte[] bytes = ArrayPool<byte>.Shared.Rent(LengthMax(sealedBatch.Entries));
        try
        {
            int length = Write(bytes, sealedBatch, accounts, plan);
            NpgsqlRawCopyStream stream = await connection.BeginRawBinaryCopyAsync(Copy, cancellationToken).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                stream.ReadTimeout = stream.WriteTimeout = StorageLimits.CommitTimeoutSeconds * 1_000;
                await stream.WriteAsync(bytes.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private static int LengthMax(IReadOnlyList<EncodedEntry> entries)
    {
        int length = Header.Length + sizeof(short);
        for (int i = 0; i < entries.Count; i++)
        {
            // An entry with a row of its own takes more bytes than one in another's row, so this is an upper bound.
            length += RowFixedLength + PostgresBody.LengthMax(entries[i]);
        }

        return length;
    }

    private static int Write(Span<byte> target, SealedBatch sealedBatch, long[] accounts, PostgresRowPlan plan)
    {
        Header.CopyTo(target);
        int at = Header.Length;
        long batch = HashChain.BatchId(sealedBatch.Chain, sealedBatch.Sequence);
        foreach (int position in InOrderOfAccounts(accounts, plan))
        {
            at += WriteRow(target[at..], sealedBatch.Entries, batch, accounts, position, plan);
        }

        BinaryPrimitives.WriteInt16BigEndian(target[at..], EndMark);
        return at + sizeof(short);
    }

    /// <summary>
    /// The positions of entries with a row of their own, in the order of the index by account, where the entries of a batch are scattered. In the index
    /// by operation they are side by side anyway.
    /// </summary>
    private static int[] InOrderOfAccounts(long[] accounts, PostgresRowPlan plan)
    {
        int[] positions = new int[plan.Rows];
        long[] keys = new long[plan.Rows];
        for (int i = 0, row = 0; i < accounts.Length; i++)
        {
            if (plan.HasRow(i))
            {
                (positions[row], keys[row]) = (i, accounts[i]);
                row++;
            }
        }

        Array.Sort(keys, positions);
        return positions;
    }

    private static int WriteRow(Span<byte> target, IReadOnlyList<EncodedEntry> entries, long batch, long[] accounts, int position, PostgresRowPlan plan)
    {
        EncodedEntry encoded = entries[position];
        Entry entry = encoded.Entry;
        int at = sizeof(short);
        BinaryPrimitives.WriteInt16BigEndian(target, Columns);
        Put(target, ref at, accounts[position]);
        Put(target, ref at, entry.Version);
        Put(target, ref at, entry.At.ToUnixTimeMilliseconds());
        Put(target, ref at, batch);
        if (plan.AnswerOf(position) is > 0 and int answer)
        {
            Put(target, ref at, accounts[answer]);
            Put(target, ref at, entries[answer].Entry.Version);
        }
        else
        {
            PutNull(target, ref at);
            PutNull(target, ref at);
        }

        entry.Operation.TryWriteBytes(Next(target, ref at, GuidLength), bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(Next(target, ref at, sizeof(int)), position);
        BinaryPrimitives.WriteInt16BigEndian(Next(target, ref at, sizeof(short)), (short)entry.Leg);
        BinaryPrimitives.WriteInt16BigEndian(Next(target, ref at, sizeof(short)), (short)entry.Kind);
        Next(target, ref at, sizeof(bool))[0] = plan.IsAlong(position) ? (byte)1 : (byte)0;
        PutLength(target, ref at, PostgresBody.Write(target[(at + sizeof(int))..], encoded));
        if (plan.OutcomeIn(position) is > 0 and int outcome)
        {
            PutLength(target, ref at, PostgresOutcome.Write(target[(at + sizeof(int))..], entry, entries[outcome], outcome));
        }
        else
        {
            PutNull(target, ref at);
        }

        return at;
    }

    /// <summary>Writes the length of the next column and returns the place of its value.</summary>
    private static Span<byte> Next(Span<byte> target, ref int at, int length)
    {
        BinaryPrimitives.WriteInt32BigEndian(target[at..], length);
        Span<byte> next = target.Slice(at + sizeof(int), length);
        at += sizeof(int) + length;
        return next;
    }

    /// <summary>Writes the length of a column whose value is written already.</summary>
    private static void PutLength(Span<byte> target, ref int at, int length) => Next(target, ref at, length);

    private static void PutNull(Span<byte> target, ref int at)
    {
        BinaryPrimitives.WriteInt32BigEndian(target[at..], -1);
        at += sizeof(int);
    }

    private static void Put(Span<byte> target, ref int at, long value) => BinaryPrimitives.WriteInt64BigEndian(Next(target, ref at, sizeof(long)), value);
}
