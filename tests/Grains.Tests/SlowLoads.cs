using System.Reflection;
using Gongji.Storage;

namespace Gongji.Grains.Tests;

/// <summary>A store whose loads of accounts have read but do not come back before they are told to.</summary>
public class SlowLoads : DispatchProxy
{
    private readonly TaskCompletionSource _read = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ILedgerStore? _store;

    /// <summary>Completes when an account was read.</summary>
    public Task HasRead => _read.Task;

    public ILedgerStore Store => (ILedgerStore)(object)this;

    public static SlowLoads Around(ILedgerStore store)
    {
        SlowLoads self = (SlowLoads)(object)Create<ILedgerStore, SlowLoads>();
        self._store = store;
        return self;
    }

    public void GoOn() => _goOn.SetResult();

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod!.Name == nameof(ILedgerStore.LoadAccountAsync) ? LoadAsync((string)args![0]!) : targetMethod.Invoke(_store, args);

    private async Task<AccountHistory> LoadAsync(string account)
    {
        AccountHistory history = await _store!.LoadAccountAsync(account, CancellationToken.None);
        _read.TrySetResult();
        await _goOn.Task;
        return history;
    }
}
