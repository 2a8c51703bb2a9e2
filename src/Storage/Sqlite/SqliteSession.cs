using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Gongji.Storage;

/// <summary>One connection with its prepared statements. Used by one thread at a time.</summary>
internal sealed class SqliteSession : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteStatement> _statements = [];

    /// <param name="path">The file.</param>
    /// <param name="readOnly">Whether to open it for reading only.</param>
    /// <param name="pragmas">Pragmas instead of those of a ledger.</param>
    public SqliteSession(string path, bool readOnly, string? pragmas = null)
    {
        SqliteConnectionStringBuilder settings = new()
        {
            DataSource = path,
            Mode = readOnly ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
        };
        _connection = new SqliteConnection(settings.ConnectionString);
        try
        {
            _connection.Open();
            Script(pragmas ?? (readOnly ? "PRAGMA busy_timeout = 5000; PRAGMA cache_size = -16000" : WriterSettings));
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    // In WAL mode, synchronous = FULL makes every commit wait for the disk. The checkpoint, which costs random writes, comes every 32 MB.
    private const string WriterSettings = """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA busy_timeout = 5000;
        PRAGMA cache_size = -64000;
        PRAGMA wal_autocheckpoint = 8000;
        PRAGMA journal_size_limit = 67108864;
        """;

    /// <summary>Whether a transaction is open.</summary>
    public bool IsInTransaction => raw.sqlite3_get_autocommit(_connection.Handle!) == 0;

    /// <summary>A prepared statement, ready to be bound; kept for reuse.</summary>
    public SqliteStatement Statement(string sql)
    {
        if (!_statements.TryGetValue(sql, out SqliteStatement? statement))
        {
            statement = Prepare(sql);
            _statements.Add(sql, statement);
        }

        return statement;
    }

    /// <summary>A new statement, which the caller must dispose of before the session.</summary>
    public SqliteStatement Prepare(string sql) => new(_connection.Handle!, sql);

    public void Execute(string sql) => Statement(sql).Execute();

    /// <summary>Runs several statements.</summary>
    public void Script(string sql)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Checks the whole file for damage, unless it is larger than <paramref name="bytesMax"/>.</summary>
    /// <exception cref="StoreUnavailableException">The file is damaged.</exception>
    public void RequireSound(long bytesMax)
    {
        if (new FileInfo(_connection.DataSource).Length > bytesMax)
        {
            return;
        }

        using SqliteStatement check = Prepare("PRAGMA quick_check(1)");
        string found = check.Step() ? check.GetString(0) : string.Empty;
        if (found != "ok")
        {
            throw SqliteSessions.Damaged(found, null);
        }
    }

    public void Dispose()
    {
        foreach (SqliteStatement statement in _statements.Values)
        {
            statement.Dispose();
        }

        _connection.Dispose();
    }
}
