using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;

namespace Gongji.Storage;

/// <summary>Streams of rows from one session, which it owns. They may be interleaved: they take turns, some hundred rows at a time.</summary>
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

    /// <summary>The rows of a query.</summary>
    public async IAsyncEnumerable<T> ReadAsync<T>(string sql, Func<SqliteStatement, T> read, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        SqliteStatement statement;
        lock (_gate)
        {
            statement = session.Prepare(sql);
        }

        try
        {
            List<T> rows;
            do
            {
                cancellationToken.ThrowIfCancellationRequested();
                rows = await Task.Run(() => ReadChunk(statement, read), cancellationToken).ConfigureAwait(false);
                foreach (T row in rows)
                {
                    yield return row;
                }
            }
            while (rows.Count == ChunkRows);
        }
        finally
        {
            lock (_gate)
            {
                statement.Dispose();
            }
        }
    }

    private List<T> ReadChunk<T>(SqliteStatement statement, Func<SqliteStatement, T> read)
    {
        try
        {
            lock (_gate)
            {
                List<T> rows = new(ChunkRows);
                while (rows.Count < ChunkRows && statement.Step())
                {
                    rows.Add(read(statement));
                }

                return rows;
            }
        }
        catch (SqliteException exception)
        {
            throw SqliteSessions.Unavailable(exception);
        }
    }
}
