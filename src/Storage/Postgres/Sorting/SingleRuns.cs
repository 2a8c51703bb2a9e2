using System.Runtime.InteropServices;

namespace Gongji.Storage;

/// <summary>Entries that stand alone, by operation, in temporary files, as <see cref="RowRuns"/> has rows: 32 bytes each.</summary>
internal sealed class SingleRuns : IDisposable
{
    private readonly RunFiles _files = new();

    /// <summary>Sorts them and writes them as a run.</summary>
    /// <exception cref="StoreUnavailableException">The temporary directory is full.</exception>
    public void Add(List<SingleEntry> entries)
    {
        if (entries.Count > 0)
        {
            SingleEntry[] sorted = Sort(CollectionsMarshal.AsSpan(entries));
            _files.Add((file, from) =>
            {
                ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(sorted.AsSpan());
                RunFiles.Write(file, bytes, from);
                return from + bytes.Length;
            });
        }
    }

    /// <summary>All of them in their order.</summary>
    public SingleMerge Read() => new(_files.Runs);

    /// <inheritdoc/>
    public void Dispose() => _files.Dispose();

    /// <summary>Sorts by the high half alone, which is much faster than sorting whole entries; where high halves are equal, the low half decides.</summary>
    private static SingleEntry[] Sort(ReadOnlySpan<SingleEntry> entries)
    {
        ulong[] keys = GC.AllocateUninitializedArray<ulong>(entries.Length);
        int[] places = GC.AllocateUninitializedArray<int>(entries.Length);
        for (int i = 0; i < entries.Length; i++)
        {
            (keys[i], places[i]) = (entries[i].High, i);
        }

        Array.Sort(keys, places);
        SingleEntry[] sorted = GC.AllocateUninitializedArray<SingleEntry>(entries.Length);
        for (int i = 0; i < sorted.Length; i++)
        {
            sorted[i] = entries[places[i]];
        }

        for (int from = 0; from < sorted.Length;)
        {
            int until = from + 1;
            while (until < sorted.Length && keys[until] == keys[from])
            {
                until++;
            }

            if (until - from > 1)
            {
                sorted.AsSpan(from..until).Sort(static (one, other) => one.Low.CompareTo(other.Low));
            }

            from = until;
        }

        return sorted;
    }
}
