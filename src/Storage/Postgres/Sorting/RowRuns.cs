using System.Runtime.InteropServices;

namespace Gongji.Storage;

/// <summary>
/// Rows in one order, in a temporary file: runs, each sorted, which are merged when they are read. The file has no name, so nothing is left of it
/// however the process ends. Runs may be added by several threads at the same time, and the whole be read by several afterwards.
/// </summary>
internal sealed class RowRuns(RowOrder order) : IDisposable
{
    private const int WriteBytes = 256 * 1_024;

    private readonly FileStream _file = Open();
    private readonly List<(long From, long Until)> _runs = [];
    private readonly Lock _gate = new();
    private long _end;

    /// <summary>Writes a run.</summary>
    /// <param name="length">Of all its rows, in bytes.</param>
    /// <param name="keys">Its rows, in order.</param>
    /// <param name="chunk">Where they are.</param>
    /// <exception cref="StoreUnavailableException">The temporary directory is full.</exception>
    public void Add(long length, ReadOnlySpan<RowChunk.Key> keys, RowChunk chunk)
    {
        long at;
        lock (_gate)
        {
            at = _end;
            _end += length;
            _runs.Add((at, _end));
        }

        byte[] buffer = GC.AllocateUninitializedArray<byte>(WriteBytes);
        int used = 0;
        foreach (RowChunk.Key key in keys)
        {
            ReadOnlySpan<byte> row = chunk.RowAt(key.Begin);
            row = row[..RowFields.Of(row).Length];
            if (row.Length > buffer.Length - used)
            {
                Flush();
                if (row.Length > buffer.Length)
                {
                    buffer = GC.AllocateUninitializedArray<byte>(row.Length);
                }
            }

            row.CopyTo(buffer.AsSpan(used));
            used += row.Length;
        }

        Flush();

        void Flush()
        {
            try
            {
                RandomAccess.Write(_file.SafeFileHandle, buffer.AsSpan(0, used), at);
            }
            catch (IOException exception)
            {
                throw Unavailable(exception);
            }

            at += used;
            used = 0;
        }
    }

    /// <summary>The rows in their order, from the first on.</summary>
    public RowMerge Read() => new(order, _file.SafeFileHandle, CollectionsMarshal.AsSpan(_runs));

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    /// <summary>What an error of the temporary directory is to the caller. Without the error itself: whoever reports it would take it for one of the server.</summary>
    public static StoreUnavailableException Unavailable(Exception exception) =>
        new($"Entries are sorted in {Path.GetTempPath()} (TMPDIR), where that fails: {exception.Message}");

    /// <summary>Nobody else may read it: it has everybody's accounts.</summary>
    private static FileStream Open()
    {
        string path = Path.Combine(Path.GetTempPath(), $"gongji-audit-{Guid.NewGuid():N}");
        FileStreamOptions options = new()
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Delete,
            BufferSize = 0,
            Options = FileOptions.DeleteOnClose,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            FileStream file = new(path, options);
            if (!OperatingSystem.IsWindows())
            {
                File.Delete(path);
            }

            return file;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unavailable(exception);
        }
    }
}
