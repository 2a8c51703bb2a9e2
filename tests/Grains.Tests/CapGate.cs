using System.Reflection;
using Gongji.Storage;

namespace Gongji.Grains.Tests;

/// <summary>A store that can be told to keep whoever sets a region's cap waiting, and then to fail; it does all else.</summary>
public class CapGate : DispatchProxy
{
    private object? _behind;
    private CapGate? _escrow;
    private TaskCompletionSource? _come;
    private TaskCompletionSource? _failing;

    public ILedgerStore Store => (ILedgerStore)(object)this;

    public static CapGate Around(ILedgerStore store)
    {
        CapGate self = (CapGate)(object)Create<ILedgerStore, CapGate>();
        CapGate escrow = (CapGate)(object)Create<IEscrowStore, CapGate>();
        (self._behind, self._escrow, escrow._behind) = (store, escrow, store.Escrow);
        return self;
    }

    /// <summary>Keeps the next one waiting; completes when it has come.</summary>
    public Task HoldNextAsync()
    {
        _escrow!._failing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _escrow._come = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _escrow._come.Task;
    }

    /// <summary>Lets it fail.</summary>
    public void Fail() => _escrow!._failing!.SetException(new StoreUnavailableException("Refused by a test."));

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (_escrow is not null && targetMethod!.Name == "get_" + nameof(ILedgerStore.Escrow))
        {
            return _escrow;
        }

        if (targetMethod!.Name == nameof(IEscrowStore.SetCapAsync) && Interlocked.Exchange(ref _come, null) is { } come)
        {
            come.SetResult();
            return _failing!.Task;
        }

        return targetMethod.Invoke(_behind, args);
    }
}
