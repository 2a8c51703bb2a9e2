using System.Globalization;
using System.Runtime.ExceptionServices;
using Npgsql;

namespace Gongji.Storage;

/// <summary>
/// All rows of entries in the three orders of an audit, in temporary files. Several connections read the table once, each a part of it as it lies on
/// disk, and each part is sorted as it arrives. The server would read and send the table once for each order, and sort it more slowly.
/// </summary>
internal sealed class SortedRows : IDisposable
{
    /// <summary>More readers do not make a server that has other work to do any faster.</summary>
    private const int ReadersMax = 4;

    private const int ReadBytes = 128 * 1_024;

    private readonly RowRuns _byAccount = new(RowOrder.Account);
    private readonly RowRuns _byOperation = new(RowOrder.Operation);
    private readonly RowRuns _byBatch = new(RowOrder.Batch);
    private readonly SingleRuns _singles = new();

    private SortedRows()
    {
    }

    public RowMerge ByAccount() => _byAccount.Read();

    /// <summary>The rows that <see cref="RowOrder.Operation"/> takes.</summary>
    public RowMerge ByOperation() => _byOperation.Read();

    public RowMerge ByBatch() => _byBatch.Read();

    /// <summary>What is kept of entries of callers' operations that are not in <see cref="ByOperation"/>, by operation.</summary>
    public SingleMerge Singles() => _singles.Read();

    /// <summary>Reads and sorts.</summary>
    /// <param name="connections">To the server.</param>
    /// <param name="snapshot">The exported snapshot to read.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="InvalidCastException">A row is not what the schema says: the store was changed from outside.</exception>
    /// <exception cref="StoreUnavailableException">No connection could be opened, or there is no room in the temporary directory.</exception>
    public static async Task<SortedRows> ReadAsync(PostgresConnections connections, string snapshot, CancellationToken cancellationToken)
    {
        long blocks = await BlocksAsync(connections, snapshot, cancellationToken).ConfigureAwait(false);
        SortedRows rows = new();
        try
        {
            int readers = (int)Math.Clamp(blocks, 1, Math.Min(Environment.ProcessorCount, ReadersMax));
            await ReadPartsAsync(readers, (reader, token) => rows.ReadPartAsync(connections, snapshot, PartOf(reader, readers, blocks), token), cancellationToken)
                .ConfigureAwait(false);
            return rows;
        }
        catch
        {
            rows.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _byAccount.Dispose();
        _byOperation.Dispose();
        _byBatch.Dispose();
        _singles.Dispose();
    }

    /// <summary>The condition for one reader's part. The last part has no end; whatever the table has grown by in the meantime, the snapshot does not see.</summary>
    private static string PartOf(int reader, int readers, long blocks) => string.Create(
        CultureInfo.InvariantCulture,
        $"ctid >= '({blocks * reader / readers},0)'{(reader < readers - 1 ? string.Create(CultureInfo.InvariantCulture, $" AND ctid < '({blocks * (reader + 1) / readers},0)'") : "")}");

    /// <summary>Reads all parts at the same time. The first failure ends the others, and is thrown.</summary>
    private static async Task ReadPartsAsync(int readers, Func<int, CancellationToken, Task> read, CancellationToken cancellationToken)
    {
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Exception? first = null;
        await Task.WhenAll(Enumerable.Range(0, readers).Select(reader => Task.Run(
            async () =>
            {
                try
                {
                    await read(reader, ending.Token).ConfigureAwait(false);
                }
                catch (Exception exception)
                {
                    Interlocked.CompareExchange(ref first, exception, null);
                    await ending.CancelAsync().ConfigureAwait(false);
                }
            },
            CancellationToken.None))).ConfigureAwait(false);
        if (first is not null)
        {
            ExceptionDispatchInfo.Throw(first);
        }
    }

    /// <summary>The number of blocks of the table. Everything that the snapshot sees is in them.</summary>
    private static async Task<long> BlocksAsync(PostgresConnections connections, string snapshot, CancellationToken cancellationToken)
    {
        SnapshotConnection joined = await SnapshotConnection.OpenAsync(connections, snapshot, cancellationToken).ConfigureAwait(false);
        await using (joined.ConfigureAwait(false))
        {
            await using NpgsqlCommand command = new("SELECT pg_relation_size('entries') / current_setting('block_size')::bigint", joined.Connection);
            return (long)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
        }
    }

    private async Task ReadPartAsync(PostgresConnections connections, string snapshot, string part, CancellationToken cancellationToken)
    {
        SnapshotConnection joined = await SnapshotConnection.OpenAsync(connections, snapshot, cancellationToken).ConfigureAwait(false);
        await using (joined.ConfigureAwait(false))
        {
            Stream copy = await joined.Connection.BeginRawBinaryCopyAsync(
                $"COPY (SELECT {RowTuple.Columns} FROM entries WHERE {part}) TO STDOUT (FORMAT BINARY)", cancellationToken).ConfigureAwait(false);
            await using (copy.ConfigureAwait(false))
            {
                await ReadTuplesAsync(copy, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task ReadTuplesAsync(Stream copy, CancellationToken cancellationToken)
    {
        RowChunk chunk = new(StorageLimits.SortBytes);
        byte[] buffer = GC.AllocateUninitializedArray<byte>(ReadBytes);
        await copy.ReadExactlyAsync(buffer.AsMemory(0, RowTuple.HeaderLength), cancellationToken).ConfigureAwait(false);
        int begin = 0;
        int end = 0;
        while (true)
        {
            int length = RowTuple.LengthOf(buffer.AsSpan(begin, end - begin));
            if (length > 0)
            {
                Add(chunk, buffer.AsSpan(begin, length));
                begin += length;
                continue;
            }

            if (length == 0)
            {
                Sort(chunk);
                return;
            }

            buffer.AsSpan(begin, end - begin).CopyTo(buffer);
            (begin, end) = (0, end - begin);
            if (end == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }

            int more = await copy.ReadAsync(buffer.AsMemory(end), cancellationToken).ConfigureAwait(false);
            end += more > 0 ? more : throw new EndOfStreamException("The server's copy of entries ends in the middle of a row.");
        }
    }

    private void Add(RowChunk chunk, ReadOnlySpan<byte> tuple)
    {
        if (!chunk.TryAdd(tuple))
        {
            Sort(chunk);
            chunk.TryAdd(tuple);
        }
    }

    private void Sort(RowChunk chunk)
    {
        chunk.SortInto(RowOrder.Account, _byAccount);
        chunk.SortInto(RowOrder.Operation, _byOperation);
        chunk.SortInto(RowOrder.Batch, _byBatch);
        chunk.SortInto(_singles);
        chunk.Clear();
    }
}
