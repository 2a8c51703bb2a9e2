namespace Gongji.Storage;

/// <summary>Merges runs of rows into one, in their order. Memory: a piece of each run.</summary>
internal sealed class RowMerge
{
    /// <summary>For all runs together, except that each has at least <see cref="RunBytesMin"/>.</summary>
    private const int BufferBytes = 16 * 1_024 * 1_024;

    private const int RunBytesMin = 16 * 1_024;
    private const int RunBytesMax = 512 * 1_024;

    private readonly RowOrder _order;

    /// <summary>A binary heap: no run's row comes before that of its parent. A run whose rows are all read is removed.</summary>
    private readonly List<Run> _runs = [];

    private bool _isMoved;

    public RowMerge(RowOrder order, ReadOnlySpan<RowRun> runs)
    {
        _order = order;
        foreach (RowRun sorted in runs)
        {
            Run run = new(order, sorted, Math.Clamp(BufferBytes / runs.Length, RunBytesMin, RunBytesMax));
            if (run.MoveNext())
            {
                _runs.Add(run);
            }
        }

        for (int place = _runs.Count / 2; place >= 0; place--)
        {
            MoveDown(place);
        }
    }

    /// <summary>The current row's key.</summary>
    public (ulong High, ulong Low) Key => (_runs[0].High, _runs[0].Low);

    /// <summary>The current row; valid until the next move.</summary>
    public ReadOnlySpan<byte> Row => _runs[0].Row;

    /// <summary>Goes on to the next row; false at the end.</summary>
    public bool MoveNext()
    {
        if (_isMoved)
        {
            if (!_runs[0].MoveNext())
            {
                _runs[0] = _runs[^1];
                _runs.RemoveAt(_runs.Count - 1);
            }

            MoveDown(0);
        }

        _isMoved = true;
        return _runs.Count > 0;
    }

    private void MoveDown(int place)
    {
        while (2 * place + 1 < _runs.Count)
        {
            int child = 2 * place + 1;
            child += child + 1 < _runs.Count && IsBefore(_runs[child + 1], _runs[child]) ? 1 : 0;
            if (!IsBefore(_runs[child], _runs[place]))
            {
                return;
            }

            (_runs[place], _runs[child]) = (_runs[child], _runs[place]);
            place = child;
        }
    }

    private bool IsBefore(Run one, Run other) =>
        one.High != other.High ? one.High < other.High
        : one.Low != other.Low ? one.Low < other.Low
        : _order.CompareRest(one.Row, other.Row) < 0;

    /// <summary>One run, read from its beginning.</summary>
    private sealed class Run(RowOrder order, RowRun run, int bufferBytes)
    {
        private byte[] _buffer = GC.AllocateUninitializedArray<byte>(bufferBytes);
        private long _read = run.From;
        private int _at;
        private int _length;
        private int _filled;

        public ulong High { get; private set; }

        public ulong Low { get; private set; }

        public ReadOnlySpan<byte> Row => _buffer.AsSpan(_at, _length);

        public bool MoveNext()
        {
            _at += _length;
            _length = 0;
            if (!Has(RowFields.Size))
            {
                return false;
            }

            int length = RowFields.Of(_buffer.AsSpan(_at)).Length;
            Has(length);
            _length = length;
            (High, Low) = order.KeyOf(RowFields.Of(Row));
            return true;
        }

        /// <summary>Reads on until at least <paramref name="bytes"/> bytes are there; false at the end of the run.</summary>
        private bool Has(int bytes)
        {
            if (_filled - _at >= bytes)
            {
                return true;
            }

            byte[] buffer = bytes > _buffer.Length ? GC.AllocateUninitializedArray<byte>(bytes) : _buffer;
            _buffer.AsSpan(_at, _filled - _at).CopyTo(buffer);
            (_buffer, _filled, _at) = (buffer, _filled - _at, 0);
            while (_filled < bytes && _read < run.Until)
            {
                int more = RunFiles.Read(run, _buffer.AsSpan(_filled), _read);
                _filled += more;
                _read += more;
            }

            return _filled >= bytes;
        }
    }
}
