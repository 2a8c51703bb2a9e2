using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Gongji.Storage;

/// <summary>
/// One session that writes and a few that read. SQLite blocks, so its work runs on the thread pool: a grain's turn never waits for a disk.
/// </summary>
internal sealed class SqliteSessions : IDisposable
{
    private const string FileName = "ledger.db";

    // What .NET keeps of the system's error when a file is held by another process: EWOULDBLOCK, or a sharing violation.
    private const int HeldOnLinux = 11;
    private const int HeldOnBsd = 35;
    private const int HeldOnWindows = unchecked((int)0x8007_0020);

    private readonly string _path;
    private readonly bool _readOnly;
    private readonly FileStream? _lock;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly SemaphoreSlim _reading = new(StorageLimits.SqliteReadersMax, StorageLimits.SqliteReadersMax);
    private readonly ConcurrentBag<SqliteSession> _readers = [];
    private SqliteSession? _writer;
    private bool _disposed;

    public SqliteSessions(SqliteStoreOptions options)
    {
        _path = Path.Combine(options.Directory, FileName);
        _readOnly = options.ReadOnly;
        if (!_readOnly)
        {
            PrivateFiles.CreateDirectory(options.Directory);
            _lock = TakeLock(Path.Combine(options.Directory, "ledger.lock"));
            CreateFile(_path);
        }
        else
        {
            RequireFile(_path);
        }
    }

    /// <summary>Whether others on this machine can read or write the ledger.</summary>
    public bool IsExposed => PrivateFiles.IsExposed(_path);

    /// <summary>Runs work on the one session that writes. After an exception, the session is opened anew; a conflict is a result, not an exception.</summary>
    public async Task<T> WriteAsync<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken)
    {
        if (_readOnly)
        {
            throw new InvalidOperationException("This store was opened only for reading.");
        }

        ObjectDisposedException.ThrowIf(_disposed, this);
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => Guard(() => work(_writer ??= new SqliteSession(_path, readOnly: false))), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception)
        {
            _writer?.Dispose();
            _writer = null;
            throw;
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Runs work on a session that reads.</summary>
    public async Task<T> ReadAsync<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        await _reading.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => Guard(() => Read(work)), CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>A session for reading that the caller disposes.</summary>
    public SqliteSession OpenReader() => new(_path, readOnly: true);

    /// <summary>The exception for a file that SQLite finds damaged.</summary>
    public static StoreUnavailableException Damaged(string found, SqliteException? exception) => new(
        $"{FileName} is damaged ({found.ReplaceLineEndings(" ").Trim()}). Keep it as it is for whoever looks into it, and restore a backup: docs/operating.md, \"Backup and restore\".", exception);

    public static StoreUnavailableException Unavailable(SqliteException exception) => exception.SqliteErrorCode == raw.SQLITE_CORRUPT ? Damaged(exception.Message, exception) : new(
        exception.SqliteErrorCode switch
        {
            raw.SQLITE_CANTOPEN or raw.SQLITE_READONLY or raw.SQLITE_PERM =>
                $"This user lacks a permission: to read {FileName}, or to write in its directory, where SQLite keeps files beside it even when it only reads (SQLite {exception.SqliteExtendedErrorCode}). Mend it, or run as the user who runs the server.",
            raw.SQLITE_NOTADB => $"{FileName} is not a SQLite database (SQLite {exception.SqliteExtendedErrorCode}). Give the directory that the server keeps its ledger in.",
            _ => $"The embedded store refuses to work: {exception.Message} (SQLite {exception.SqliteExtendedErrorCode})",
        },
        exception);

    /// <summary>Runs work on SQLite and turns SQLite's errors into the store's exceptions.</summary>
    /// <exception cref="StoreUnavailableException">SQLite refused.</exception>
    /// <exception cref="OverflowException">A sum is past 64 bits. The store's own figures never add up to that, so it was changed from outside.</exception>
    public static T Guard<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode == raw.SQLITE_ERROR && exception.Message.Contains("integer overflow", StringComparison.Ordinal))
        {
            throw new OverflowException("A sum is past 64 bits.", exception);
        }
        catch (SqliteException exception)
        {
            throw Unavailable(exception);
        }
    }

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        foreach (SqliteSession reader in _readers)
        {
            reader.Dispose();
        }

        // The writer is closed last, so that it writes the WAL back and removes it.
        _writer?.Dispose();
        _lock?.Dispose();
        _writing.Dispose();
        _reading.Dispose();
    }

    private static FileStream TakeLock(string path)
    {
        try
        {
            return new FileStream(path, PrivateFiles.OpenOrCreate(FileShare.None));
        }
        catch (IOException exception) when (!IsHeld(exception))
        {
            throw new StoreUnavailableException($"The data directory cannot be locked, for {path} cannot be written: {exception.Message}", exception);
        }
        catch (IOException exception)
        {
            throw new StoreUnavailableException(
                $"The data directory {Path.GetDirectoryName(path)} is in use by another process (it holds {path}). One process at a time can write an embedded store; stop the other one, or use another directory.", exception);
        }
    }

    /// <summary>Whether another process holds the file, as opposed to a disk that is full or may only be read.</summary>
    private static bool IsHeld(IOException exception) => exception.HResult is HeldOnLinux or HeldOnBsd or HeldOnWindows;

    /// <summary>
    /// Creates the file empty, which to SQLite is a database without tables. SQLite would make it readable for everybody; the files that it keeps beside
    /// it get the same mode. A file that exists is not opened: see <see cref="RequireFile"/>.
    /// </summary>
    private static void CreateFile(string path)
    {
        if (!File.Exists(path))
        {
            new FileStream(path, PrivateFiles.OpenOrCreate(FileShare.ReadWrite)).Dispose();
        }
    }

    /// <summary>Checks that the file exists, without opening it: closing it again would drop the locks that SQLite has on it in this process.</summary>
    private static void RequireFile(string path)
    {
        try
        {
            _ = File.GetAttributes(path);
        }
        catch (UnauthorizedAccessException)
        {
            throw new StoreUnavailableException(
                $"This user lacks the permission to read the directory {Path.GetDirectoryName(path)}. Mend it, or run as the user who runs the server.");
        }
        catch (IOException)
        {
            throw new StoreUnavailableException($"There is no ledger at {path}. Give the directory that the server keeps its ledger in.");
        }
    }

    private T Read<T>(Func<SqliteSession, T> work)
    {
        if (!_readers.TryTake(out SqliteSession? session))
        {
            session = OpenReader();
        }

        try
        {
            T result = work(session);
            _readers.Add(session);
            return result;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }
}
