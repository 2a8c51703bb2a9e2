using System.Runtime.InteropServices;

namespace Gongji.Storage;

/// <summary>Merges runs of entries that stand alone into one, in their order. Memory: a piece of each run.</summary>
internal sealed class SingleMerge
{
    /// <summary>For all runs together, except that each has at least <see cref="RunBytesMin"/>.</summary>
    private const int BufferBytes = 4 * 1_024 * 1_024;

    private const int RunBytesMin = 4 * 1_024;
    private const int RunBytesMax = 256 * 1_024;

    private readonly PriorityQueue<Run, UInt128> _runs;

    public SingleMerge(ReadOnlySpan<RowRun> runs)
    {
        _runs = new(runs.Length);
        foreach (RowRun sorted in runs)
        {
            Run run = new(sorted, Math.Clamp(BufferBytes / runs.Length, RunBytesMin, RunBytesMax));
            if (run.MoveNext())
            {
                _runs.Enqueue(run, run.Key);
            }
        }
    }

    /// <summary>The current entry.</summary>
    public SingleEntry Current { get; private set; }

    /// <summary>Goes on to the next; false at the end.</summary>
    public bool MoveNext()
    {
        if (!_runs.TryPeek(out Run? run, out _))
        {
            return false;
        }

        Current = run.Current;
        if (run.MoveNext())
        {
            _runs.DequeueEnqueue(run, run.Key);
        }
        else
        {
            _runs.Dequeue();
        }

        return true;
    }

    /// <summary>One run, read from its beginning.</summary>
    private sealed class Run(RowRun run, int bufferBytes)
    {
        private readonly SingleEntry[] _buffer = new SingleEntry[bufferBytes / Marshal.SizeOf<SingleEntry>()];
        private long _read = run.From;
        private int _at = -1;
        private int _filled;

        public SingleEntry Current => _buffer[_at];

        public UInt128 Key => new(_buffer[_at].High, _buffer[_at].Low);

        public bool MoveNext() => ++_at < _filled || Fill();

        private bool Fill()
        {
            Span<byte> bytes = MemoryMarshal.AsBytes(_buffer.AsSpan());
            int until = (int)Math.Min(bytes.Length, run.Until - _read);
            for (int at = 0; at < until;)
            {
                int more = RunFiles.Read(run, bytes[at..], _read);
                at += more;
                _read += more;
            }

            (_at, _filled) = (0, until / Marshal.SizeOf<SingleEntry>());
            return _filled > 0;
        }
    }
}
