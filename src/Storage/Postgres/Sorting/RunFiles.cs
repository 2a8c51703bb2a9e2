using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Gongji.Storage;

/// <summary>
/// Temporary files with sorted runs. They have no names, so that nothing of them is left however the process ends. Several threads may add runs at the
/// same time, and several may read all of them afterwards. Each thread has a file for itself while it writes: only one thread at a time could write to
/// one file.
/// </summary>
internal sealed class RunFiles : IDisposable
{
    private readonly List<FileStream> _files = [];
    private readonly Stack<FileStream> _idle = new();
    private readonly List<RowRun> _runs = [];
    private readonly Lock _gate = new();

    /// <summary>All runs written. Read this only when no thread writes any more.</summary>
    public ReadOnlySpan<RowRun> Runs => CollectionsMarshal.AsSpan(_runs);

    /// <summary>Writes at the end of a file that no other thread writes to, then notes what was written as a run.</summary>
    /// <param name="write">Writes; returns where it ends.</param>
    /// <exception cref="StoreUnavailableException">The temporary directory is full.</exception>
    public void Add(Func<SafeFileHandle, long, long> write)
    {
        FileStream file = Take();
        long from = RandomAccess.GetLength(file.SafeFileHandle);
        long until = write(file.SafeFileHandle, from);
        lock (_gate)
        {
            _runs.Add(new RowRun(file.SafeFileHandle, from, until));
            _idle.Push(file);
        }
    }

    /// <exception cref="StoreUnavailableException">The temporary directory is full.</exception>
    public static void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long at)
    {
        try
        {
            RandomAccess.Write(file, bytes, at);
        }
        catch (IOException exception)
        {
            throw Unavailable(exception);
        }
    }

    /// <summary>Reads the next bytes of a run: at least one.</summary>
    /// <exception cref="StoreUnavailableException">The temporary file cannot be read.</exception>
    public static int Read(in RowRun run, Span<byte> bytes, long at)
    {
        try
        {
            int more = RandomAccess.Read(run.File, bytes[..(int)Math.Min(bytes.Length, run.Until - at)], at);
            return more > 0 ? more : throw new EndOfStreamException("The file is shorter than what was written.");
        }
        catch (IOException exception)
        {
            throw Unavailable(exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (FileStream file in _files)
        {
            file.Dispose();
        }
    }

    /// <summary>The exception for an error of the temporary directory. It has no inner exception, since a caller would report that as an error of the server.</summary>
    private static StoreUnavailableException Unavailable(Exception exception) =>
        new($"Entries are sorted in {Path.GetTempPath()} (TMPDIR), where that fails: {exception.Message}");

    /// <summary>A file that no thread writes to.</summary>
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

    /// <summary>No other user may read the file: it has everybody's accounts.</summary>
    private static FileStream Open()
    {
        try
        {
            return NamelessFile.Create("gongji-audit-", FileOptions.None, bufferBytes: 0);
        }
        catch (Exception exception) when (NamelessFile.IsOfTheDisk(exception))
        {
            throw Unavailable(exception);
        }
    }
}

/// <summary>A run: sorted rows, or keys, one after the other in a part of a file.</summary>
internal readonly record struct RowRun(SafeFileHandle File, long From, long Until);
