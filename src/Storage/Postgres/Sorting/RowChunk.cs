using System.Runtime.InteropServices;
using Gongji.Ledger;

namespace Gongji.Storage;

/// <summary>The rows that are sorted together in memory. One reader uses it again and again.</summary>
/// <param name="capacity">In bytes; a larger row has the chunk for itself.</param>
internal sealed class RowChunk(int capacity)
{
    private readonly List<int> _begins = [];
    private readonly List<Key> _keys = [];
    private readonly List<SingleEntry> _singles = [];
    private byte[] _bytes = GC.AllocateUninitializedArray<byte>(capacity);
    private int _used;

    public bool IsEmpty => _begins.Count == 0;

    /// <summary>Adds a row; false when there is no room for it.</summary>
    /// <exception cref="InvalidCastException">See <see cref="RowTuple.Write"/>.</exception>
    public bool TryAdd(ReadOnlySpan<byte> tuple)
    {
        int length = RowTuple.RowLengthMax(tuple.Length);
        if (length > _bytes.Length - _used)
        {
            if (!IsEmpty)
            {
                return false;
            }

            _bytes = GC.AllocateUninitializedArray<byte>(length);
        }

        _begins.Add(_used);
        _used += RowTuple.Write(tuple, _bytes.AsSpan(_used));
        return true;
    }

    public void Clear()
    {
        _begins.Clear();
        _used = 0;
    }

    /// <summary>Sorts the rows that belong in an order and adds them to its runs.</summary>
    public void SortInto(RowOrder order, RowRuns runs)
    {
        _keys.Clear();
        foreach (int begin in _begins)
        {
            ref readonly RowFields fields = ref RowFields.Of(RowAt(begin));
            if (order.Takes(fields))
            {
                (ulong high, ulong low) = order.KeyOf(fields);
                _keys.Add(new Key(high, low, begin));
            }
        }

        Span<Key> keys = CollectionsMarshal.AsSpan(_keys);
        keys.Sort();
        SortEqual(keys, order);
        runs.Add(_keys, this);
    }

    /// <summary>Adds to the runs what is kept of entries that stand alone: those of callers' operations that <see cref="RowOrder.Operation"/> does not take.</summary>
    public void SortInto(SingleRuns runs)
    {
        _singles.Clear();
        foreach (int begin in _begins)
        {
            ref readonly RowFields fields = ref RowFields.Of(RowAt(begin));
            if (fields.Leg == (short)Leg.Opening && !RowOrder.Operation.Takes(fields))
            {
                (ulong high, ulong low) = RowOrder.KeyOf(fields.Operation);
                _singles.Add(new SingleEntry(high, low, fields.Account, fields.Version));
            }
        }

        runs.Add(_singles);
    }

    /// <summary>The row that begins at an offset; the span goes on after its end.</summary>
    public ReadOnlySpan<byte> RowAt(int begin) => _bytes.AsSpan(begin, _used - begin);

    /// <summary>Where keys are equal, the rows themselves decide.</summary>
    private void SortEqual(Span<Key> keys, RowOrder order)
    {
        for (int from = 0; from < keys.Length;)
        {
            int until = from + 1;
            while (until < keys.Length && keys[until].CompareTo(keys[from]) == 0)
            {
                until++;
            }

            if (until - from > 1)
            {
                keys[from..until].Sort((one, other) => order.CompareRest(RowAt(one.Begin), RowAt(other.Begin)));
            }

            from = until;
        }
    }

    /// <summary>What a row is sorted by, and where it is.</summary>
    internal readonly record struct Key(ulong High, ulong Low, int Begin) : IComparable<Key>
    {
        public int CompareTo(Key other)
        {
            int high = High.CompareTo(other.High);
            return high != 0 ? high : Low.CompareTo(other.Low);
        }
    }
}
