using Gongji.Ledger;

namespace Gongji.Storage;

/// <summary>Finds which payments entries belong to, for code that shows entries.</summary>
public static class PaymentNames
{
    /// <summary>The payments, by operation, of those entries that do not name theirs: one query for all of them, and none when there are no such entries.</summary>
    /// <param name="readOperations">Reads operations: <see cref="ILedgerStore.ReadOperationsAsync"/>.</param>
    /// <param name="entries">The entries.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    public static async Task<IReadOnlyDictionary<Guid, Guid>> ReadAsync(
        Func<IReadOnlyCollection<Guid>, CancellationToken, Task<IReadOnlyDictionary<Guid, IReadOnlyList<Entry>>>> readOperations,
        IEnumerable<Entry> entries,
        CancellationToken cancellationToken)
    {
        Dictionary<Guid, Guid> payments = [];
        HashSet<Guid> unnamed = [.. entries.Where(PaymentIds.IsInOpening).Select(entry => entry.Operation)];
        if (unnamed.Count > 0)
        {
            foreach ((Guid operation, IReadOnlyList<Entry> all) in await readOperations(unnamed, cancellationToken).ConfigureAwait(false))
            {
                if (PaymentState.From(all) is { } state)
                {
                    payments.Add(operation, state.Terms.Payment);
                }
            }
        }

        return payments;
    }

    /// <summary>The payment of an entry; null when it belongs to none.</summary>
    public static Guid? Of(Entry entry, IReadOnlyDictionary<Guid, Guid> read) =>
        PaymentIds.Of(entry) ?? (PaymentIds.IsInOpening(entry) && read.TryGetValue(entry.Operation, out Guid payment) ? payment : null);
}
