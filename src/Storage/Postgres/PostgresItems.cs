namespace Gongji.Storage;

/// <summary>An entry out of its row.</summary>
/// <param name="Encoded">The entry.</param>
/// <param name="Position">Its place in its batch.</param>
/// <param name="Extra">What was read with the row.</param>
internal readonly record struct PostgresItem<T>(EncodedEntry Encoded, int Position, T Extra);

/// <summary>Rows to entries: an outcome's place is not beside that of its row in every order.</summary>
internal static class PostgresItems
{
    /// <summary>The entries of rows that come group by group; each group in its order. A group is held in memory: a batch, or the entries of an operation.</summary>
    public static async IAsyncEnumerable<PostgresItem<T>> RegroupAsync<T>(
        IAsyncEnumerable<(PostgresRow Row, T Extra)> rows, Func<PostgresItem<T>, PostgresItem<T>, bool> isSameGroup, Comparison<PostgresItem<T>> order)
    {
        List<PostgresItem<T>> group = [];
        bool isInOrder = true;
        await foreach ((PostgresRow row, T extra) in rows.ConfigureAwait(false))
        {
            PostgresItem<T> first = new(row.First, row.Position, extra);
            if (group.Count > 0 && !isSameGroup(group[0], first))
            {
                foreach (PostgresItem<T> item in Ordered())
                {
                    yield return item;
                }

                group.Clear();
                isInOrder = true;
            }

            Add(first);
            if (row.Outcome is { } outcome)
            {
                Add(new(outcome, row.OutcomePosition, extra));
            }
        }

        foreach (PostgresItem<T> item in Ordered())
        {
            yield return item;
        }

        void Add(PostgresItem<T> item)
        {
            isInOrder = isInOrder && (group.Count == 0 || order(group[^1], item) <= 0);
            group.Add(item);
        }

        List<PostgresItem<T>> Ordered()
        {
            if (!isInOrder)
            {
                group.Sort(order);
            }

            return group;
        }
    }
}
