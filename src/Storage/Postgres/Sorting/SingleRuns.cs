using System.Runtime.InteropServices;

namespace Gongji.Storage;

/// <summary>Entries that stand alone, by operation, in temporary files, as <see cref="RowRuns"/> has rows: 32 bytes of each.</summary>
internal sealed class SingleRuns : IDisposable
{
    private readonly RunFiles _files = new();

    /// <summary>Sorts them and writes them as a run.</summary>
    /// <exception cref="StoreUnavailableException">The temporary directory is full.</exception>
    public void Add(List<SingleEntry> entries)
    {
        if (entries.Count > 0)
        {
            entries.Sort();
            _files.Add((file, from) =>
            {
                ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(entries));
                RunFiles.Write(file, bytes, from);
                return from + bytes.Length;
            });
        }
    }

    /// <summary>All of them in their order.</summary>
    public SingleMerge Read() => new(_files.Runs);

    /// <inheritdoc/>
    public void Dispose() => _files.Dispose();
}
