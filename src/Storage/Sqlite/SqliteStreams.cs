using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Gongji.Storage;

/// <summary>Streams of rows from one session, which this owns. Streams may be interleaved: they take turns, some hundred rows at a time.</summary>
internal sealed class SqliteStreams(SqliteSession session) : IDisposable
{
    private const int ChunkRows = 512;

    private readonly Lock _gate = new();

    public void Dispose()
    {
        lock (_gate)
        {
            session.Dispose();
        }
    }

    /// <summary>Runs other work on the session, in turn with the streams.</summary>
    public Task<T> RunAsync<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            lock (_gate)
            {
                return SqliteSessions.Guard(() => work(session));
            }
        },
        cancellationToken);

    /// <summary>The rows of a query. A row that cannot be read ends the stream with an exception, after all rows before it.</summary>
    public async IAsyncEnumerable<T> ReadAsync<T>(string sql, Func<SqliteStatement, T> read, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        SqliteStatement statement = await Task.Run(() => Prepare(sql), cancellationToken).ConfigureAwait(false);
        try
        {
            Chunk<T> chunk;
            do
            {
                cancellationToken.ThrowIfCancellationRequested();
                chunk = await Task.Run(() => ReadChunk(statement, read), cancellationToken).ConfigureAwait(false);
                foreach (T row in chunk.Rows)
                {
                    yield return row;
                }

                chunk.End?.Throw();
            }
            while (chunk.Rows.Count == ChunkRows);
        }
        finally
        {
            lock (_gate)
            {
                statement.Dispose();
            }
        }
    }

    private SqliteStatement Prepare(string sql)
    {
        lock (_gate)
        {
            return SqliteSessions.Guard(() => session.Prepare(sql));
        }
    }

    private Chunk<T> ReadChunk<T>(SqliteStatement statement, Func<SqliteStatement, T> read)
    {
        List<T> rows = new(ChunkRows);
        try
        {
            lock (_gate)
            {
                Func<bool> step = statement.Step;
                while (rows.Count < ChunkRows && SqliteSessions.Guard(step))
                {
                    rows.Add(read(statement));
                }
            }

            return new Chunk<T>(rows, null);
        }
        catch (Exception exception)
        {
            // An audit has to see the rows before the failure, and where it stopped.
            return new Chunk<T>(rows, ExceptionDispatchInfo.Capture(exception));
        }
    }

    /// <param name="Rows">What was read.</param>
    /// <param name="End">Why there is no more; null when nothing went wrong.</param>
    private readonly record struct Chunk<T>(List<T> Rows, ExceptionDispatchInfo? End);
}
