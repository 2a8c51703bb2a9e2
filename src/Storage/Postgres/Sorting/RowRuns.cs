using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Gongji.Storage;

/// <summary>
/// Rows in one order, in temporary files: runs, each sorted, which are merged when they are read. The files have no names, so nothing is left of them
/// however the process ends. Runs may be added by several threads at the same time, and the whole be read by several afterwards. Each of the threads has a file for itself while it
/// writes: of one file, only one at a time could.
/// </summary>
internal sealed class RowRuns(RowOrder order) : IDisposable
{
    private const int WriteBytes = 256 * 1_024;

    private readonly List<FileStream> _files = [];
    private readonly Stack<FileStream> _idle = new();
    private readonly List<RowRun> _runs = [];
    private readonly Lock _gate = new();

    /// <summary>Writes a run.</summary>
    /// <param name="keys">Its rows, in order.</param>
    /// <param name="chunk">Where they are.</param>
    /// <exception cref="StoreUnavailableException">The temporary directory is full.</exception>
    public void Add(ReadOnlySpan<RowChunk.Key> keys, RowChunk chunk)
    {
        FileStream file = Take();
        long from = RandomAccess.GetLength(file.SafeFileHandle);
        long at = from;
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
        lock (_gate)
        {
            _runs.Add(new RowRun(file.SafeFileHandle, from, at));
            _idle.Push(file);
        }

        void Flush()
        {
            try
            {
                RandomAccess.Write(file.SafeFileHandle, buffer.AsSpan(0, used), at);
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
    public RowMerge Read() => new(order, CollectionsMarshal.AsSpan(_runs));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (FileStream file in _files)
        {
            file.Dispose();
        }
    }

    /// <summary>What an error of the temporary directory is to the caller. Without the error itself: whoever reports it would take it for one of the server.</summary>
    public static StoreUnavailableException Unavailable(Exception exception) =>
        new($"Entries are sorted in {Path.GetTempPath()} (TMPDIR), where that fails: {exception.Message}");

    /// <summary>A file that nobody writes to.</summary>
    private FileStream Take()
    {
        lock (_gate)
        {
            if (!_idle.TryPop(out FileStream? file))
            {
                _files.Add(file = Open());
            }

            return file;
        }
    }

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

/// <summary>Sorted rows one after the other, somewhere in a file.</summary>
internal readonly record struct RowRun(SafeFileHandle File, long From, long Until);
