using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Gongji.Storage;

/// <summary>
/// The other side's lines, kept in a temporary file until they can be read by id: the upload may be in any order, and larger than memory. SQLite sorts it
/// on disk. Nothing is synced, since nothing of it outlives the comparison.
/// </summary>
public sealed class UploadedLines : IDisposable
{
    private const int ChunkLines = 4_096;
    private const string Settings = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA temp_store = FILE; PRAGMA cache_size = -16000";

    private readonly string _directory;
    private readonly List<(Guid Id, long AmountFen)> _chunk = new(ChunkLines);
    private readonly SqliteSession _session;
    private readonly SqliteStreams _streams;
    private long _magnitudeFen;

    private UploadedLines(string directory)
    {
        _directory = directory;
        SqliteSession? session = null;
        try
        {
            session = new SqliteSession(Path.Combine(_directory, "lines.db"), readOnly: false, Settings);
            session.Execute("CREATE TABLE lines (id BLOB NOT NULL, amount_fen INTEGER NOT NULL) STRICT");
        }
        catch
        {
            session?.Dispose();
            Remove(_directory);
            throw;
        }

        _session = session;
        _streams = new SqliteStreams(_session);
    }

    /// <summary>Makes an empty set of lines in the temporary directory.</summary>
    /// <exception cref="StoreUnavailableException">The temporary directory is full, or cannot be written.</exception>
    public static Task<UploadedLines> OpenAsync(CancellationToken cancellationToken) => OpenAsync(null, cancellationToken);

    /// <summary>The same in another directory.</summary>
    internal static async Task<UploadedLines> OpenAsync(string? within, CancellationToken cancellationToken)
    {
        try
        {
            return await Task.Run(() => new UploadedLines(MakeDirectory(within)), cancellationToken).ConfigureAwait(false);
        }
        catch (SqliteException exception)
        {
            throw Unavailable(exception);
        }
        catch (Exception exception) when (NamelessFile.IsOfTheDisk(exception))
        {
            throw new StoreUnavailableException($"The uploaded lines cannot be kept in {within ?? Path.GetTempPath()}: {exception.Message}", exception);
        }
    }

    /// <summary>Lines added so far.</summary>
    public long Count { get; private set; }

    /// <summary>What they add up to, in fen.</summary>
    public long AmountFen { get; private set; }

    /// <summary>Adds a line; false when the sum of all lines might be more fen than 64 bits hold.</summary>
    /// <exception cref="StoreUnavailableException">The temporary directory is full.</exception>
    public async ValueTask<bool> TryAddAsync(Guid id, long amountFen, CancellationToken cancellationToken)
    {
        if (Math.Abs(amountFen) > long.MaxValue - _magnitudeFen)
        {
            return false;
        }

        _magnitudeFen += Math.Abs(amountFen);
        (Count, AmountFen) = (Count + 1, AmountFen + amountFen);
        _chunk.Add((id, amountFen));
        if (_chunk.Count == ChunkLines)
        {
            await FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    /// <summary>For each id, in order: what its lines add up to, and how many they are.</summary>
    public async IAsyncEnumerable<(Guid Id, long AmountFen, long Lines)> ByIdAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken).ConfigureAwait(false);
        await foreach ((Guid, long, long) line in _streams.ReadAsync(
            "SELECT id, sum(amount_fen), count(*) FROM lines GROUP BY id ORDER BY id",
            row => (row.GetGuid(0), row.GetInt64(1), row.GetInt64(2)),
            cancellationToken).ConfigureAwait(false))
        {
            yield return line;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _streams.Dispose();
        Remove(_directory);
    }

    /// <summary>
    /// Writes the lines that are still in memory; once all lines are added, everything after this only reads. Runs on a thread of the pool, since SQLite
    /// blocks.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The temporary directory is full.</exception>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Run(Write, cancellationToken).ConfigureAwait(false);
        }
        catch (SqliteException exception)
        {
            throw Unavailable(exception);
        }

        _chunk.Clear();
    }

    private void Write()
    {
        _session.Execute("BEGIN");
        SqliteStatement insert = _session.Statement("INSERT INTO lines VALUES (?1, ?2)");
        foreach ((Guid id, long amountFen) in _chunk)
        {
            insert.Bind(1, id).Bind(2, amountFen).Execute();
        }

        _session.Execute("COMMIT");
    }

    private static string MakeDirectory(string? within)
    {
        const string Prefix = "gongji-reconciliation-";
        return within is null ? Directory.CreateTempSubdirectory(Prefix).FullName : Directory.CreateDirectory(Path.Combine(within, $"{Prefix}{Guid.NewGuid():N}")).FullName;
    }

    /// <summary>Files that cannot be removed are left in the temporary directory: the answer must not be lost because of them.</summary>
    private static void Remove(string directory)
    {
        try
        {
            Directory.Delete(directory, recursive: true);
        }
        catch (Exception exception) when (NamelessFile.IsOfTheDisk(exception))
        {
        }
    }

    private static StoreUnavailableException Unavailable(SqliteException exception) => new(
        string.Create(CultureInfo.InvariantCulture, $"The uploaded lines cannot be kept in {Path.GetTempPath()}: {exception.Message} (SQLite {exception.SqliteExtendedErrorCode})"), exception);
}
