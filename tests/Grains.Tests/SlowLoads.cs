using System.Reflection;
using System.Threading.Channels;
using Gongji.Storage;

namespace Gongji.Grains.Tests;

/// <summary>A store whose loads of accounts read, but do not return until the test lets them.</summary>
public class SlowLoads : DispatchProxy
{
    private readonly Channel<bool> _read = Channel.CreateUnbounded<bool>();
    private readonly Channel<bool> _goOn = Channel.CreateUnbounded<bool>();
    private ILedgerStore? _store;

    public ILedgerStore Store => (ILedgerStore)(object)this;

    public static SlowLoads Around(ILedgerStore store)
    {
        SlowLoads self = (SlowLoads)(object)Create<ILedgerStore, SlowLoads>();
        self._store = store;
        return self;
    }

    /// <summary>Completes when another load has read.</summary>
    public ValueTask<bool> HasReadAsync() => _read.Reader.ReadAsync();

    /// <summary>Lets one load return.</summary>
    public void GoOn() => _goOn.Writer.TryWrite(true);

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod!.Name == nameof(ILedgerStore.LoadAccountAsync) ? LoadAsync((string)args![0]!) : targetMethod.Invoke(_store, args);

    private async Task<AccountHistory> LoadAsync(string account)
    {
        AccountHistory history = await _store!.LoadAccountAsync(account, CancellationToken.None);
        _read.Writer.TryWrite(true);
        await _goOn.Reader.ReadAsync();
        return history;
    }
}
