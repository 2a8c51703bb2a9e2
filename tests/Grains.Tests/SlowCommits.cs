using System.Reflection;
using System.Threading.Channels;
using Gongji.Storage;

namespace Gongji.Grains.Tests;

/// <summary>A store whose commits wait until the test lets them proceed, one by one.</summary>
public class SlowCommits : DispatchProxy
{
    private readonly Channel<int> _come = Channel.CreateUnbounded<int>();
    private readonly Channel<bool> _goOn = Channel.CreateUnbounded<bool>();
    private ILedgerStore? _store;

    public ILedgerStore Store => (ILedgerStore)(object)this;

    public static SlowCommits Around(ILedgerStore store)
    {
        SlowCommits self = (SlowCommits)(object)Create<ILedgerStore, SlowCommits>();
        self._store = store;
        return self;
    }

    /// <summary>Completes when another commit has come, with the number of its entries.</summary>
    public ValueTask<int> HasComeAsync() => _come.Reader.ReadAsync();

    /// <summary>Lets one commit proceed.</summary>
    public void GoOn() => _goOn.Writer.TryWrite(true);

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod!.Name == nameof(ILedgerStore.CommitAsync) ? CommitAsync((SealedBatch)args![0]!, (CancellationToken)args[1]!) : targetMethod.Invoke(_store, args);

    private async Task<CommitResult> CommitAsync(SealedBatch batch, CancellationToken cancellationToken)
    {
        _come.Writer.TryWrite(batch.Entries.Count);
        await _goOn.Reader.ReadAsync(cancellationToken);
        return await _store!.CommitAsync(batch, cancellationToken);
    }
}
