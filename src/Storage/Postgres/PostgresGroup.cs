using Gongji.Ledger;

namespace Gongji.Storage;

/// <summary>An entry taken from its row.</summary>
/// <param name="Encoded">The entry.</param>
/// <param name="Position">Its place in its batch.</param>
/// <param name="Extra">What was read with the row.</param>
internal readonly record struct PostgresItem<T>(EncodedEntry Encoded, int Position, T Extra);

/// <summary>
/// The entries of rows that belong together: a batch, or an operation. Rows arrive in their order, but in some orders an outcome does not come right
/// after the entry whose row it is in.
/// </summary>
internal sealed class PostgresGroup<T>(Comparison<PostgresItem<T>> order)
{
    private readonly List<PostgresItem<T>> _items = [];
    private bool _isInOrder = true;

    public int Count => _items.Count;

    /// <summary>Any entry of the group; there must be one.</summary>
    public Entry Any => _items[0].Encoded.Entry;

    public void Add(in PostgresRow row, T extra)
    {
        Add(new PostgresItem<T>(row.First, row.Position, extra));
        if (row.Outcome is { } outcome)
        {
            Add(new PostgresItem<T>(outcome, row.OutcomePosition, extra));
        }
    }

    /// <summary>The entries in their order, until the group is changed.</summary>
    public List<PostgresItem<T>> Ordered()
    {
        if (!_isInOrder)
        {
            _items.Sort(order);
            _isInOrder = true;
        }

        return _items;
    }

    public void Clear()
    {
        _items.Clear();
        _isInOrder = true;
    }

    private void Add(PostgresItem<T> item)
    {
        _isInOrder = _isInOrder && (_items.Count == 0 || order(_items[^1], item) <= 0);
        _items.Add(item);
    }
}
