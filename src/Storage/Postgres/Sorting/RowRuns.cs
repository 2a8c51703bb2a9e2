using Microsoft.Win32.SafeHandles;

namespace Gongji.Storage;

/// <summary>
/// Rows in one order, in temporary files: runs, each sorted, which are merged when they are read. Several threads may use it, as <see cref="RunFiles"/>
/// says.
/// </summary>
internal sealed class RowRuns(RowOrder order) : IDisposable
{
    private const int WriteBytes = 256 * 1_024;

    private readonly RunFiles _files = new();

    /// <summary>Writes a run.</summary>
    /// <param name="keys">Its rows, in order.</param>
    /// <param name="chunk">Where they are.</param>
    /// <exception cref="StoreUnavailableException">The temporary directory is full.</exception>
    public void Add(List<RowChunk.Key> keys, RowChunk chunk) => _files.Add((file, from) => Write(file, from, keys, chunk));

    /// <summary>The rows in their order, from the first on.</summary>
    public RowMerge Read() => new(order, _files.Runs);

    /// <inheritdoc/>
    public void Dispose() => _files.Dispose();

    private static long Write(SafeFileHandle file, long at, List<RowChunk.Key> keys, RowChunk chunk)
    {
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
        return at;

        void Flush()
        {
            RunFiles.Write(file, buffer.AsSpan(0, used), at);
            at += used;
            used = 0;
        }
    }
}
