using System.Collections.Concurrent;
using System.Reflection;
using Gongji.Storage;

namespace Gongji.Grains.Tests;

/// <summary>A store that cannot load some accounts, and passes on all other calls.</summary>
public class PartlyUnreadableStore : DispatchProxy
{
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

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod!.Name == nameof(ILedgerStore.LoadAccountAsync) && _unreadable.ContainsKey((string)args![0]!)
            ? Task.FromException<AccountHistory>(new StoreUnavailableException("Refused by a test."))
            : targetMethod.Invoke(_store, args);
}
