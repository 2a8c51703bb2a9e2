using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Gongji.Storage;

/// <summary>
/// A prepared statement, bound and read by column number. Microsoft.Data.Sqlite looks up each parameter by name at each execution, which costs more than
/// inserting the row. So the hot statements use SQLite's native interface, which it exposes.
/// </summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    public SqliteStatement(sqlite3 database, string sql)
    {
        _database = database;
        Check(raw.sqlite3_prepare_v2(database, sql, out _statement));
    }

    public SqliteStatement Bind(int parameter, long value)
    {
        Check(raw.sqlite3_bind_int64(_statement, parameter, value));
        return this;
    }

    public SqliteStatement Bind(int parameter, string value)
    {
        Check(raw.sqlite3_bind_text(_statement, parameter, value));
        return this;
    }

    /// <summary>Binds bytes; null is NULL.</summary>
    public SqliteStatement Bind(int parameter, byte[]? value)
    {
        Check(value switch
        {
            null => raw.sqlite3_bind_null(_statement, parameter),
            { Length: 0 } => raw.sqlite3_bind_zeroblob(_statement, parameter, 0),
            _ => raw.sqlite3_bind_blob(_statement, parameter, value),
        });
        return this;
    }

    /// <summary>Binds a uuid as 16 bytes, big-endian, so that it sorts as in PostgreSQL.</summary>
    public SqliteStatement Bind(int parameter, Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        Check(raw.sqlite3_bind_blob(_statement, parameter, bytes));
        return this;
    }

    /// <summary>Goes to the next row. When there is none: false, and the statement can be bound again.</summary>
    public bool Step()
    {
        int code = raw.sqlite3_step(_statement);
        if (code == raw.SQLITE_ROW)
        {
            return true;
        }

        // After a failed step, reset returns that step's code.
        int reset = raw.sqlite3_reset(_statement);
        if (code != raw.SQLITE_DONE)
        {
            Check(reset == raw.SQLITE_OK ? code : reset);
        }

        return false;
    }

    /// <summary>Runs a statement and ignores its rows.</summary>
    public void Execute()
    {
        while (Step())
        {
        }
    }

    /// <summary>Whether there is a row.</summary>
    public bool Any()
    {
        bool any = Step();
        Reset();
        return any;
    }

    public void Reset() => _ = raw.sqlite3_reset(_statement);

    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    public long GetInt64(int column) => raw.sqlite3_column_int64(_statement, column);

    public int GetInt32(int column) => checked((int)GetInt64(column));

    public string GetString(int column) => raw.sqlite3_column_text(_statement, column).utf8_to_string();

    public byte[] GetBytes(int column) => raw.sqlite3_column_blob(_statement, column).ToArray();

    public Guid GetGuid(int column) => new(raw.sqlite3_column_blob(_statement, column), bigEndian: true);

    public DateTimeOffset GetTime(int column) => DateTimeOffset.FromUnixTimeMilliseconds(GetInt64(column));

    public void Dispose() => _statement.Dispose();

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw new SqliteException(raw.sqlite3_errmsg(_database).utf8_to_string(), code & 0xFF, raw.sqlite3_extended_errcode(_database));
        }
    }
}
