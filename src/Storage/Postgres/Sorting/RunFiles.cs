using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Gongji.Storage;

/// <summary>
/// Temporary files with sorted runs. They have no names, so nothing is left of them however the process ends. Runs may be added by several threads at the
/// same time, and the whole be read by several afterwards. Each of the threads has a file for itself while it writes: of one file, only one at a time could.
/// </summary>
internal sealed class RunFiles : IDisposable
{
    private readonly List<FileStream> _files = [];
    private readonly Stack<FileStream> _idle = new();
    private readonly List<RowRun> _runs = [];
    private readonly Lock _gate = new();

    /// <summary>All that was written. To be read when no thread writes any more.</summary>
    public ReadOnlySpan<RowRun> Runs => CollectionsMarshal.AsSpan(_runs);

    /// <summary>Writes at the end of a file that nobody else writes to, then notes what was written as a run.</summary>
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

    /// <summary>Reads on in a run: at least one byte.</summary>
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

    /// <summary>What an error of the temporary directory is to the caller. Without the error itself: whoever reports it would take it for one of the server.</summary>
    private static StoreUnavailableException Unavailable(Exception exception) =>
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

/// <summary>Sorted rows, or keys, one after the other, somewhere in a file.</summary>
internal readonly record struct RowRun(SafeFileHandle File, long From, long Until);
