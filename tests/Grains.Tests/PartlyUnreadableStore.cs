using System.Collections.Concurrent;
using System.Reflection;
using Gongji.Ledger;
using Gongji.Storage;

namespace Gongji.Grains.Tests;

/// <summary>A store that cannot load some accounts, or read sums of deltas, and passes on all other calls.</summary>
public class PartlyUnreadableStore : DispatchProxy
{
    /// <summary>In place of an account: sums of deltas cannot be read.</summary>
    public const string Deltas = "deltas";

    private ILedgerStore? _store;
    private ConcurrentDictionary<string, bool> _unreadable = [];

    /// <param name="store">The store to call.</param>
    /// <param name="unreadable">The accounts that cannot be loaded; may change at any time.</param>
    public static ILedgerStore Around(ILedgerStore store, ConcurrentDictionary<string, bool> unreadable)
    {
        ILedgerStore proxy = Create<ILedgerStore, PartlyUnreadableStore>();
        PartlyUnreadableStore self = (PartlyUnreadableStore)(object)proxy;
        (self._store, self._unreadable) = (store, unreadable);
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name switch
    {
        nameof(ILedgerStore.LoadAccountAsync) when _unreadable.ContainsKey((string)args![0]!) => Task.FromException<AccountHistory>(Refused()),
        nameof(ILedgerStore.ReadDeltasAsync) when _unreadable.ContainsKey(Deltas) => Task.FromException<IReadOnlyList<KeyValuePair<DeltaKey, DeltaSum>>>(Refused()),
        _ => targetMethod.Invoke(_store, args),
    };

    private static StoreUnavailableException Refused() => new("Refused by a test.");
}
